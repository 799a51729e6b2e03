"""What the commands share that read evidence: the main line of the mesh, and where its journal lies."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli import show
from reconciler.cli.signed_in import signed_in, signed_in_to_keep
from reconciler.errors import MeshformError

if TYPE_CHECKING:
    from reconciler.aws.evidence_store import EvidenceStore
    from reconciler.aws.signing import SigningKey
    from reconciler.history.recorded import Line
    from reconciler.spec.mesh import Mesh


def index_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """--index FILE: where the index is kept."""
    return click.option(
        "--index",
        metavar="FILE",
        default=".meshform/history.sqlite",
        show_default=True,
        help="Where the index of the history is kept; it is made anew where it is gone.",
    )(command)


def line_and_store(folder: str, ref: str | None, *, quiet: bool) -> tuple[Line, EvidenceStore, str]:
    """The main line of a mesh, where its journal lies, and how the journal names its folder."""
    from reconciler.history.recorded import line_of

    line = line_of(folder, ref)
    if line.is_shallow and not quiet:
        show.note(
            "warning: this clone is shallow, so what was asked before it begins is not told. "
            "`git fetch --unshallow` brings it; in GitHub Actions `fetch-depth: 0`."
        )
    mesh = last_mesh(folder, line)
    return line, store_of(mesh), folder


def last_mesh(folder: str, line: Line) -> Mesh:
    """The mesh of the folder; where it is gone or has errors, the last one of the main line that has none."""
    from reconciler import pipeline
    from reconciler.history.commits import line as commits_of

    loaded = pipeline.load_folder(folder)
    if loaded.mesh is not None:
        return loaded.mesh
    for commit in commits_of(line.top, line.ref)[:100]:
        mesh = pipeline.load_commit(folder, commit).mesh
        if mesh is not None:
            return mesh
    raise MeshformError(f"Neither {folder} nor the last 100 commits of {line.ref} have a valid mesh.")


def key_of(mesh: Mesh) -> SigningKey | None:
    """What has signed the evidence of a mesh, asked as the plan role, which may not sign itself."""
    from reconciler.aws.signing import signing_key

    sessions = signed_in(mesh, writes=False) if mesh.settings.journal.signing_key is not None else None
    return signing_key(mesh, sessions)


def store_of(mesh: Mesh) -> EvidenceStore:
    """Where the evidence of a mesh lies, read as the plan role."""
    from reconciler.aws.evidence_store import evidence_store

    sessions = signed_in(mesh, writes=False) if mesh.settings.journal.bucket is not None else None
    return evidence_store(mesh, sessions)


def to_keep(mesh: Mesh) -> tuple[EvidenceStore, SigningKey | None]:
    """Where the evidence of a mesh is added to, and what signs it, both as the role that keeps it."""
    from reconciler.aws.evidence_store import evidence_store
    from reconciler.aws.signing import signing_key

    where = mesh.settings.journal
    in_aws = where.bucket is not None or where.signing_key is not None
    sessions = signed_in_to_keep(mesh, signed_in(mesh, writes=False)) if in_aws else None
    return evidence_store(mesh, sessions), signing_key(mesh, sessions)
