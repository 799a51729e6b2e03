"""recertify: ask owners whether subscriptions are still needed, and take down their answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.options import author_option, base_option, common, mesh_option, valid_mesh_of
from reconciler.cli.proposing import propose_removal
from reconciler.cli.using import records_option, used_option
from reconciler.errors import MeshformError

if TYPE_CHECKING:
    from reconciler.forge.protocol import PostedIssue
    from reconciler.recertification import Asked, Round
    from reconciler.spec.mesh import Mesh


@click.command(epilog="Example: meshform recertify --confirm credit-risk-model --by consumer-banking-stewards")
@mesh_option
@click.option("--propose", is_flag=True, help="Ask each owner by an issue; after the last day, propose to remove.")
@click.option(
    "--confirm", "confirmed", multiple=True, metavar="NAME", help="Write that a subscription is still needed."
)
@click.option("--by", metavar="OWNER", help="Who confirms.")
@used_option
@records_option
@base_option
@author_option
@common
def command(
    folder: str,
    propose: bool,
    confirmed: tuple[str, ...],
    by: str | None,
    used: bool,
    records: tuple[Path, ...],
    base: str,
    author: str | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Say which subscriptions nobody has confirmed in the round that runs (`recertification` in mesh.yaml).

    With --propose every owner gets one issue with what is read of his data; it is closed when all is answered. What is
    not confirmed on the last day for answers is proposed to be removed. Nothing is removed without that pull request.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.aws.use_history import now
    from reconciler.cli.using import used_subscriptions
    from reconciler.recertification import current_round, unanswered
    from reconciler.report.recertification import recertification_text
    from reconciler.spec.today import today

    mesh, day = valid_mesh_of(pipeline.load_folder(folder, is_standing=True)), today()
    if confirmed:
        _confirm(mesh, folder, confirmed, by, day)
        return
    held = current_round(mesh, day)
    last = used_subscriptions(mesh, records, now(), quiet=quiet) if held and (used or records) else {}
    asked = [*unanswered(mesh, held, day, _written(mesh, folder), last)] if held else []
    if not quiet:
        show.lines(recertification_text(held, asked, day))
    if propose:
        _ask(mesh, folder, held, asked, day, base, author)


def _written(mesh: Mesh, folder: str) -> Mapping[str, date]:
    """Since when the subscriptions are there, by name, as far as git knows."""
    from reconciler.forge.git import added
    from reconciler.owners.documents import path_in_mesh

    known = added(Path(folder))
    paths = {name: path_in_mesh(mesh, each) for name, each in mesh.written.items()}
    return {name: known[path] for name, path in paths.items() if path in known}


def _ask(
    mesh: Mesh, folder: str, held: Round | None, asked: list[Asked], day: date, base: str, author: str | None
) -> None:
    """One issue for each owner who has yet to answer; those of all others are closed. Silence becomes a proposal."""
    from reconciler.forge.here import forge
    from reconciler.report.recertification import (
        body,
        branch_part,
        marker,
        prefix,
        removal_markdown,
        removal_title,
        title,
    )

    by_owner: dict[str, list[Asked]] = {}
    for each in asked:
        for owner in each.owners:
            by_owner.setdefault(owner, []).append(each)
    markers = {marker(folder, owner) for owner in by_owner}
    for old in forge().open_issues(prefix(folder), author):
        if old not in markers:
            _told(forge().close_issue(old, "All is answered.", author))
    proposed: set[str] = set()
    for owner, theirs in sorted(by_owner.items()):
        assert held is not None, "who is asked is asked in a round"
        text = body(mesh, folder, owner, theirs, held, day)
        _told(forge().upsert_issue(marker(folder, owner), title(mesh, owner, len(theirs), held), text, author))
        # What several have to confirm is proposed once.
        left = [each for each in theirs if each.subscription.name not in proposed]
        if day > held.answers_until and left:
            proposed |= {each.subscription.name for each in left}
            branch = f"meshform/recertify-{folder.strip('/').replace('/', '-')}-{branch_part(owner)}"
            gone = [each.subscription for each in left]
            said = removal_markdown(owner, left, held)
            propose_removal(mesh, folder, gone, base, branch, removal_title(owner, len(left)), said)


def _told(posted: PostedIssue) -> None:
    if posted.url:
        click.echo(f"{posted.action.capitalize()} {posted.url}")


def _confirm(mesh: Mesh, folder: str, names: tuple[str, ...], by: str | None, day: date) -> None:
    """Write into documents who confirms them, today. All of them, or none."""
    from reconciler.owners.documents import path_in_mesh
    from reconciler.report.recertification import answer
    from reconciler.spec.suggest import did_you_mean
    from reconciler.spec.yaml.edit import with_field
    from reconciler.spec.yaml.source import text_of

    if by is None:
        raise click.UsageError("Say who confirms: --by OWNER.")
    made: dict[Path, str] = {}
    for name in names:
        document = mesh.written.get(name)
        if document is None:
            raise MeshformError(f"There is no subscription {name}{did_you_mean(name, mesh.written)}.")
        text = with_field(text_of(document.origin.file), "confirmed", answer(by, day))
        if text is None:
            raise MeshformError(f"{document.origin.file} cannot be edited by lines; add confirmed: {answer(by, day)}")
        made[Path(folder) / path_in_mesh(mesh, document)] = text
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")
        show.note(f"Wrote {path}.")
