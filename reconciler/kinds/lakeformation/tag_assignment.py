"""LF-tags on databases, tables and columns: each key on each resource is its own resource."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from sys import intern
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import OURS, UNMARKABLE, UNMARKED, Owner
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.common.side_effects import TABLES_GONE
from reconciler.kinds.kind import Kind
from reconciler.kinds.lakeformation.lf_codec import encode, in_database
from reconciler.kinds.lakeformation.rights_of_grantors import NAMED
from reconciler.kinds.lakeformation.tag_reader import assigned_tags
from reconciler.kinds.lakeformation.taggable import Place, above
from reconciler.kinds.lakeformation.used_databases import used_databases
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Change, Delete
from reconciler.model.lakeformation import OnDatabase
from reconciler.model.origin import Origin
from reconciler.model.read_scope import Place as ReadPlace
from reconciler.model.reader import Reader
from reconciler.model.record import record
from reconciler.model.resource import Resource, Snapshot
from reconciler.spec import placements
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh
from reconciler.spec.pieces import piece
from reconciler.spec.tags import database_tags, table_tags, usual_column_tags


@record()
class TagAssignment:
    """The value of one key, put on one place itself (what is inherited is not here).

    Of one that was found, `marks` says how the mesh's marks of its database are called; None where nobody looked.
    """

    place: Place
    key: str
    value: str
    marks: tuple[str, ...] | None = field(default=None, compare=False)


class TagAssignmentKind(Kind[TagAssignment]):
    """A key has one value on a resource, and adding it again replaces the value: a change is one Add, without a gap.

    https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-assigning-tags.html
    """

    name = addresses.TAG_ASSIGNMENT
    summary = "LF-tags on databases, tables and columns."
    decides_access = True
    governed = True
    parts = frozenset({"central"})
    reads = (
        "glue:GetDatabases",
        "glue:GetTables",
        "lakeformation:GetResourceLFTags",
        "lakeformation:SearchDatabasesByLFTags",
        "lakeformation:SearchTablesByLFTags",
    )
    writes = ("lakeformation:AddLFTagsToResource", "lakeformation:RemoveLFTagsFromResource", *NAMED)
    changed_by = (
        "lakeformation:AddLFTagsToResource",
        "lakeformation:RemoveLFTagsFromResource",
        "lakeformation:DeleteLFTag",
        *TABLES_GONE,
    )

    def mentions(self, resource: Resource[TagAssignment]) -> tuple[str, ...]:
        return (*filter(None, resource.spec.place), resource.spec.key)

    def listed_by(self, resource: Resource[TagAssignment]) -> str:
        return resource.spec.place.database

    def desired(self, mesh: Mesh) -> Iterable[Resource[TagAssignment]]:
        for product in mesh.products.values():
            yield from piece(mesh, _of_product, product)
        own = placements.of_catalog(mesh)
        for document in mesh.adopted.values():
            for number, tag in enumerate(document.tags):
                place = Place(tag.database, tag.table or "", tag.column or "")
                yield _resource(own, place, tag.key, tag.value, document.at("tags", number))

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[TagAssignment]]:
        """Tags of all databases and tables by searches in bulk; what looks other than it should is read alone."""
        wanted: dict[Place, dict[str, str]] = {}
        for each in self.every(mesh):
            wanted.setdefault(each.spec.place, {})[each.spec.key] = each.spec.value
        marked = used_databases(aws, mesh)
        for place, tags in assigned_tags(aws, placement, mesh, wanted):
            for key, value in tags.items():
                yield _resource(placement, place, key, value, marks=marked.get(place.database, ()))

    def read_with(self, resource: Resource[TagAssignment]) -> Iterable[tuple[ReadPlace, str | None]]:
        """On a database of others, its mark says which tags are the mesh's, and those of keys which keys are."""
        for kind in (addresses.USED_MARK, addresses.LF_TAG, addresses.TAG_MARK):
            yield (kind, resource.address.placement), None

    def needs(self, resource: Resource[TagAssignment]) -> Iterable[Address]:
        placement, spec = resource.address.placement, resource.spec
        yield addresses.lf_tag_value(placement, spec.key, spec.value)
        yield addresses.tag_right(placement, spec.key)
        yield addresses.database(placement, spec.place.database)
        if spec.place.table:
            yield addresses.table(placement, spec.place.database, spec.place.table)

    def goes_with(self, have: Resource[TagAssignment]) -> Address:
        placement, place = have.address.placement, have.spec.place
        if place.table:
            return addresses.table(placement, place.database, place.table)
        return addresses.database(placement, place.database)

    def before(self, change: Change) -> Iterable[Address]:
        """A tag goes before its column does: afterwards there is nothing to take it from. Its mark goes after it."""
        if not isinstance(change, Delete):
            return
        place = change.have.spec.place
        for name in change.have.spec.marks or ():
            yield addresses.used_mark(change.address.placement, name)
        if place.column:
            yield addresses.table(change.address.placement, place.database, place.table)

    def order(self, changes: Sequence[Change], mesh: Mesh) -> Iterable[tuple[Address, Address]]:
        """A tag that goes from a database to its tables, or from a table to its columns, is put on them first, one that
        comes from them taken off last: whoever reads them by it goes on reading, and nobody reads meanwhile what he
        never may.
        """
        del mesh
        at: dict[tuple[Place, str], list[Change]] = {}
        for change in changes:
            at.setdefault((change.resource.spec.place, change.resource.spec.key), []).append(change)
        for inner in changes:
            spec: TagAssignment = inner.resource.spec
            for place in above(spec.place):
                for outer in at.get((place, spec.key), ()):
                    first, later = (outer, inner) if isinstance(inner, Delete) else (inner, outer)
                    yield first.address, later.address

    def lacks(self, change: Change, changes: Mapping[Address, Change], found: Snapshot) -> str | None:
        """A column that the writer of an external table has not made yet."""
        if isinstance(change, Delete) or not change.want.spec.place.column:
            return None
        place = change.want.spec.place
        where = addresses.table(change.address.placement, place.database, place.table)
        table = found.get(where)
        if table is None or where in changes or place.column in table.spec.types:
            return None
        return f"{place.database}.{place.table} has no column {place.column}: its writer has not made it"

    def owner(self, have: Resource[TagAssignment], ownership: Ownership) -> Owner:
        database, key = have.spec.place.database, have.spec.key
        if database not in ownership.databases:
            return UNMARKABLE
        if (have.spec.place, key) in ownership.listed:
            return OURS
        if key not in ownership.tag_keys:
            return UNMARKABLE
        return UNMARKED if database in ownership.used and key not in ownership.made_keys else OURS

    def create(self, want: Resource[TagAssignment]) -> tuple[Call, ...]:
        return (_call(want, "AddLFTagsToResource"),)

    def update(self, have: Resource[TagAssignment], want: Resource[TagAssignment]) -> tuple[Call, ...]:
        return (_call(want, "AddLFTagsToResource"),)

    def delete(self, have: Resource[TagAssignment]) -> tuple[Call, ...]:
        return (_call(have, "RemoveLFTagsFromResource", frozenset({"EntityNotFoundException"})),)


