"""Narrow: reading what some databases of the central catalog have, by a kind that would read all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from reconciler.model.address import Placement
from reconciler.model.call import Params
from reconciler.model.reader import Reader
from reconciler.spec.mesh import Mesh

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FilteredReader:
    """A Reader to which the catalog seems to have these databases only."""

    whole: Reader
    databases: frozenset[str]

    @property
    def role(self) -> str:
        """See Reader.role."""
        return self.whole.role

    def read(
        self,
        placement: Placement,
        service: str,
        operation: str,
        params: Params | None = None,
        absent: tuple[str, ...] = (),
    ) -> dict[str, Any] | None:
        """See Reader.read."""
        return self.whole.read(placement, service, operation, params, absent)

    def pages(
        self, placement: Placement, service: str, operation: str, params: Params | None = None, *, items: str
    ) -> Iterator[Any]:
        """See Reader.pages."""
        rows = self.whole.pages(placement, service, operation, params, items=items)
        if operation != "GetDatabases":
            return rows
        return (row for row in rows if row["Name"].lower() in self.databases)

    def once(self, key: str, make: Callable[[], T]) -> T:
        """See Reader.once."""
        return self.whole.once(f"{key} of {', '.join(sorted(self.databases))}", make)


def filtered_reader(mesh: Mesh, databases: frozenset[str]) -> Mesh:
    """The mesh with the products of these databases only: what kinds look for in them."""
    chosen = {name: each for name, each in mesh.products.items() if not databases.isdisjoint(each.databases)}
    return replace(mesh, products=chosen)
