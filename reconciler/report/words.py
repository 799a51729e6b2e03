"""Changes in words that a data owner can read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.kinds import registry
from reconciler.model.address import Cell
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.spec.mesh import Mesh

MARKS = {"create": "+", "update": "~", "delete": "-"}


@dataclass(frozen=True, slots=True)
class Names:
    """The names that the mesh has for accounts."""

    accounts: dict[str, str]

    @classmethod
    def of(cls, mesh: Mesh) -> Names:
        """The names of a mesh."""
        return cls({account.id: account.name for account in mesh.accounts.values()})

    def cell(self, cell: Cell) -> str:
        """A cell as people call it: `central (111111111111, eu-west-1)`."""
        name = self.accounts.get(cell.account)
        return f"{name} ({cell.account}, {cell.region})" if name else str(cell)


def line(change: Change) -> str:
    """One change in one line."""
    mark = MARKS[change.action]
    words = registry()[change.address.kind].describe(change)
    return f"{mark} {change.address.kind} {words or change.address.name}"


def counted(changes: Iterable[Change]) -> str:
    """How many of each: `3 to create, 1 to update, 2 to delete`."""
    every = list(changes)
    sorts = ((Create, "create"), (Update, "update"), (Delete, "delete"))
    counts = [(sum(isinstance(change, sort) for change in every), word) for sort, word in sorts]
    return ", ".join(f"{count} to {word}" for count, word in counts if count) or "no changes"
