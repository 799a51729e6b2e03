"""Documents that a command writes or removes for somebody: checked, told by what it does, and proposed."""

from __future__ import annotations

from pathlib import Path
from posixpath import normpath
from typing import TYPE_CHECKING

from reconciler.cli import show
from reconciler.cli.answer import forget_answers
from reconciler.cli.options import valid_mesh_of
from reconciler.cli.terminal import width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reconciler.spec.documents.base import Document
    from reconciler.spec.mesh import Mesh


def written(folder: str, path: str, text: str | None, before: Mesh, *, quiet: bool, is_standing: bool = False) -> Mesh:
    """`written_all` for one document."""
    return written_all(folder, {path: text}, before, quiet=quiet, is_standing=is_standing)


def written_all(
    folder: str, files: Mapping[str, str | None], before: Mesh, *, quiet: bool, is_standing: bool = False
) -> Mesh:
    """Write documents of a mesh (None: remove it) and say what that opens and closes; the mesh as it is then.

    All of them or none: nothing is written where that is no mesh. `is_standing`: what a day or a policy has made wrong
    of other documents does not count against these. Raises InvalidMesh, and MeshformError where it cannot be written.
    """
    from reconciler import pipeline
    from reconciler.making.writing import write
    from reconciler.report.table import WIDE
    from reconciler.report.text import first_screen_text

    after: Mesh = valid_mesh_of(pipeline.load_folder(folder, is_standing=is_standing, instead=files))
    done_lines = write(Path(folder), files)
    forget_answers()
    for done in done_lines:
        if not quiet:
            show.note(done)
    reviewed = pipeline.review(after, base=before, base_name="now")
    show.lines(first_screen_text(reviewed, width() or WIDE, ("verdict",)))
    return after


def need_forge(*, is_proposed: bool) -> None:
    """Before anything is written for a pull request: somebody can open it. Raises ForgeError."""
    from reconciler.forge.here import forge

    if is_proposed:
        forge()


def say_who_approves(before: Mesh, after: Mesh) -> None:
    """Whom a change of documents needs, a line for each document and reason."""
    from reconciler.owners.approval import demands

    for demand in demands(before, after):
        whom = f"{demand.who} must approve it" if demand.who else "Nobody has to approve it"
        show.lines([f"{whom}: {demand.why}."])


def propose(
    folder: str, path: str, text: str, base: str, branch: str, title: str, body: str, asked_by: Sequence[str] = ()
) -> None:
    """Open, or bring up to date, the pull request with a document. `asked_by`: for whom a program does it."""
    propose_all(folder, {path: text}, base, branch, title, body, asked_by=asked_by)


def propose_all(
    folder: str,
    files: Mapping[str, str | None],
    base: str,
    branch: str,
    title: str,
    body: str,
    after: Mesh | None = None,
    asked_by: Sequence[str] = (),
) -> None:
    """Open, or bring up to date, the pull request with documents (None: they go). `after`: the mesh by which CODEOWNERS
    is written anew, where the repository has it."""
    from reconciler.forge.git import codeowners_place, top
    from reconciler.forge.here import forge
    from reconciler.forge.protocol import NewProposal
    from reconciler.owners.codeowners import codeowners, known_handles
    from reconciler.spec.yaml.commit import folder_in_repository

    place = folder_in_repository(folder)
    every = {normpath(f"{place}/{path}"): text for path, text in files.items()}
    codeowners_file = codeowners_place()
    file = top() / codeowners_file
    handles = known_handles(file.read_text(encoding="utf-8")) if after is not None and file.is_file() else None
    if after is not None and handles is not None:
        every[codeowners_file] = codeowners(after, place, handles)
    url, new = forge().propose(NewProposal(base, branch, every, title, body, asked_by))
    show.lines([f"{'Opened' if new else 'Updated'} {url}"])


def propose_removal(
    mesh: Mesh, folder: str, gone: Sequence[Document], base: str, branch: str, title: str, body: str
) -> None:
    """Open, or bring up to date, the pull request that removes documents, and their lines from CODEOWNERS."""
    from reconciler.expiry import without
    from reconciler.owners.documents import path_in_mesh

    files = {path_in_mesh(mesh, each): None for each in gone}
    propose_all(folder, files, base, branch, title, body, after=without(mesh, gone))
