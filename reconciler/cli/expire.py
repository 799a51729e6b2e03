"""expire: find what is past its last day, and propose to remove it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.options import author_option, base_option, common, mesh_option, valid_mesh_of
from reconciler.cli.proposing import propose_all, propose_removal
from reconciler.errors import MeshformError

if TYPE_CHECKING:
    from datetime import date

    from reconciler.expiry import Expiry
    from reconciler.spec.documents.subscription import Subscription
    from reconciler.spec.mesh import Mesh
    from reconciler.spec.retiring import Thing


@click.command(epilog="Example: meshform expire --days 30 --propose")
@mesh_option
@click.option("--days", default=30, show_default=True, metavar="N", help="Warn of what ends within so many days.")
@click.option("--propose", is_flag=True, help="Open a pull request that removes them, and an issue that warns.")
@base_option
@author_option
@common
def command(folder: str, days: int, propose: bool, base: str, author: str | None, quiet: bool, verbose: int) -> None:
    """Say which subscriptions, exceptions and suspensions are past their last day, which end soon, and which run beyond
    the term of what they read; and which products, tables and columns retire. Exits with 2 if any has ended, unless it
    is proposed.

    With its last day a subscription ends: the next apply takes its access away. Removing the document tidies up. What
    retires is there until the pull request that removes it is merged; there is one for each.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.expiry import expiry, to_be_ended
    from reconciler.report.expiry import expiry_text
    from reconciler.report.retiring import retiring_text
    from reconciler.spec.retiring import retiring_within
    from reconciler.spec.today import today

    mesh = valid_mesh_of(pipeline.load_folder(folder, is_standing=True))
    found, to_end = expiry(mesh, today(), days), [*to_be_ended(mesh, today(), days)]
    over, soon = retiring_within(mesh, today(), days)
    if not quiet:
        show.lines([*expiry_text(found, days, to_end), *retiring_text(over, soon, days)])
    if propose:
        _warn(folder, found, author)
        _propose(mesh, folder, found, base)
        _propose_ends(mesh, folder, to_end, base)
        for each in over:
            _propose_removal(mesh, folder, each, base)
    elif found.ended or over:
        raise click.exceptions.Exit(2)


def _propose(mesh: Mesh, folder: str, found: Expiry, base: str) -> None:
    """A pull request that removes what has ended."""
    from reconciler.report.expiry import removal_markdown, removal_title

    if found.ended:
        branch = f"meshform/expire-{folder.strip('/').replace('/', '-')}"
        title, body = removal_title(found.ended), removal_markdown(found.ended)
        propose_removal(mesh, folder, found.ended, base, branch, title, body)


def _propose_ends(mesh: Mesh, folder: str, to_end: Collection[tuple[Subscription, date]], base: str) -> None:
    """A pull request that gives an end to what runs beyond a term."""
    from reconciler.owners.documents import path_in_mesh
    from reconciler.report.expiry import ending_markdown
    from reconciler.spec.yaml.edit import with_field
    from reconciler.spec.yaml.source import text_of

    files: dict[str, str] = {}
    for each, last in to_end:
        text = with_field(text_of(each.origin.file), "expires", str(last))
        if text is not None:
            files[path_in_mesh(mesh, each)] = text
    if files:
        branch = f"meshform/terms-{folder.strip('/').replace('/', '-')}"
        title = f"Give {len(files)} subscription{'s' if len(files) != 1 else ''} an end within the term of what is read"
        propose_all(folder, files, base, branch, title, ending_markdown(to_end))


def _propose_removal(mesh: Mesh, folder: str, thing: Thing, base: str) -> None:
    """A pull request that removes what retires, unless something else hangs on it: that is told, and left."""
    from reconciler import pipeline
    from reconciler.making.removing import removed
    from reconciler.report.retiring import removal_markdown, removal_title

    try:
        edits = removed(mesh, thing)
        after = valid_mesh_of(pipeline.load_folder(folder, is_standing=True, instead=edits.files))
    except MeshformError as error:
        show.note(f"{thing.name} is not proposed to be removed: {error}")
        return
    branch = f"meshform/remove-{thing.name.replace('.', '-')}"
    body = removal_markdown(thing, edits.told)
    propose_all(folder, edits.files, base, branch, removal_title(thing), body, after=after)


def _warn(folder: str, found: Expiry, author: str | None) -> None:
    """An issue that warns while anything ends soon."""
    from reconciler.forge.here import forge
    from reconciler.report.expiry import warning_markdown, warning_title

    marker = f"<!-- meshform expiry of {folder.strip('/')} -->"
    if found.soon:
        body = warning_markdown(marker, found.soon)
        posted = forge().upsert_issue(marker, warning_title(found.soon), body, author)
    else:
        posted = forge().close_issue(marker, "Nothing ends soon any more.", author)
    if posted.url:
        show.lines([f"{posted.action.capitalize()} {posted.url}"])
