"""suspend: take somebody's access away, whatever gives it."""

from __future__ import annotations

import getpass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.day import Day
from reconciler.cli.options import base_option, common, mesh_option, valid_mesh_of
from reconciler.cli.proposing import propose as propose_document
from reconciler.cli.proposing import written
from reconciler.cli.signed_in import signed_in
from reconciler.errors import MeshformError

if TYPE_CHECKING:
    from reconciler.spec.mesh import Mesh


@click.command(epilog='Example: meshform suspend analytics-coe/data-scientist --why "Key found in public" --now')
@click.argument("who", metavar="WHO")
@mesh_option
@click.option("--why", required=True, metavar="TEXT", help="The reason; it stands in the document and in the journal.")
@click.option("--by", metavar="NAME", help="Who suspends. Default: your name on this machine.")
@click.option("--until", type=Day(), metavar="DATE", help="Last day. Default: until lifted.")
@click.option("--ticket", metavar="TEXT", help="Where the incident is recorded.")
@click.option("--now", is_flag=True, help="Besides, take the access away in AWS at once. Nothing else is changed.")
@click.option("--propose", is_flag=True, help="Open the pull request with the document.")
@base_option
@common
def command(
    who: str,
    folder: str,
    why: str,
    by: str | None,
    until: datetime | None,
    ticket: str | None,
    now: bool,
    propose: bool,
    base: str,
    quiet: bool,
    verbose: int,
) -> None:
    """Write the document that suspends WHO: a consumer/principal, an ARN, a consumer, a product, a subscription, or an
    LF-tag as TAG=VALUE.

    Merging it takes the access away and keeps it away. With --now the access is taken away at once, under the lock of
    apply and with its journal. Merge the document soon: until then the gate reopens-access keeps pull requests from
    giving it back, and an apply without --base, by somebody whose mesh lacks the document, gives it back: its plan says
    to whom.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.spec.today import today
    from reconciler.suspending import suspended

    before = valid_mesh_of(pipeline.load_folder(folder, is_standing=True))
    last: date | None = until.date() if until else None
    if last is not None and last < today():
        raise MeshformError(f"The last day of the suspension, {last}, is over already.")
    document = suspended(before, who, why, by or getpass.getuser(), today(), last, ticket)
    after = written(folder, document.path, document.text, before, quiet=quiet, is_standing=True)
    if now:
        _take_away(folder, document.path, after, quiet=quiet)
    if propose:
        body = "Suspended by hand. Merging this keeps the access away; see the document for the reason."
        branch, title = f"meshform/suspend-{document.name}", f"Suspend {document.name}"
        propose_document(folder, document.path, document.text, base, branch, title, body)
    elif not quiet:
        show.hint(f"commit {Path(folder) / document.path} and have it merged, so that it stays so")


def _take_away(folder: str, path: str, mesh: Mesh, *, quiet: bool) -> None:
    """Carry out what the document at a path asks for, and nothing else of the plan."""
    from reconciler import closing, pipeline
    from reconciler.forge.here import job
    from reconciler.owners.documents import path_in_mesh
    from reconciler.report.run import run_text

    every = {path_in_mesh(mesh, each) for each in mesh.suspensions.values()}
    named, without = (
        valid_mesh_of(pipeline.load_folder(folder, is_standing=True, instead=dict.fromkeys(gone)))
        for gone in (every - {path}, every)
    )
    sessions = signed_in(mesh, writes=True)
    with show.progress("Reading AWS", quiet=quiet) as say:
        closed = closing.close(mesh, named, without, sessions, job(folder), say)
    ended = closed.result
    show.lines(run_text(closed.run, ended.journal, ended.troubles, ended.announced))
    if closed.error is not None:
        raise closed.error
