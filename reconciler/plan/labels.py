"""Labels: which columns change their sensitivity, from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.resource import Origin
from reconciler.spec.approval import levels
from reconciler.spec.mesh import Mesh

ColumnId = tuple[str, str, str]
"""Database, table, column."""
PARTITION_KEY = "a partition key"
"""What a column without a label is that whoever reads any column of the table reads too."""


@dataclass(frozen=True, slots=True)
class Relabelled:
    """A column whose sensitivity changes. `new` is None where it is taken away, or PARTITION_KEY."""

    column: ColumnId
    old: str
    new: str | None
    origin: Origin | None


def relabelled(changes: Iterable[Change], mesh: Mesh) -> Iterator[Relabelled]:
    """The columns whose sensitivity is changed or taken away by changes."""
    key = mesh.settings.sensitivity_key.lower()
    changes = tuple(changes)
    keys = {
        (want.spec.database, want.spec.table, column.name)
        for change in changes
        if isinstance(change, Create | Update) and isinstance((want := change.want).spec, Table)
        for column in want.spec.partition_keys
    }
    for change in changes:
        if not isinstance(change, Update | Delete) or not isinstance(change.have.spec, TagAssignment):
            continue
        have = change.have.spec
        if have.key.lower() != key or not have.place.column:
            continue
        column = have.place.database, have.place.table, have.place.column
        new = change.want.spec.value if isinstance(change, Update) else PARTITION_KEY if column in keys else None
        yield Relabelled(column, have.value, new, change.origin)


def lowered(changes: Iterable[Change], mesh: Mesh) -> Mapping[ColumnId, Relabelled]:
    """The columns whose sensitivity goes down, by the order of the mesh's key. Without a label is no lower one, but
    in a partition key."""
    order = [value.lower() for value in levels(mesh)]
    rank = {PARTITION_KEY: -1, **{value: number for number, value in enumerate(order)}}
    return {
        each.column: each
        for each in relabelled(changes, mesh)
        if each.new is not None and rank.get(each.old.lower(), len(order)) > rank.get(each.new.lower(), len(order))
    }
