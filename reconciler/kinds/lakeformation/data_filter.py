"""Data cells filters: the rows (and columns) of a table that a subscription may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from reconciler.errors import InvalidMesh
from reconciler.kinds import addresses
from reconciler.kinds.common.owner import OURS, UNMARKABLE, Owner, unmarkable
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.common.side_effects import TABLES_GONE
from reconciler.kinds.kind import Kind
from reconciler.kinds.lakeformation.lf_codec import in_database
from reconciler.kinds.lakeformation.used_databases import put_of, used_databases
from reconciler.kinds.sharing.consumer_grants import filter_name
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.catalogs import CatalogId, catalog_of
from reconciler.model.change import Change, Delete
from reconciler.model.lakeformation import OnFilter
from reconciler.model.read_scope import Place as ReadPlace
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.extents import product_at
from reconciler.spec.mesh import Mesh
from reconciler.spec.nested_fields import as_listed, needs_filter


@dataclass(frozen=True, slots=True)
class DataFilter:
    """`columns` are those listed, or all but those listed; `rows` a condition, empty for all rows.

    Of one that was found, `marks` says how the mesh's marks of its database are called; None where nobody looked.
    """

    database: str
    table: str
    columns: tuple[str, ...]
    excluded: bool
    rows: str
    marks: tuple[str, ...] | None = field(default=None, compare=False)


class DataFilterKind(Kind[DataFilter]):
    """A filter has a name and can be changed in place, so who is granted it loses nothing in between.

    https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering.html
    """

    name = addresses.DATA_FILTER
    summary = "Data cells filters for subscriptions with row conditions."
    takes_only_access = True
    decides_access = True
    governed = True
    parts = frozenset({"central"})
    reads = ("lakeformation:ListDataCellsFilter",)
    writes = (
        "lakeformation:CreateDataCellsFilter",
        "lakeformation:UpdateDataCellsFilter",
        "lakeformation:DeleteDataCellsFilter",
    )
    changed_by = (
        "lakeformation:CreateDataCellsFilter",
        "lakeformation:UpdateDataCellsFilter",
        "lakeformation:DeleteDataCellsFilter",
        *TABLES_GONE,
    )

    def mentions(self, resource: Resource[DataFilter]) -> tuple[str, ...]:
        return resource.spec.database, resource.spec.table, resource.address.name.rpartition("/")[2]

    def desired(self, mesh: Mesh) -> Iterable[Resource[DataFilter]]:
        """One that several subscriptions share in the same words is one."""
        wanted: dict[Address, Resource[DataFilter]] = {}
        for each in chain(_subscribed(mesh), _adopted(mesh)):
            known = wanted.setdefault(each.address, each)
            if known.spec != each.spec:
                raise InvalidMesh(
                    f"{each.origin}: the filter {each.address.name} is asked for in other words in {known.origin}. "
                    "Give one of them another name."
                )
        return wanted.values()

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[DataFilter]]:
        """All filters of the catalog at once; tables whose filters are asked for and not among them are asked alone.

        That the list may be had without a table follows from the model only, so nothing rests on its being whole.
        """
        found = {each.address: each for each in _listed(aws, placement, {})}
        tables = {
            (wanted.spec.database, wanted.spec.table)
            for wanted in self.wanted(mesh, placement).values()
            if wanted.address not in found
        }
        for database, table_name in sorted(tables):
            place = {**in_database(placement.account, database), "Name": table_name}
            found.update({each.address: each for each in _listed(aws, placement, {"Table": place})})
        marked = used_databases(aws, mesh) if found else {}
        for each in found.values():
            yield replace(each, spec=replace(each.spec, marks=marked.get(each.spec.database, ())))

    def read_with(self, resource: Resource[DataFilter]) -> Iterable[tuple[ReadPlace, str | None]]:
        """On a database of others, its mark says which filters are the mesh's."""
        yield (addresses.USED_MARK, resource.address.placement), None

    def before(self, change: Change) -> Iterable[Address]:
        """A mark goes after what it lists."""
        if isinstance(change, Delete):
            for name in change.have.spec.marks or ():
                yield addresses.used_mark(change.address.placement, name)

    def needs(self, resource: Resource[DataFilter]) -> Iterable[Address]:
        placement, spec = resource.address.placement, resource.spec
        yield addresses.lake_settings(placement)
        yield addresses.table(placement, spec.database, spec.table)

    def owner(self, have: Resource[DataFilter], ownership: Ownership) -> Owner:
        if have.spec.database not in ownership.databases:
            return UNMARKABLE
        if put_of(target_of(have)) in ownership.listed:
            return OURS
        product = product_at(ownership.mesh, have.spec.database, have.spec.table)
        if ownership.reports("", have.spec.database, product):
            return unmarkable("a filter that no subscription asks for")
        return OURS

    def create(self, want: Resource[DataFilter]) -> tuple[Call, ...]:
        params = {"TableData": _data(want)}
        return (Call(want.address.placement, "lakeformation", "CreateDataCellsFilter", params),)

    def update(self, have: Resource[DataFilter], want: Resource[DataFilter]) -> tuple[Call, ...]:
        version = {"VersionId": have.handle} if have.handle else {}
        params = {"TableData": {**_data(want), **version}}
        return (Call(want.address.placement, "lakeformation", "UpdateDataCellsFilter", params),)

    def delete(self, have: Resource[DataFilter]) -> tuple[Call, ...]:
        data = _data(have)
        params = {name: data[name] for name in ("TableCatalogId", "DatabaseName", "TableName", "Name")}
        gone = frozenset({"EntityNotFoundException"})
        return (Call(have.address.placement, "lakeformation", "DeleteDataCellsFilter", params, success_errors=gone),)


