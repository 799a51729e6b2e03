"""What somebody reads of things that were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.access import Access, evaluate, principal_directory
from reconciler.access.queries.ask import what_can
from reconciler.access.queries.find import principal
from reconciler.kinds import registry
from reconciler.plan.compile import compile_mesh
from reconciler.spec.extents import product_at
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Reads:
    """How many columns somebody reads of each product, table and column, and how many each has."""

    read: Mapping[str, int]
    width: Mapping[str, int]

    def of(self, name: str) -> str:
        """In words: nothing, all, or how many."""
        read, width = self.read.get(name, 0), self.width.get(name, 0)
        if not read:
            return "nothing"
        return "all" if read >= width else f"{read} of {width} columns"


def reads_of(mesh: Mesh, reader: str, evaluated: Access | None = None) -> Reads:
    """What a principal reads by the documents, which are evaluated unless that is done. Raises MeshformError for
    nobody."""
    access = evaluated or evaluate(compile_mesh(mesh, registry()), principal_directory(mesh))
    columns = {
        (product.name, fact.table, fact.column)
        for fact in what_can(access, mesh, [principal(access, mesh, reader)])
        if fact.is_reading and fact.certain
        for product in (product_at(mesh, fact.database, fact.table),)
        if product is not None
    }
    read: dict[str, int] = {}
    for product, table, column in columns:
        for name in (product, f"{product}.{table}", f"{product}.{table}.{column}"):
            read[name] = read.get(name, 0) + 1
    width: dict[str, int] = {}
    for each in mesh.products.values():
        for one in each.tables:
            for name in (each.name, f"{each.name}.{one.name}"):
                width[name] = width.get(name, 0) + len(one.columns)
            width |= {f"{each.name}.{one.name}.{column.name}": 1 for column in one.columns}
    return Reads(read, width)
