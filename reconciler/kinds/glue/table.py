"""Glue tables of the central catalog, as the product declares them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.common.concurrent_map import concurrent_map
from reconciler.kinds.common.marks import MARK
from reconciler.kinds.common.owner import Owner, owner_by_mark
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.common.side_effects import REVOKING, TABLES_GONE
from reconciler.kinds.glue import database
from reconciler.kinds.glue.column import Column, as_spelled, columns_of, declared, rows_of
from reconciler.kinds.glue.column_identity import NO_FILES, Layout, field_ids, reading_of
from reconciler.kinds.glue.storage_descriptor import (
    Storage,
    encode,
    found_storage,
    merged_storage,
    properties_of,
    storage_of,
)
from reconciler.kinds.kind import Kind
from reconciler.kinds.lakeformation.lf_codec import in_database
from reconciler.kinds.sharing import reconciler_rights
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call, digest_of
from reconciler.model.change import Change, Create, Delete
from reconciler.model.lakeformation import OnTable
from reconciler.model.plan import Foreign
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource, Snapshot
from reconciler.spec import placements
from reconciler.spec.data_places import table_location
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.table import Table as Declared
from reconciler.spec.managed import is_managed
from reconciler.spec.mesh import Mesh
from reconciler.spec.pieces import piece
from reconciler.spec.table_settings import free

PRODUCT = "meshform:product"
CONTRACT = "meshform:contract"
"""Parameter with the digest of the columns as they were declared last: what differs from them since is drift."""
_CURRENT = "iceberg.field.current"
_COPIED = (
    "Owner",
    "Retention",
    "ViewOriginalText",
    "ViewExpandedText",
    "TableType",
    "TargetTable",
    "LastAccessTime",
    "LastAnalyzedTime",
)


@dataclass(frozen=True, slots=True)
class Table:
    """The declared part of a table. `rest` is the table as AWS has it, for writing it back.

    A table is `open` where a crawler may add columns to the declared ones, and `external` where its writer makes and
    changes it: then it is never written. `maker` is the role that makes it.
    """

    database: str
    table: str
    description: str
    columns: tuple[Column, ...]
    partition_keys: tuple[Column, ...]
    storage: Storage
    parameters: tuple[tuple[str, str], ...]
    type: str = field(default="EXTERNAL_TABLE", compare=False)
    open: bool = field(default=False, compare=False)
    external: bool = field(default=False, compare=False)
    maker: str = field(default="", compare=False)
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def types(self) -> Mapping[str, str]:
        """The type of every column and partition key."""
        return {column.name: column.type for column in (*self.columns, *self.partition_keys)}

    @property
    def layout(self) -> Layout:
        """Its columns, and how their values are found in its files."""
        names = tuple(column.name for column in (*self.columns, *self.partition_keys))
        reading = NO_FILES if self.is_view else reading_of(self.storage, self.parameters)
        rows = self.rest.get("StorageDescriptor", {}).get("Columns", ()) if reading.format == "iceberg" else ()
        ids = field_ids((column.name for column in self.columns), rows)
        return Layout(reading, names, len(self.partition_keys), ids)

    @property
    def queried(self) -> Table:
        """The table as queries see it: Iceberg's writers leave columns of earlier schemas in Glue, marked as such.

        https://github.com/apache/iceberg: IcebergToGlueConverter writes `iceberg.field.current`.
        """
        rows = self.rest.get("StorageDescriptor", {}).get("Columns", ())
        gone = {row["Name"].lower() for row in rows if row.get("Parameters", {}).get(_CURRENT) == "false"}
        if not gone or self.layout.reading.format != "iceberg":
            return self
        return replace(self, columns=tuple(column for column in self.columns if column.name not in gone))

    def is_written_by_others(self, found: Table) -> bool:
        """Whether its writer keeps it: it is declared so, or an engine with metadata of its own has taken it over."""
        return self.external or found.layout.reading.format in ("iceberg", "delta")

    @property
    def is_view(self) -> bool:
        """Whether it is a view: it has its own rights and no files."""
        return self.type == "VIRTUAL_VIEW"


class TableKind(Kind[Table]):
    """An external table over the files of a product.

    https://docs.aws.amazon.com/glue/latest/webapi/API_TableInput.html
    """

    name = addresses.TABLE
    summary = "Tables of products, with their declared columns."
    decides_access = True
    governed = True
    parts = frozenset({"central"})
    reads = ("glue:GetDatabases", "glue:GetTables")
    writes = ("glue:CreateTable", "glue:UpdateTable", "glue:DeleteTable", *REVOKING)
    changed_by = ("glue:CreateTable", "glue:UpdateTable", *TABLES_GONE)

    def mentions(self, resource: Resource[Table]) -> tuple[str, ...]:
        return resource.spec.database, resource.spec.table

    def listed_by(self, resource: Resource[Table]) -> str:
        return resource.spec.database

    def desired(self, mesh: Mesh) -> Iterable[Resource[Table]]:
        return chain.from_iterable(piece(mesh, _of_product, product) for product in mesh.products.values())

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Table]]:
        def rows(name: str) -> list[Any]:
            request = {**in_database(placement.account, name), "MaxResults": 100}
            return list(aws.pages(placement, "glue", "GetTables", request, items="TableList"))

        names, maker = list(database.own_databases(aws, placement, mesh)), reconciler_rights.apply_role_arn(mesh)
        for name, listed in zip(names, concurrent_map(rows, names), strict=True):
            for row in listed:
                yield Resource(addresses.table(placement, name, row["Name"].lower()), _found(name, row, maker))

    def needs(self, resource: Resource[Table]) -> Iterable[Address]:
        placement, spec = resource.address.placement, resource.spec
        yield addresses.database(placement, spec.database)
        if spec.maker:
            yield from reconciler_rights.on_database(placement, spec.maker, spec.database)

    def before(self, change: Change) -> Iterable[Address]:
        """A right of the apply role on the table itself goes when the table is gone."""
        if isinstance(change, Delete):
            spec = change.have.spec
            yield from reconciler_rights.on_table(change.address.placement, spec.maker, spec.database, spec.table)

    def owner(self, have: Resource[Table], ownership: Ownership) -> Owner:
        inside = have.spec.database in ownership.databases
        note = "a table that no product declares" if inside else ""
        return owner_by_mark(dict(have.spec.parameters).get(MARK), ownership.mesh, note)

    def merge_unmanaged(self, want: Resource[Table], have: Resource[Table]) -> Resource[Table]:
        """What crawlers and engines note and columns of a crawler stay; an external table stays as it is.

        What decides how the files are read is the mesh's alone, so what no document says any more is taken away.
        """
        if want.spec.is_written_by_others(have.spec):
            return replace(want, spec=replace(have.spec, external=True))
        columns = as_spelled(want.spec.columns, have.spec.columns)
        if want.spec.open:
            # Where a column is its place, only what stands behind the declared ones can be somebody else's.
            first = len(columns) if "place" in want.spec.layout.reading.by else 0
            columns += tuple(column for column in have.spec.columns[first:] if column.name not in want.spec.types)
        parameters = tuple(sorted({**free(have.spec.parameters), **dict(want.spec.parameters)}.items()))
        storage = merged_storage(want.spec.storage, have.spec.storage)
        return replace(want, spec=replace(want.spec, columns=columns, parameters=parameters, storage=storage))

    def blocked(self, change: Change, foreign: Iterable[Foreign]) -> str | None:
        if isinstance(change, Create) and change.want.spec.external:
            return "its writer has not made it yet: it is declared as external"
        return None

    def shortfalls(self, want: Resource[Table], have: Resource[Table]) -> Iterable[str]:
        """What does not fit its declaration breaks readers and not the mesh: the gate schema-drift speaks of it."""
        return ()

    def lacks(self, change: Change, changes: Mapping[Address, Change], found: Snapshot) -> str | None:
        """A database of somebody else's in which new tables are open to whoever IAM allows."""
        if not isinstance(change, Create):
            return None
        where = addresses.database(change.address.placement, change.want.spec.database)
        inside = found.get(where)
        if inside is None or where in changes or inside.spec.by_default == "[]":
            return None
        return (
            f"new tables of {where.name} are open to {inside.spec.by_default[1:-1]}: set its "
            "CreateTableDefaultPermissions to [] (aws glue update-database)"
        )

    def create(self, want: Resource[Table]) -> tuple[Call, ...]:
        """Nobody is to read the data by having made the table, so what AWS gives to its maker is given back."""
        placement, made = (
            want.address.placement,
            OnTable(want.address.placement.account, want.spec.database, want.spec.table),
        )
        create = self._call(want, "CreateTable", TableInput=_input(want.spec, {}))
        return (create, reconciler_rights.given_back(placement, want.spec.maker, made))

    def update(self, have: Resource[Table], want: Resource[Table]) -> tuple[Call, ...]:
        more = {"VersionId": have.spec.rest["VersionId"]} if "VersionId" in have.spec.rest else {}
        return (self._call(want, "UpdateTable", TableInput=_input(want.spec, have.spec.rest), **more),)

    def delete(self, have: Resource[Table]) -> tuple[Call, ...]:
        return (self._call(have, "DeleteTable", frozenset({"EntityNotFoundException"}), Name=have.spec.table),)

    def _call(
        self, of: Resource[Table], operation: str, success_errors: frozenset[str] = frozenset(), /, **params: object
    ) -> Call:
        placement = of.address.placement
        place = in_database(placement.account, of.spec.database)
        return Call(placement, "glue", operation, {**place, **params}, success_errors=success_errors)


