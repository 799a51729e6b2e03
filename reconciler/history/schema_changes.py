"""Schema changes: what became of the columns of products, commit by commit, as their documents say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import yaml

if TYPE_CHECKING:
    # It reads buckets, and pages that tell changes are made without AWS.
    from reconciler.history.recorded import Recorded

What = Literal["added", "removed", "type", "label", "meaning"]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One column (empty: the whole table) that came, went or became another one. `parent` is the commit before."""

    at: str
    commit: str
    parent: str
    by: str
    product: str
    table: str
    column: str
    what: What
    was: str = ""
    now: str = ""

    @property
    def breaks(self) -> bool:
        """Whether queries that name the column fail, or get values of another type."""
        return self.what in ("removed", "type")


@dataclass(frozen=True, slots=True)
class _Column:
    type: str
    label: str
    meaning: str


def schema_changes(recorded: Recorded, since: date) -> Iterator[SchemaChange]:
    """Every change since a day, the newest last. Columns that a contract file gives are not in a product's document."""
    rows = recorded.index.execute(
        "SELECT changes.*, commits.sha, commits.at, commits.author, "
        "(SELECT sha FROM commits AS earlier WHERE earlier.seq < commits.seq ORDER BY seq DESC LIMIT 1) AS parent "
        "FROM changes JOIN commits USING (seq) WHERE kind = 'Product' AND at >= ? ORDER BY seq, id",
        (str(since),),
    ).fetchall()
    texts = recorded.texts([blob for row in rows for blob in (row["before"], row["after"]) if blob])
    # What is after one change is before the next one.
    columns = cache(lambda blob: _columns(texts.get(blob, "")))
    for row in rows:
        if not row["before"] or not row["after"]:
            # A product that came or went as a whole is told by the history itself.
            continue
        before, after = columns(row["before"]), columns(row["after"])
        if before is None or after is None:
            continue
        told = (row["at"], row["sha"], row["parent"] or "", row["author"], row["name"])
        for table in sorted(before.keys() | after.keys()):
            yield from _of_table(told, table, before.get(table), after.get(table))


Told = tuple[str, str, str, str, str]


def _of_table(
    told: Told, table: str, before: Mapping[str, _Column] | None, after: Mapping[str, _Column] | None
) -> Iterator[SchemaChange]:
    if before is None or after is None:
        yield SchemaChange(*told, table, "", "added" if before is None else "removed")
        return
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was is None or now is None:
            yield SchemaChange(*told, table, name, "added" if was is None else "removed")
            continue
        for what, old, new in (
            ("type", was.type, now.type),
            ("label", was.label, now.label),
            ("meaning", was.meaning, now.meaning),
        ):
            if old != new:
                yield SchemaChange(*told, table, name, what, old, new)  # type: ignore[arg-type]


def _columns(text: str) -> Mapping[str, Mapping[str, _Column]] | None:
    """The declared columns by table and name; None where the text is no document any more, or never was."""
    try:
        data: Any = yaml.load(text, _LOADER)  # noqa: S506
        return {
            str(table["name"]): {str(column["name"]): _column(column) for column in table.get("columns") or ()}
            for table in data.get("tables") or ()
        }
    except (yaml.YAMLError, AttributeError, TypeError, KeyError, RecursionError):
        return None


def _column(data: Mapping[str, Any]) -> _Column:
    tags = data.get("tags") or {}
    label = ", ".join(f"{key}={value}" for key, value in sorted(tags.items()))
    return _Column(str(data.get("type") or ""), label, str(data.get("description") or ""))
