"""Documents that a command writes or removes for somebody: checked, told by what it does, and proposed."""

from __future__ import annotations

from pathlib import Path
from posixpath import normpath
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.options import valid_mesh_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.spec.documents.base import Document
    from reconciler.spec.mesh import Mesh


def written(folder: str, path: str, text: str | None, before: Mesh, *, quiet: bool, is_standing: bool = False) -> Mesh:
    """Write a document of a mesh (None: remove it) and say what that opens and closes; the mesh as it is then.

    Where that is no mesh, everything is as it was. `is_standing`: what a day or a policy has made wrong of other
    documents does not count against this one. Raises InvalidMesh.
    """
    from reconciler import pipeline
    from reconciler.report.access_text import difference_text

    file = Path(folder) / path
    was = file.read_bytes() if file.is_file() else None
    absent = [each for each in file.parents if not each.exists()]
    _put(file, text.encode() if text is not None else None)
    try:
        after: Mesh = valid_mesh_of(pipeline.load_folder(folder, is_standing=is_standing))
    except BaseException:
        _put(file, was)
        for each in absent if was is None else ():
            each.rmdir()
        raise
    if not quiet:
        click.echo(f"{'Removed' if text is None else 'Wrote' if was is None else 'Changed'} {file}.", err=True)
    asked = pipeline.review(after, base=before, base_name="now").asked_access
    assert asked is not None, "there is a base"
    show.lines(difference_text(asked))
    return after


def _put(file: Path, content: bytes | None) -> None:
    if content is None:
        file.unlink()
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def say_who_approves(before: Mesh, after: Mesh) -> None:
    """Whom a change of documents needs, a line for each document and reason."""
    from reconciler.owners.approval import demands

    for demand in demands(before, after):
        whom = f"{demand.who} must approve it" if demand.who else "Nobody has to approve it"
        click.echo(f"{whom}: {demand.why}.")


def propose(folder: str, path: str, text: str, base: str, branch: str, title: str, body: str) -> None:
    """Open, or bring up to date, the pull request with a document."""
    from reconciler import pipeline
    from reconciler.forge.here import forge

    place = pipeline.folder_in_repository(folder)
    url, new = forge().propose(base, branch, {normpath(f"{place}/{path}"): text}, title, body)
    click.echo(f"{'Opened' if new else 'Updated'} {url}")


def propose_removal(
    mesh: Mesh, folder: str, gone: Sequence[Document], base: str, branch: str, title: str, body: str
) -> None:
    """Open, or bring up to date, the pull request that removes documents, and their lines from CODEOWNERS."""
    from reconciler import pipeline
    from reconciler.expiry import without
    from reconciler.forge.git import top
    from reconciler.forge.here import forge
    from reconciler.owners.codeowners import codeowners, known_handles
    from reconciler.owners.documents import path_in_mesh
    from reconciler.owners.resolve import PLACES

    place = pipeline.folder_in_repository(folder)
    files: dict[str, str | None] = {normpath(f"{place}/{path_in_mesh(mesh, each)}"): None for each in gone}
    file = top() / PLACES[0]
    handles = known_handles(file.read_text(encoding="utf-8")) if file.is_file() else None
    if handles is not None:
        files[PLACES[0]] = codeowners(without(mesh, gone), place, handles)
    url, new = forge().propose(base, branch, files, title, body)
    click.echo(f"{'Opened' if new else 'Updated'} {url}")
