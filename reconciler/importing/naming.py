"""Names for what was found: from the evidence, or from what people say; two alike are numbered in sorted order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.errors import MeshformError
from reconciler.spec.yaml.parse import EMPTY, parse
from reconciler.spec.yaml.source import Source
from reconciler.whole_file import read_file

_LONGEST = 50
_UNFIT = re.compile(r"[^a-z0-9]+")
_FIT = re.compile(r"^[a-z0-9][a-z0-9-]{0,49}$")
_SORTS = (
    "account",
    "adopted",
    "consumer",
    "database",
    "domain",
    "location",
    "organization",
    "principal",
    "table",
    "tag",
)


def text_of(path: Path) -> str:
    """The text of a file of people's. Raises MeshformError where it is none, OSError where it cannot be read."""
    try:
        return read_file(path).decode()
    except UnicodeDecodeError as error:
        raise MeshformError(f"{path} is no text in UTF-8.") from error


def given_names(text: str, file: str) -> Mapping[str, str]:
    """The names in a file of people's: `account 111111111111: sales`. Raises MeshformError for anything else."""
    read, place, findings = parse(Source(file, text.encode()))
    if findings and findings[0].rule != EMPTY.id:
        told = (f"{each.origin}: {each.message}" for each in findings)
        raise MeshformError(f"{file} cannot be read as YAML that gives names:", hints=told)
    read, wrong = read or {}, [file]
    if isinstance(read, dict):
        bad = [what for what, name in read.items() if not _is_given(what, name)]
        wrong = [f"{what} (line {place.at(what).line})" if place else what for what in bad]
    if wrong:
        raise MeshformError(
            f"{file} gives names as `account 111111111111: sales`, one a line: a sort ({', '.join(_SORTS)}), what it "
            f"is called in AWS, and the name, in lower-case letters, digits and hyphens. Not so: "
            f"{', '.join(wrong[:3])}."
        )
    assert isinstance(read, dict), "anything else is wrong"
    return {what: str(name) for what, name in read.items()}


def _is_given(what: object, name: object) -> bool:
    sort, _, rest = str(what).partition(" ")
    return sort in _SORTS and bool(rest) and isinstance(name, str) and _FIT.match(name) is not None


def slug(text: str) -> str:
    """A text as a name of the mesh language: lower case, digits and hyphens; `x` where nothing is left."""
    return _UNFIT.sub("-", text.lower()).strip("-")[:_LONGEST].rstrip("-") or "x"


def _sort(what: str) -> str:
    """Things of one sort have different names: a location becomes a domain."""
    sort = what.partition(" ")[0]
    return "domain" if sort == "location" else sort


@dataclass(slots=True)
class Names:
    """Names that are given once for each sort of thing; the first word of `what` is the sort.

    `given` are those that people chose, by what they name.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    _taken: set[tuple[str, str]] = field(default_factory=set)
    _known: dict[str, str] = field(default_factory=dict)

    def reserve(self, sort: str, names: Iterable[str]) -> None:
        """Names that documents have already, of things that are told apart by nothing else."""
        self._taken.update((f"{sort} ", name) for name in names)

    def chosen(self, what: str) -> str | None:
        """The name that people chose for something; None where they chose none."""
        name = self.given.get(what)
        if name is not None:
            self._known.setdefault(what, name)
        return name

    @property
    def unused(self) -> tuple[str, ...]:
        """What people named and nobody asked for: it was not found."""
        return tuple(sorted(self.given.keys() - self._known.keys()))

    def taken(self, what: str, hint: str, *, made: bool = False, within: str = "") -> str:
        """The name of something: as people say, as before, or after the hint, with a number where that is taken.

        What a mesh has `made` has its name in AWS, and people do not give it another one here. `within`: where no two
        have the same name, if not in the mesh as a whole.
        """
        if what not in self._known:
            sort, wanted = f"{_sort(what)} {within}", (None if made else self.given.get(what)) or slug(hint)
            name, number = wanted, 1
            while (sort, name) in self._taken:
                number += 1
                name = f"{wanted[: _LONGEST - len(str(number)) - 1]}-{number}"
            self._taken.add((sort, name))
            self._known[what] = name
        return self._known[what]
