"""Claims: what a plan makes the mesh's of databases and tables that exist and that it did not make.

| what exists                          | is known as the mesh's                                                 |
|--------------------------------------|------------------------------------------------------------------------|
| a database with the mesh's mark      | always, with all that is in it                                         |
| one that no mesh made                | once the mesh has put the tag of a product on it, as it does first     |
| a table in it, of `extent: tables`   | once it has put that tag on the table, or if the table bears its mark  |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reconciler.kinds import addresses
from reconciler.kinds.common.marks import MARK
from reconciler.kinds.common.owner import Owner, owner_by_mark
from reconciler.kinds.common.taken_over import takes_over
from reconciler.kinds.glue.database import Database
from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.lakeformation.taggable import Place
from reconciler.kinds.territory import ownership_of
from reconciler.model.change import Create, Update
from reconciler.model.lakeformation import Grant, OnColumns, OnDatabase, OnFilter, OnTable
from reconciler.plan.review import Review
from reconciler.spec import placements
from reconciler.spec.documents.product import Product


@dataclass(frozen=True, slots=True)
class Claim:
    """A product that takes a database for its own, or of one the tables that are named, and whose it is."""

    product: Product
    database: str
    tables: tuple[str, ...]
    owner: Owner


def claims(reviewed: Review) -> Iterator[Claim]:
    """Of what the plan puts LF-tags on, or gives somebody anything of, what is not known as the mesh's yet."""
    if reviewed.observation is None:
        return
    mesh, found = reviewed.mesh, reviewed.observation.found
    touched = _touched(reviewed)
    marked = _Marked(reviewed)
    for product in mesh.products.values():
        placement = placements.of_database(mesh, product)
        for name in product.databases:
            have = found.get(addresses.database(placement, name))
            if have is None or not isinstance(have.spec, Database) or takes_over(mesh, have.address):
                continue
            owner = owner_by_mark(dict(have.spec.parameters).get(MARK), mesh)
            here = touched.get(name, set())
            if owner.is_ours or not here or marked.has(Place(name)):
                continue
            if not product.is_part:
                yield Claim(product, name, (), owner)
                continue
            taken = []
            for table in product.tables_in(name):
                there = found.get(addresses.table(placement, name, table.name))
                is_made = there is not None and isinstance(there.spec, Table) and MARK in dict(there.spec.parameters)
                if table.name in here and there is not None and not is_made and not marked.has(Place(name, table.name)):
                    taken.append(table.name)
            if taken:
                yield Claim(product, name, tuple(taken), owner)


class _Marked:
    """The places that bear the tag of a product that the mesh has put there."""

    def __init__(self, reviewed: Review) -> None:
        assert reviewed.observation is not None, "somebody has looked"
        found, key = reviewed.observation.found, reviewed.mesh.settings.tag_keys.product.lower()
        ownership = ownership_of(reviewed.mesh, reviewed.wanted, found)
        self._places = {
            each.spec.place
            for each in found.of(TagAssignment)
            if each.spec.key == key and (key in ownership.made_keys or (each.spec.place, key) in ownership.listed)
        }

    def has(self, place: Place) -> bool:
        return place in self._places


def _touched(reviewed: Review) -> dict[str, set[str]]:
    """The databases and tables about which the plan does something, by database; '' for the database itself."""
    found: dict[str, set[str]] = {}
    adopted = {each.origin.file for each in reviewed.mesh.adopted.values()}
    for step in reviewed.steps:
        change = step.change
        if isinstance(change, Create | Update) and not (change.origin is not None and change.origin.file in adopted):
            for database, table in _places(change.want.spec):
                found.setdefault(database, set()).add(table)
    access = reviewed.access
    for entry in (*access.gained, *access.shared) if access is not None else ():
        if entry.place.database and entry.place.catalog == reviewed.mesh.central.id:
            found.setdefault(entry.place.database, set()).add(entry.place.table)
    return found


def _places(spec: object) -> Iterable[tuple[str, str]]:
    match spec:
        case TagAssignment(place=place):
            yield place.database, place.table
        case Grant(target=OnDatabase(database=database)):
            yield database, ""
        case Grant(target=(OnTable() | OnColumns() | OnFilter()) as target):
            yield target.database, target.table
        case _:
            return
