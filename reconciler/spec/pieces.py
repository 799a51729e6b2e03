"""Pieces: what follows from few documents is worked out once for all meshes that have the very same ones.

A base shares nearly every document with its head. Beside its documents a piece may go by the frame of the mesh: the
settings, accounts, LF-tags, domains, and what consumers call their links. Meshes with other frames share nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import is_
from typing import TypeVar, cast

from reconciler.spec.documents.base import Document
from reconciler.spec.memo import remembered
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import all_chosen_links

T = TypeVar("T")
D = TypeVar("D", bound=Document)
Documents = tuple[Document, ...]
Known = dict[tuple[object, str], tuple[Documents, tuple[object, ...]]]


def piece(mesh: Mesh, work: Callable[[Mesh, D], Iterable[T]], document: D, *others: Document) -> tuple[T, ...]:
    """What `work` makes of a document; it may look at these documents and at the frame, and at nothing else."""
    documents: Documents = (document, *others)
    known = _known(mesh)
    made = known.get((work, document.name))
    if made is None or not _are_same(made[0], documents):
        made = known[work, document.name] = documents, tuple(work(mesh, document))
    return cast("tuple[T, ...]", made[1])


def share(mesh: Mesh, like: Mesh) -> None:
    """Let a mesh of which nothing was asked yet have the pieces of another one, as far as their documents are one."""
    if _are_same(_frame(mesh), _frame(like)) and all_chosen_links(mesh) == all_chosen_links(like):
        remembered(mesh, piece, lambda: dict(_known(like)))


def _known(mesh: Mesh) -> Known:
    """The pieces so far, by who made them and the name of their document."""
    return remembered(mesh, piece, Known)


def _frame(mesh: Mesh) -> Documents:
    parts: tuple[Mapping[str, Document], ...] = (mesh.accounts, mesh.tags, mesh.domains)
    return mesh.settings, *(each for part in parts for each in part.values())


def _are_same(some: Documents, others: Documents) -> bool:
    """The very same objects: equal ones may stand on other lines."""
    return len(some) == len(others) and all(map(is_, some, others))
