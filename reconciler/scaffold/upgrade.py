"""Upgrade: what of a mesh repository another version of Meshform makes otherwise: schemas, locks, documents."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from reconciler.errors import MeshformError
from reconciler.model.plain_json import MISSHAPEN, plain_json
from reconciler.scaffold.repository import LOCKS, edited, generated
from reconciler.spec.language.changes import LanguageChange, changes, fields_of
from reconciler.spec.language.json_schema import Schema, schemas
from reconciler.spec.language.moved import Moved, renewed
from reconciler.spec.yaml.source import Source, folder_sources

SCHEMAS = "schemas"
_MOST_FIELDS = 10_000


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
    old = {path.name: old_schema(path.read_bytes(), str(path)) for path in _schemas(repository)}
    files: dict[str, str] = {}
    moved: dict[str, tuple[Moved, ...]] = {}
    for source in folder_sources(repository / mesh):
        if isinstance(source, Source):
            text = source.content.decode("utf-8", "surrogateescape")
            made, found = renewed(text)
            if found:
                files[f"{mesh}/{source.path}"] = made
                moved[f"{mesh}/{source.path}"] = found
    made_again = {
        path: text
        for path, text in {**generated(), "requirements.txt": requirement}.items()
        if text and (old if path.startswith(f"{SCHEMAS}/") else (repository / LOCKS[0]).is_file())
    }
    stale = {path: text for path, text in made_again.items() if _text(repository / path) != text}
    jobs = {**edited("github"), **edited("gitlab")}
    theirs = {path: text for path, text in jobs.items() if _text(repository / path) not in (text, None)}
    return Upgrade(
        changes(old, schemas()) if old else None,
        {**files, **stale, **(theirs if workflows else {})},
        moved,
        () if workflows else tuple(theirs),
    )


def old_schema(content: bytes, name: str) -> Schema:
    """A schema that an earlier Meshform wrote into the file `name`. Raises MeshformError for anything else."""
    try:
        found: Schema = plain_json(content)
        if sum(1 for _ in islice(fields_of(found), _MOST_FIELDS)) == _MOST_FIELDS:
            raise ValueError("it has too many fields")
    except MISSHAPEN as error:
        raise MeshformError(
            f"{name} is no schema that Meshform wrote: {error}. Delete it; `meshform upgrade` makes it anew."
        ) from error
    return found


def _schemas(repository: Path) -> list[Path]:
    return sorted((repository / SCHEMAS).glob("*.schema.json"))


def _text(file: Path) -> str | None:
    return file.read_text("utf-8") if file.is_file() else None