def _of_product(mesh: Mesh, product: Product) -> Iterator[Resource[TagAssignment]]:
    placement, written = placements.of_database(mesh, product), product.source_map
    for key, value in database_tags(mesh, product).items():
        for database_name in product.databases:
            yield _resource(placement, Place(database_name), key, value, written.at("tags", key))
    for number, each in enumerate(product.tables):
        database_name, of_table = product.database_of(each), written.node("tables", number)
        for key, value in table_tags(mesh, product, each).items():
            origin = (of_table if key in each.tags or not product.is_part else written).at("tags", key)
            yield _resource(placement, Place(database_name, each.name), key, value, origin)
        of_columns, usual = of_table.node("columns"), usual_column_tags(mesh, product, each)
        for position, column in enumerate(each.columns):
            own = column.tags
            for key, value in {**usual, **own}.items():
                origin = of_columns.at(position, "tags", key) if key in own else of_table.at("tags", key)
                yield _resource(placement, Place(database_name, each.name, column.name), key, value, origin)


def _resource(
    placement: Placement,
    place: Place,
    key: str,
    value: str,
    origin: Origin | None = None,
    marks: tuple[str, ...] | None = None,
) -> Resource[TagAssignment]:
    # The same few words on every column: one object for each.
    key, value = intern(key.lower()), intern(value.lower())
    return Resource(addresses.tag_assignment(placement, place, key), TagAssignment(place, key, value, marks), origin)


def _call(of: Resource[TagAssignment], operation: str, success_errors: frozenset[str] = frozenset()) -> Call:
    placement, spec = of.address.placement, of.spec
    catalog, place = {"CatalogId": placement.account}, spec.place
    within = in_database(placement.account, place.database)
    if place.column:
        resource: dict[str, Any] = {
            "TableWithColumns": {**within, "Name": place.table, "ColumnNames": [place.column]},
        }
    elif place.table:
        resource = {"Table": {**within, "Name": place.table}}
    else:
        resource = encode(OnDatabase(placement.account, place.database))
    tag = {**catalog, "TagKey": spec.key, "TagValues": [spec.value]}
    return Call(
        placement,
        "lakeformation",
        operation,
        {**catalog, "Resource": resource, "LFTags": [tag]},
        success_errors=success_errors,
    )
