"""expire: find subscriptions past their last day, and propose to remove them."""

from __future__ import annotations

from posixpath import normpath
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.options import common, mesh_option, valid_mesh_of

if TYPE_CHECKING:
    from reconciler.expiry import Expiry
    from reconciler.spec.mesh import Mesh


@click.command(epilog="Example: meshform expire --days 30 --propose")
@mesh_option
@click.option("--days", default=30, show_default=True, metavar="N", help="Warn of what ends within so many days.")
@click.option("--propose", is_flag=True, help="Open a pull request that removes them, and an issue that warns.")
@click.option("--base", default="main", show_default=True, metavar="BRANCH", help="Where the pull request leads to.")
@click.option("--author", default="github-actions[bot]", show_default=True, help="Whom the token belongs to.")
@common
def command(folder: str, days: int, propose: bool, base: str, author: str, quiet: bool, verbose: int) -> None:
    """Say which subscriptions have ended and which end soon. Exits with 2 if any has ended, unless it is proposed.

    With its last day a subscription ends: the next apply takes its access away. Removing the document tidies up.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.expiry import expiry
    from reconciler.report.expiry import expiry_text
    from reconciler.spec.today import today

    mesh = valid_mesh_of(pipeline.load_folder(folder))
    found = expiry(mesh, today(), days)
    if not quiet:
        show.lines(expiry_text(found, days))
    if propose:
        _warn(folder, found, author)
        _propose(mesh, folder, found, base)
    elif found.ended:
        raise click.exceptions.Exit(2)


def _propose(mesh: Mesh, folder: str, found: Expiry, base: str) -> None:
    """A pull request that removes what has ended, and its lines from CODEOWNERS."""
    from reconciler import pipeline
    from reconciler.expiry import without
    from reconciler.forge.git import top
    from reconciler.forge.here import forge
    from reconciler.owners.codeowners import codeowners, known_handles
    from reconciler.owners.documents import path_in_mesh
    from reconciler.owners.resolve import PLACES
    from reconciler.report.expiry import removal_markdown

    if not found.ended:
        return
    place = pipeline.folder_in_repository(folder)
    files: dict[str, str | None] = {normpath(f"{place}/{path_in_mesh(mesh, each)}"): None for each in found.ended}
    file = top() / PLACES[0]
    handles = known_handles(file.read_text(encoding="utf-8")) if file.is_file() else None
    if handles is not None:
        files[PLACES[0]] = codeowners(without(mesh, found.ended), place, handles)
    count = len(found.ended)
    title = f"Remove {count} subscription{'s' if count != 1 else ''} past {'their' if count != 1 else 'its'} last day"
    branch = f"meshform/expire-{folder.strip('/').replace('/', '-')}"
    url, new = forge().propose(base, branch, files, title, removal_markdown(found.ended))
    click.echo(f"{'Opened' if new else 'Updated'} {url}")


def _warn(folder: str, found: Expiry, author: str) -> None:
    """An issue that warns while anything ends soon."""
    from reconciler.forge.here import forge
    from reconciler.report.expiry import warning_markdown

    marker = f"<!-- meshform expiry of {folder.strip('/')} -->"
    if found.soon:
        posted = forge().upsert_issue(marker, "Subscriptions end soon", warning_markdown(marker, found.soon), author)
    else:
        posted = forge().close_issue(marker, "No subscription ends soon any more.", author)
    if posted.url:
        click.echo(f"{posted.action.capitalize()} {posted.url}")
