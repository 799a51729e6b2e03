"""Report: rows under headings, what they are about, and which part of the mesh was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.history.event import Event
from reconciler.usage import LastRead

Row = Mapping[str, Any]
LastUsed = Callable[[str, str, str], LastRead]
"""Of a principal, a database and a table: when he last read it."""


@dataclass(frozen=True, slots=True)
class Report:
    """`about` are lines that say of which state and which part of the mesh it is. Every row has the same headings."""

    name: str
    title: str
    about: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a mesh that is asked for: what is empty chooses everything."""

    domain: str = ""
    consumer: str = ""
    label: str = ""

    def has(self, row: Row) -> bool:
        """Whether a row belongs to it. A row of a report that does not tell of such a thing does."""
        return all(name not in row or value in str(row[name]).split(", ") for name, value in self._wanted())

    @property
    def words(self) -> str:
        """For people."""
        return ", ".join(f"{name} {value}" for name, value in self._wanted()) or "the whole mesh"

    def _wanted(self) -> Iterator[tuple[str, str]]:
        named = (("domain", self.domain), ("consumer", self.consumer), ("label", self.label))
        return ((name, value) for name, value in named if value)


def report(
    name: str, title: str, about: Iterable[str], headings: Iterable[str], rows: Iterable[Row], part: Part
) -> Report:
    """A report of the rows that belong to the part."""
    chosen = tuple(row for row in rows if part.has(row))
    return Report(name, title, (*about, f"Of {part.words}."), tuple(headings), chosen)


@dataclass(frozen=True, slots=True)
class Provenance:
    """By which pull request a document came to be as it is, who approved that, and when it was applied."""

    events: Mapping[str, Event]

    def of(self, kind: str, name: str) -> dict[str, str]:
        """The columns of a report that say it; empty where git and the journal do not know."""
        event = self.events.get(f"{kind} {name}")
        if event is None:
            return dict.fromkeys(PROVENANCE, "")
        return {
            "pull_request": f"#{event.pull_request}" if event.pull_request else "",
            "commit": event.commit[:12],
            "approver": ", ".join(event.approved_by),
            "applied": event.applied,
        }


PROVENANCE = ("pull_request", "commit", "approver", "applied")
NOWHERE = Provenance({})


def provenance(events: Iterable[Event]) -> Provenance:
    """From a history: the last change of each document that is still there."""
    found: dict[str, Event] = {}
    for event in events:
        if event.event != "asked":
            continue
        if event.change == "removed":
            found.pop(event.document, None)
        else:
            found[event.document] = event
    return Provenance(found)
