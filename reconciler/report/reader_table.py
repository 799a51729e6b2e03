"""The table of a verdict: who, of which consumer, reads what, columns by label, rows, until when, asked or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice

from reconciler.access import AccessEntry
from reconciler.access.algebra.rows import text
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.plan.labels import ColumnId, Relabelled
from reconciler.plan.passing_on import PassingOn
from reconciler.report.access_parts import LEFT_TO_IAM, Entries, number
from reconciler.report.people import People
from reconciler.report.table import Table
from reconciler.report.verdict import Verdict

HEADINGS = ("", "who", "of", "reads", "columns", "rows", "until", "asked")
_NAMED = 8
"""So many columns of a label are named on the first screen; all of them are named further down."""
UNLABELLED = "not classified"
PARTITION = "partition key"

Lowered = Mapping[ColumnId, Relabelled]


def reader_table(found: Verdict, people: People, lowered: Lowered, most: int) -> Table:
    """A row for each principal and table, at most so many, what is asked for first. Without a base there is no column
    `asked`.
    """
    every = chain(
        _rows("+", found.gained, "yes", people, lowered),
        _rows("-", found.lost, "yes", people, lowered),
        _passing(found.passing, "yes", people, lowered),
        _passing(found.besides_passing, "no", people, lowered),
        _rows("+", found.known_besides, "no: revoked by hand", people, lowered),
        _rows("+", found.unsure_besides, "no: not certain now", people, lowered),
        _rows("+", found.new_besides, "no: not applied yet", people, lowered),
        _rows("-", found.besides_lost, "no: given by hand", people, lowered),
    )
    rows = islice(every, most)
    if found.knows_asked:
        return Table(HEADINGS, tuple(rows))
    return Table(HEADINGS[:-1], tuple(row[:-1] for row in rows))


def _rows(mark: str, entries: Entries, asked: str, people: People, lowered: Lowered) -> Iterator[tuple[str, ...]]:
    for entry in entries:
        consumer, who = names(entry)
        rows = _row_condition(mark, entry)
        yield mark, who, consumer, entry.where, _columns(mark, entry, lowered), rows, people.until(entry), asked


def _passing(found: PassingOn, asked: str, people: People, lowered: Lowered) -> Iterator[tuple[str, ...]]:
    """What somebody may let others read, or do."""
    for mark, who, consumer, where, columns, *rest in _rows("+", found.entries, asked, people, lowered):
        yield mark, who, consumer, where, f"to pass on: {columns}", *rest


def names(entry: AccessEntry) -> tuple[str, str]:
    """Of which consumer, domain or account, and who."""
    if entry.principal == IAM_ALLOWED_PRINCIPALS:
        return "", "everybody with IAM rights"
    if entry.assumed is not None:
        return entry.source.directory.accounts.get(entry.account, entry.account), entry.label
    group, _, who = entry.label.rpartition("/")
    return group, who


def _columns(mark: str, entry: AccessEntry, lowered: Lowered) -> str:
    left = f"{LEFT_TO_IAM}: " if entry.is_left_to_iam else ""
    return f"{left}{_what(mark, entry, lowered)}"


def _what(mark: str, entry: AccessEntry, lowered: Lowered) -> str:
    match entry.change:
        case "opened":
            return "all: IAM decides, not Lake Formation"
        case "raw-read":
            return f"all, in the files, past columns and rows ({', '.join(entry.permissions)})"
        case "path" if entry.path == "overwriting":
            return "none; may put other values there for those who read it"
        case "path":
            return f"{entry.path}: {'; '.join(by_label(mark, entry, lowered, all_named=False)) or 'every table'}"
        case "permissions" | "rights":
            return f"none; may {', '.join(entry.permissions)}"
        case "unknown" if entry.columns:
            return f"perhaps {', '.join(entry.columns)}; not certain: {'; '.join(entry.reasons)}"
        case "unknown":
            return f"not certain: {'; '.join(entry.reasons)}"
    count = f"{len(entry.columns)} of {entry.width}"
    if entry.change == "columns" and entry.readable != len(entry.columns):
        left = f"{entry.readable - len(entry.columns)} of {entry.width} left"
        count = f"{len(entry.columns)} more, {entry.readable} of {entry.width} in all"
        count = f"{len(entry.columns)} fewer, {left}" if mark == "-" else count
    rights = [right for right in entry.permissions if right not in ("SELECT", "DESCRIBE")]
    word = "; nor" if mark == "-" else "; may also"
    also = f"{word} {', '.join(rights)}" if rights else ""
    doubt = f"; not certain: {'; '.join(entry.reasons)}" if entry.reasons else ""
    return f"{count}: {'; '.join(by_label(mark, entry, lowered, all_named=False))}{also}{doubt}"


def by_label(mark: str, entry: AccessEntry, lowered: Lowered, *, all_named: bool) -> Iterator[str]:
    """The columns of an entry by label, the most sensitive first; of harmless labels the number, unless all are named.

    A label is sensitive in the upper half of the order; what has no label may be anything.
    """
    order = entry.source.directory.sensitivity_order
    values = dict(entry.sensitivity)
    data = _data_columns(entry)
    groups: dict[str, list[str]] = {}
    for column in entry.columns:
        groups.setdefault(values.get(column, UNLABELLED if column in data else PARTITION), []).append(column)
    rank = {PARTITION: 0, **{value: place for place, value in enumerate(order, 1)}}
    for label in sorted(groups, key=lambda value: (-rank.get(value, len(order) + 1), value)):
        columns = groups[label]
        said = [_was(entry, column, lowered, is_gained=mark != "-") for column in columns]
        is_sensitive = rank.get(label, len(order) + 1) * 2 > len(order) or said != columns
        if all_named or (is_sensitive and len(said) <= _NAMED):
            yield f"{label}: {', '.join(said)}"
        elif is_sensitive:
            said.sort(key=lambda name: " (" not in name)
            yield f"{label}: {', '.join(said[:_NAMED])} and {len(said) - _NAMED} more"
        else:
            yield f"{label}: {number(len(columns), 'column')}"


def _data_columns(entry: AccessEntry) -> frozenset[str]:
    """The columns that are no partition keys: what a mesh classifies."""
    table_view = entry.source.tables.get(entry.place)
    return frozenset(table_view.names(table_view.signature.data) if table_view is not None else entry.columns)


def _was(entry: AccessEntry, column: str, lowered: Lowered, *, is_gained: bool) -> str:
    values = dict(entry.values_of).get(column)
    if values is not None:
        return f"{column} (the values of {values})" if is_gained else f"{column} (its values go to {values})"
    before = lowered.get((entry.place.database, entry.place.table, column))
    return f"{column} (was {before.old})" if before is not None and is_gained else column


def _row_condition(mark: str, entry: AccessEntry) -> str:
    if entry.change in ("permissions", "rights", "unknown"):
        return ""
    now = text(entry.rows)
    rows = f"where {now}" if now is not None else "all"
    if entry.change == "rows" and entry.rows_before is not None:
        other = text(entry.rows_before)
        when = "from now on" if mark == "-" else "before"
        return f"{rows}; {when} only where {other}" if other is not None else rows
    return rows


def all_columns(mark: str, entry: AccessEntry, lowered: Lowered) -> str:
    """All columns of an entry by name, for those who look."""
    return "; ".join(by_label(mark, entry, lowered, all_named=True))