def _of_product(mesh: Mesh, product: Product) -> Iterable[Resource[Table]]:
    for number, table in enumerate(product.tables):
        spec = _declared(mesh, product, table)
        yield Resource(
            addresses.table(placements.of_database(mesh, product), spec.database, table.name),
            spec,
            product.at("tables", number),
            mode=mesh.domain(product).resources,
        )


def _declared(mesh: Mesh, product: Product, table: Declared) -> Table:
    columns = tuple(declared(each.name, each.type, each.description or "") for each in table.columns)
    keys = tuple(declared(each.name, each.type, each.description or "") for each in table.partition_keys)
    parameters = {
        **properties_of(table),
        MARK: mesh.name,
        PRODUCT: product.name,
        CONTRACT: digest_of([[column.name, column.type] for column in (*columns, *keys)]),
        "EXTERNAL": "TRUE",
    }
    return Table(
        database=product.database_of(table),
        table=table.name,
        description=table.description or "",
        columns=columns,
        partition_keys=keys,
        storage=storage_of(table, table_location(mesh, product, table)),
        parameters=tuple(sorted(parameters.items())),
        open=product.crawler is not None,
        type="VIRTUAL_VIEW" if table.format == "view" else "EXTERNAL_TABLE",
        external=table.definition == "external" or product.catalog is not None or not is_managed(mesh.domain(product)),
        maker=reconciler_rights.apply_role_arn(mesh),
    )


def _found(database_name: str, row: Mapping[str, Any], maker: str) -> Table:
    storage = row.get("StorageDescriptor", {})
    return Table(
        database=database_name,
        table=row["Name"].lower(),
        description=row.get("Description", ""),
        columns=columns_of(storage.get("Columns", ())),
        partition_keys=columns_of(row.get("PartitionKeys", ())),
        storage=found_storage(storage),
        parameters=tuple(sorted(row.get("Parameters", {}).items())),
        type=row.get("TableType", ""),
        rest=row,
        maker=maker,
    )


def _input(spec: Table, rest: Mapping[str, Any]) -> dict[str, Any]:
    """The TableInput on top of what is there: UpdateTable replaces the whole."""
    kept, stored = {name: rest[name] for name in _COPIED if name in rest}, rest.get("StorageDescriptor", {})
    return {
        **kept,
        "Name": spec.table,
        "Description": spec.description,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": dict(spec.parameters),
        "PartitionKeys": rows_of(spec.partition_keys, rest.get("PartitionKeys", ())),
        "StorageDescriptor": {
            **stored,
            "Columns": rows_of(spec.columns, stored.get("Columns", ())),
            **encode(spec.storage, stored.get("SerdeInfo", {})),
        },
    }
