"""unlock: show who holds the lock of apply, or remove it."""

from __future__ import annotations

import click

from reconciler.cli import show
from reconciler.cli.options import common, mesh_of, mesh_option
from reconciler.cli.signed_in import signed_in
from reconciler.errors import MeshformError


@click.command(epilog="Example: meshform unlock 3f9a21c4")
@click.argument("identity", required=False, metavar="[ID]")
@mesh_option
@common
def command(identity: str | None, folder: str, quiet: bool, verbose: int) -> None:
    """Without ID: say who holds the lock. With it: remove that lock, and no other one.

    Only for a run that is dead for certain. A living one notices that its lock is gone, and stops.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.aws.lock import Lock
    from reconciler.report.plain import plain

    mesh = mesh_of(pipeline.load_folder(folder), quiet=quiet)
    if mesh.settings.lock is None:
        raise MeshformError("This mesh has no lock.", hints=("`lock` in mesh.yaml says where one should live",))
    lock = Lock(mesh, signed_in(mesh, writes=True))
    held = lock.holder()
    if held is None:
        show.lines(["Nobody holds the lock."])
        return
    holder, tag = held
    if identity is None:
        show.lines([plain(f"The lock {lock} is held by {holder}.")])
        return
    if identity != holder.id:
        raise MeshformError(plain(f"The lock {lock} is not {identity}: it is held by {holder}."))
    if not lock.release(tag):
        raise MeshformError("The lock changed at this very moment: its holder lives. It was not removed.")
    show.lines([plain(f"Removed the lock of {holder}.")])
