"""Labels: which columns change their sensitivity, from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.model.change import Change, Create, Update
from reconciler.model.resource import Origin
from reconciler.spec.approval import levels
from reconciler.spec.mesh import Mesh

ColumnId = tuple[str, str, str]
"""Database, table, column."""
PARTITION_KEY = "a partition key"
"""What a column without a label is that whoever reads any column of the table reads too."""


@dataclass(frozen=True, slots=True)
class Relabelled:
    """A column whose sensitivity changes; to PARTITION_KEY where it becomes one, which carries no tag."""

    column: ColumnId
    old: str
    new: str
    origin: Origin | None


def lowered(changes: Iterable[Change], mesh: Mesh) -> Mapping[ColumnId, Relabelled]:
    """The columns whose sensitivity goes down, by the order of the mesh's key. Without a label is no lower one, but
    in a partition key."""
    values = (PARTITION_KEY, *(value.lower() for value in levels(mesh)))
    rank = {value: number for number, value in enumerate(values)}
    return {
        each.column: each
        for each in _relabelled(tuple(changes), mesh.settings.sensitivity_key.lower())
        if rank.get(each.old.lower(), len(rank)) > rank.get(each.new.lower(), len(rank))
    }


def _relabelled(changes: Iterable[Change], key: str) -> Iterator[Relabelled]:
    """The columns that get another label, and those that become partition keys."""
    keys = {
        (want.spec.database, want.spec.table, column.name)
        for change in changes
        if isinstance(change, Update) and isinstance((want := change.want).spec, Table)
        for column in want.spec.partition_keys
    }
    for change in changes:
        if isinstance(change, Create) or not isinstance(change.have.spec, TagAssignment):
            continue
        have = change.have.spec
        column = have.place.database, have.place.table, have.place.column
        if have.key.lower() != key or not have.place.column:
            continue
        if isinstance(change, Update):
            yield Relabelled(column, have.value, change.want.spec.value, change.origin)
        elif column in keys:
            yield Relabelled(column, have.value, PARTITION_KEY, change.origin)
