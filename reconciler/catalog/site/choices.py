"""Choices: how a site is made, and what it is told besides the documents. None, or empty: it is not known here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from reconciler.catalog.requests import Request
from reconciler.history.event import Event
from reconciler.history.schema_changes import SchemaChange
from reconciler.measures.promises import Measures, Promise
from reconciler.report.drift import Drift
from reconciler.usage import LastRead


@dataclass(frozen=True, slots=True)
class Live:
    """What AWS had when a snapshot was taken: measures, which promises were kept, and what had drifted."""

    taken: datetime
    measures: Measures
    promises: tuple[Promise, ...]
    drift: Drift


@dataclass(frozen=True, slots=True)
class Past:
    """What happened since a day: rows of the history, and what became of columns, with the subscriptions that it
    broke."""

    since: date
    events: tuple[Event, ...]
    schema: tuple[tuple[SchemaChange, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Requests:
    """What became of requests; `has_forge`: pull requests are among them, `has_git`: the history is."""

    rows: tuple[Request, ...]
    has_git: bool
    has_forge: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """public: without who reads what. new_file: where the forge makes a new file, with {path} and {text} (empty: the
    page shows the text to copy). used: when each subscription was last used."""

    today: date
    public: bool = False
    new_file: str = ""
    live: Live | None = None
    past: Past | None = None
    requests: Requests | None = None
    used: Mapping[str, LastRead] | None = None