def target_of(found: Resource[DataFilter]) -> OnFilter:
    """A filter as grants name it."""
    name = found.address.name.rpartition("/")[2]
    return OnFilter(found.address.placement.account, found.spec.database, found.spec.table, name)


def _subscribed(mesh: Mesh) -> Iterable[Resource[DataFilter]]:
    for subscription in mesh.subscriptions.values():
        product = mesh.product(subscription)
        for number, each in enumerate(subscription.tables):
            if product and needs_filter(declared := product.table(each.name), each):
                columns, excluded = (each.columns, False) if each.columns else (each.exclude, True)
                database = product.database_of(declared)
                yield Resource(
                    addresses.data_filter(
                        placements.of_database(mesh, product),
                        database,
                        each.name,
                        filter_name(subscription.name, each),
                    ),
                    DataFilter(database, each.name, as_listed(declared, columns), excluded, each.rows or ""),
                    subscription.at("tables", number, "rows" if each.rows else "columns"),
                )


def _adopted(mesh: Mesh) -> Iterable[Resource[DataFilter]]:
    placement = placements.of_catalog(mesh)
    for document in mesh.adopted.values():
        for number, each in enumerate(document.filters):
            columns, excluded = (each.columns, False) if each.columns else (each.exclude, True)
            where = addresses.data_filter(placement, each.database, each.table, each.name)
            spec = DataFilter(each.database, each.table, tuple(sorted(columns)), excluded, each.rows or "")
            yield Resource(where, spec, document.at("filters", number))


def filtered_tables(aws: Reader, placement: Placement, mesh: Mesh) -> set[tuple[str, str]]:
    """Databases and tables that have filters."""
    return {(found.spec.database, found.spec.table) for found in DataFilterKind().observe(aws, placement, mesh)}


def _listed(aws: Reader, placement: Placement, of: dict[str, Any]) -> Iterable[Resource[DataFilter]]:
    """The filters of a table, or of the catalog; none where the table does not exist or a table must be named."""
    request = {**of, "MaxResults": 1000}
    absent = ("EntityNotFoundException", "InvalidInputException")
    if aws.read(placement, "lakeformation", "ListDataCellsFilter", request, absent=absent) is None:
        return
    for row in aws.pages(placement, "lakeformation", "ListDataCellsFilter", request, items="DataCellsFilters"):
        yield _found(placement, row)


def _found(placement: Placement, row: dict[str, Any]) -> Resource[DataFilter]:
    within = CatalogId.parse(row.get("TableCatalogId", placement.account))
    database, table_name = within.holding(row["DatabaseName"].lower()), row["TableName"].lower()
    wildcard = row.get("ColumnWildcard")
    columns = row.get("ColumnNames") or (wildcard or {}).get("ExcludedColumnNames") or ()
    return Resource(
        addresses.data_filter(placement, database, table_name, row["Name"]),
        DataFilter(
            database,
            table_name,
            tuple(sorted(column.lower() for column in columns)),
            excluded=not row.get("ColumnNames"),
            rows=_rows(row.get("RowFilter", {})),
        ),
        handle=row.get("VersionId"),
    )


def _rows(row_filter: Mapping[str, Any]) -> str:
    """The condition; none where all rows are open, which AWS lists as the expression TRUE beside the wildcard."""
    return "" if "AllRowsWildcard" in row_filter else str(row_filter.get("FilterExpression", ""))


def _data(of: Resource[DataFilter]) -> dict[str, Any]:
    spec = of.spec
    within, database = catalog_of(of.address.placement.account, spec.database)
    columns: dict[str, Any] = (
        {"ColumnWildcard": {"ExcludedColumnNames": list(spec.columns)}}
        if spec.excluded
        else {"ColumnNames": list(spec.columns)}
    )
    return {
        "TableCatalogId": str(within),
        "DatabaseName": database,
        "TableName": spec.table,
        "Name": of.address.name.rpartition("/")[2],
        "RowFilter": {"FilterExpression": spec.rows} if spec.rows else {"AllRowsWildcard": {}},
        **columns,
    }
