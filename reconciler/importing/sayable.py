"""Pages that the mesh language takes: those that it refuses are left out, and what they said is kept in another way."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.importing.evidence import Evidence
from reconciler.importing.page import Page
from reconciler.spec.load import Loaded, load

FOLDER = "mesh"
_MAY_GO = ("Subscription", "Product", "Consumer", "LFTag", "Domain")
"""What a mesh may be without, in the order in which it is given up."""


def loaded(evidence: Evidence, pages: Iterable[Page], like: Loaded | None = None) -> Loaded:
    """The mesh of some pages, and what is wrong with it. Pages that are in `like` are not read again."""
    there = evidence.existing.sources if evidence.existing is not None else ()
    written = [page.source(FOLDER) for page in new(evidence, pages)]
    return load([*there, *written], evidence.basis.today, like=like)


def new(evidence: Evidence, pages: Iterable[Page]) -> list[Page]:
    """The pages of documents that are not there yet: what people have is kept as it is."""
    existing = evidence.existing
    return [page for page in pages if existing is None or not existing.has(page)]


def sayable(evidence: Evidence, pages: Iterable[Page], like: Loaded | None = None) -> tuple[list[Page], Loaded]:
    """The pages without those that have errors, and the mesh that they make; none where others have them."""
    kept = list(pages)
    read = like
    while True:
        read = loaded(evidence, kept, read)
        if read.mesh is not None:
            return kept, read
        wrong = {finding.origin.file for finding in read.findings if finding.severity == "error" and finding.origin}
        bad = {page.path: page.kind for page in kept if f"{FOLDER}/{page.path}" in wrong}
        first = next((kind for kind in _MAY_GO if kind in bad.values()), None)
        if first is None:
            return kept, read
        kept = [page for page in kept if bad.get(page.path) != first]
