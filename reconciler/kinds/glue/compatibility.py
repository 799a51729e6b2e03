"""Whom a change of a table's columns breaks: those who read it, those who write it, or nobody.

| change        | where a column is its place                | where it is its name or field id      |
|---------------|--------------------------------------------|---------------------------------------|
| added         | at the end: nobody; before others: shifted | nobody                                |
| gone          | readers; the columns behind it are shifted | readers                               |
| renamed       | nobody: the values stay                    | gone and added; by field id nobody    |
| reordered     | shifted: readers and writers               | nobody                                |
| widened       | nobody                                     | nobody                                |
| narrowed      | readers and writers                        | readers and writers                   |
| partition key | readers and writers                        | readers and writers                   |
| format        | readers, until the files are written anew; and writers |                           |

https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html
https://iceberg.apache.org/spec/#schema-evolution
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from reconciler.kinds.glue.column_identity import Layout, Sources, is_recut, other_settings, sources
from reconciler.kinds.glue.table import CONTRACT, Table
from reconciler.kinds.glue.type_changes import TypeChange, type_changes

Sort = Literal["gone", "added", "renamed", "shifted", "narrowed", "widened", "partition", "format", "recut"]

_BREAKS: dict[str, frozenset[str]] = {
    "gone": frozenset({"readers"}),
    "shifted": frozenset({"readers", "writers"}),
    "narrowed": frozenset({"readers", "writers"}),
    "partition": frozenset({"readers", "writers"}),
    "format": frozenset({"readers", "writers"}),
    "recut": frozenset({"readers", "writers"}),
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a column (or of a part of it, as `address.city`), and whom that breaks.

    column  its name now, or its old name where it is gone; empty where it is about the whole table
    old     its type before; of a renamed or shifted column the name whose values it shows
    new     its type now; of a renamed or shifted column nothing; of a table that is read by other settings their names
    """

    sort: Sort
    column: str
    old: str = ""
    new: str = ""

    @property
    def breaks(self) -> frozenset[str]:
        """`readers`, `writers`, both or neither."""
        return _BREAKS.get(self.sort, frozenset())

    @property
    def top(self) -> str:
        """The column itself, where the judgement is about a part of it."""
        return self.column.partition(".")[0]


def judgements(old: Table, new: Table) -> Iterator[Judgement]:
    """What the change from one table to another does to its columns, in the order of the old and then the new one."""
    before, after = old.layout, new.layout
    if before.reading.format != after.reading.format:
        yield Judgement("format", "", before.reading.format, after.reading.format)
    else:
        if before.reading.by != after.reading.by:
            yield Judgement("recut", "", _way(before), _way(after))
        if is_recut(before, after):
            yield Judgement("recut", "", "", ", ".join(other_settings(before, after)))
    maps = sources(before, after)
    yield from _columns(old, new, before, after, maps)
    yield from _partitions(old, new)


def is_declared_anew(have: Table, want: Table) -> bool:
    """Whether its columns are declared otherwise than when the mesh last wrote it; else what differs is drift.

    The mark says columns and keys in one list. A column that becomes a key where it stands leaves the mark as it is.
    """
    if dict(have.parameters).get(CONTRACT) != dict(want.parameters).get(CONTRACT):
        return True
    return [*have.types] == [*want.types] and len(have.partition_keys) != len(want.partition_keys)


def _columns(old: Table, new: Table, before: Layout, after: Layout, maps: tuple[Sources, ...]) -> Iterator[Judgement]:
    was = {column.name: column.type for column in old.columns}
    now = {column.name: column.type for column in new.columns}
    followed = {name for each in maps for _, name in _renamed(each, before, after)} if len(maps) == 1 else set[str]()
    for name, kind in was.items():
        if name not in now and name not in followed:
            yield Judgement("gone", name, kind)
    for number, column in enumerate(new.columns):
        told = dict.fromkeys(each[number] for each in maps)
        for source in told:
            if source is None:
                if column.name not in was and len(told) == 1:
                    yield Judgement("added", column.name, "", column.type)
                elif column.name in was and len(told) == 1:
                    yield Judgement("shifted", column.name)
                continue
            origin = before.columns[source]
            if origin != column.name:
                yield Judgement("renamed" if origin in followed else "shifted", column.name, origin)
            if origin == column.name or origin in followed:
                for change in type_changes(was[origin], column.type, before, after):
                    yield _of_type(column.name, change)


def _renamed(each: Sources, before: Layout, after: Layout) -> Iterator[tuple[str, str]]:
    """Pairs of (new, old) name of columns that took another name and kept their values."""
    for number, source in enumerate(each[: after.data]):
        if source is None:
            continue
        new, old = after.columns[number], before.columns[source]
        if new not in before.columns and old not in after.columns:
            yield new, old


def _partitions(old: Table, new: Table) -> Iterator[Judgement]:
    was, now = [(c.name, c.type) for c in old.partition_keys], [(c.name, c.type) for c in new.partition_keys]
    for number in range(max(len(was), len(now))):
        before = was[number] if number < len(was) else ("", "")
        after = now[number] if number < len(now) else ("", "")
        same_type = (
            not list(type_changes(before[1], after[1], old.layout, new.layout)) if all(before + after) else False
        )
        if before[0] != after[0] or not same_type:
            yield Judgement("partition", after[0] or before[0], " ".join(before).strip(), " ".join(after).strip())


def _of_type(column: str, change: TypeChange) -> Judgement:
    path = f"{column}.{change.path}" if change.path else column
    match change.sort:
        case "gone":
            return Judgement("gone", path, change.old)
        case "added":
            return Judgement("added", path, "", change.new)
        case "moved":
            return Judgement("shifted", path)
        case "widened":
            return Judgement("widened", path, change.old, change.new)
        case _:
            return Judgement("narrowed", path, change.old, change.new)


def _way(of: Layout) -> str:
    return " or ".join(sorted("field id" if by == "id" else by for by in of.reading.by))
