"""Upgrade: what of a mesh repository another version of Meshform makes otherwise: schemas, locks, documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reconciler.scaffold.repository import edited, generated
from reconciler.spec.language.changes import LanguageChange, changes
from reconciler.spec.language.json_schema import schemas
from reconciler.spec.language.moved import Moved, renewed
from reconciler.spec.yaml.source import Source, folder_sources

SCHEMAS = "schemas"
LOCK = "requirements.lock"


@dataclass(frozen=True, slots=True)
class Upgrade:
    """`language` is None where the repository has no schemas to compare with. `files`: new content by path, `moved`
    what had moved in a document. `left` are files that people may have edited and that this version makes otherwise.
    """

    language: tuple[LanguageChange, ...] | None
    files: dict[str, str]
    moved: dict[str, tuple[Moved, ...]]
    left: tuple[str, ...]


def upgrade(repository: Path, mesh: str, requirement: str | None, *, workflows: bool = False) -> Upgrade:
    """What would change in the repository whose mesh is the folder `mesh` in it. Nothing is written.

    `requirement` says where this Meshform comes from (None: not known). `workflows`: those and the Makefile, too.
    """
    old = {path.name: json.loads(path.read_text("utf-8")) for path in (repository / SCHEMAS).glob("*.schema.json")}
    files: dict[str, str] = {}
    moved: dict[str, tuple[Moved, ...]] = {}
    for source in folder_sources(repository / mesh):
        if isinstance(source, Source):
            text = source.content.decode("utf-8", "surrogateescape")
            made, found = renewed(text)
            if found:
                files[f"{mesh}/{source.path}"] = made
                moved[f"{mesh}/{source.path}"] = found
    made_again = {**generated(), **({"requirements.txt": requirement} if requirement else {})}
    if not old:
        made_again = {path: text for path, text in made_again.items() if not path.startswith(f"{SCHEMAS}/")}
    stale = dict(_stale(repository, made_again, new=bool(old)))
    theirs = dict(_stale(repository, edited(), new=False))
    return Upgrade(
        changes(old, schemas()) if old else None,
        {**files, **stale, **(theirs if workflows else {})},
        moved,
        () if workflows else tuple(theirs),
    )


def _stale(repository: Path, made: dict[str, str], *, new: bool) -> Iterator[tuple[str, str]]:
    """Files that are not as they are made; `new`: also schemas that are not there yet."""
    for path, text in made.items():
        file = repository / path
        if file.is_file():
            if file.read_text("utf-8") != text:
                yield path, text
        elif new and path.startswith(f"{SCHEMAS}/"):
            yield path, text
