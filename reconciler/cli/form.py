"""form: open the pull request that an issue asks for by its form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.options import author_option, base_option, common, mesh_option, valid_mesh_of
from reconciler.errors import MeshformError

if TYPE_CHECKING:
    from reconciler.catalog.asking import Asked
    from reconciler.forge.protocol import Issue
    from reconciler.spec.mesh import Mesh

_MARK = "<!-- meshform form -->"


@click.command(epilog="Example: meshform form   (in the workflow `request`, set off by an issue)")
@mesh_option
@base_option
@author_option
@common
def command(folder: str, base: str, author: str | None, quiet: bool, verbose: int) -> None:
    """Open the pull request for the data that the form of an issue asks for, and say so below the issue.

    A wrong answer is told there with the reason, and asked again: whoever edits the issue is heard anew. What people
    wrote is data: it becomes a document, which is checked, and nothing of it is run.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.cli.proposing import propose
    from reconciler.forge.here import forge
    from reconciler.report.form import refused_text, taken_text
    from reconciler.report.markdown import inline

    here = forge()
    issue = here.issue()
    before = valid_mesh_of(pipeline.load_folder(folder, is_standing=True))
    try:
        document = _asked(before, issue)
        after = _after(folder, document)
    except MeshformError as error:
        text = refused_text(issue, str(error))
    else:
        title = f"Request {document.name} (#{issue.number})"
        body = f"Asked for by {inline(issue.author)} by the form of #{issue.number}.\n\nCloses #{issue.number}"
        branch = f"meshform/issue-{issue.number}"
        propose(folder, document.path, document.text, base, branch, title, body, issue.asked_by)
        text = taken_text(issue, before, after, document.text)
    posted = here.answer_issue(issue, _MARK, lambda _: f"{_MARK}\n{text}", author)
    if not quiet:
        show.note(f"Told {posted.url}")


def _asked(mesh: Mesh, issue: Issue) -> Asked:
    """The document that the form asks for. Raises MeshformError for a wrong answer."""
    from reconciler.catalog.asking import Wish, asked, product_of, purpose, readers_of
    from reconciler.catalog.form import form_answers
    from reconciler.cli.answer import last_day

    said: Mapping[str, str] = form_answers(issue.body)
    if not said["product"] or not said["readers"]:
        raise MeshformError("Say which product, and who reads.")
    consumer, principals = readers_of(mesh, _split(said["readers"]))
    wish = Wish(
        product_of(mesh, said["product"]),
        consumer,
        principals,
        purpose(said["why"]),
        last_day(said["until"]) if said["until"] else None,
        said["up_to"] or None,
        tuple(_split(said["columns"])),
        said["rows"] or None,
    )
    return asked(mesh, wish)


def _after(folder: str, document: Asked) -> Mesh:
    """The mesh with the document. Raises MeshformError with what is wrong with it; what was wrong before is not his."""
    from reconciler import pipeline

    files = {document.path: document.text}
    known = set(pipeline.load_folder(folder).findings)
    found = (each for each in pipeline.load_folder(folder, instead=files).findings if each not in known)
    wrong = [finding.message for finding in found if finding.severity == "error"]
    after = pipeline.load_folder(folder, is_standing=True, instead=files).mesh
    if wrong or after is None:
        raise MeshformError("\n".join(wrong) or "That makes no valid mesh.")
    return after


def _split(said: str) -> list[str]:
    return [part.strip() for part in said.split(",") if part.strip()]
