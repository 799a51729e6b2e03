"""The reading of measures: like a kind of resource that nobody wants and nobody makes, and that plans do not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from reconciler.kinds.common.concurrent_map import concurrent_map
from reconciler.kinds.common.owner import UNMARKABLE, Owner
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.glue.ruleset import RulesetKind, ruleset_name
from reconciler.kinds.kind import Kind
from reconciler.kinds.lakeformation.lf_codec import in_database
from reconciler.measures.measure import Measure
from reconciler.measures.newest import Files, Seen, newest, split
from reconciler.measures.quality_results import Results, quality_results
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.reader import Reader, Unseen
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.data_places import data_place, data_places
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.table import Table
from reconciler.spec.mesh import Mesh

NAME = "measure"
Row = Mapping[str, Any]


class MeasureKind(Kind[Measure]):
    """In the home region of the producer's account, whose role lists the buckets and reads the results.

    `passing` reads what is asked once and is large: pages of objects. It is the same reader where it is left out.
    """

    name = NAME
    summary = "How new the data of a table are, and what the latest quality run said."
    parts = frozenset({"producer", "central"})
    reads = (
        "glue:GetDataQualityResult",
        "glue:GetPartitions",
        "glue:GetTables",
        "glue:ListDataQualityResults",
        "s3:ListBucket",
    )

    def __init__(self, passing: Reader | None = None, now: datetime | None = None) -> None:
        self._passing, self._now = passing, now or datetime.now(UTC)

    def placements(self, mesh: Mesh) -> Iterable[Placement]:
        return tuple(sorted({placements.of_product(mesh, product) for product in mesh.products.values()}))

    def desired(self, mesh: Mesh) -> Iterable[Resource[Measure]]:
        return ()

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Measure]]:
        products = [each for each in mesh.products.values() if placements.of_product(mesh, each) == placement]
        results = self._results(aws, placement, mesh)

        def measured(of: tuple[Product, Table]) -> Resource[Measure]:
            measure = self._measure(aws, mesh, *of, results)
            return Resource(Address(NAME, placement, f"{measure.database}.{measure.table}"), measure)

        return concurrent_map(measured, ((product, table) for product in products for table in product.tables))

    def _measure(self, aws: Reader, mesh: Mesh, product: Product, table: Table, results: Results | Unseen) -> Measure:
        unseen: list[str] = []
        seen = Seen(whole=False)
        try:
            files = _files(aws, mesh, product, table)
            seen = newest(self._passing or aws, files)
        except Unseen as error:
            unseen.append(str(error))
        quality = None
        if table.quality and isinstance(results, Unseen):
            unseen.append(str(results))
        elif table.quality and isinstance(results, Results):
            quality = results.by_ruleset.get(ruleset_name(mesh, product, table))
            if quality is None and not results.whole:
                unseen.append("the account has more quality results than are looked at")
        database = product.database_of(table)
        return Measure(database, table.name, seen.newest, seen.by, seen.whole, quality, tuple(unseen))

    def _results(self, aws: Reader, placement: Placement, mesh: Mesh) -> Results | Unseen:
        rulesets = RulesetKind().wanted(mesh, placement).items()
        tables = {(each.spec.database.lower(), each.spec.table.lower()): where.name for where, each in rulesets}
        try:
            return quality_results(self._passing or aws, placement, tables, self._now)
        except Unseen as error:
            return error

    def owner(self, have: Resource[Measure], ownership: Ownership) -> Owner:
        return UNMARKABLE

    def create(self, want: Resource[Measure]) -> tuple[Call, ...]:
        raise AssertionError(f"nobody wants a measure: {want.address}")

    def update(self, have: Resource[Measure], want: Resource[Measure]) -> tuple[Call, ...]:
        raise AssertionError(f"nobody wants a measure: {want.address}")

    def delete(self, have: Resource[Measure]) -> tuple[Call, ...]:
        raise AssertionError(f"a measure is nothing to delete: {have.address}")


def _files(aws: Reader, mesh: Mesh, product: Product, table: Table) -> Files:
    """Where the files of a table are by the catalog. Raises Unseen where it says nothing, or names no files of ours."""
    catalog, database = placements.of_database(mesh, product), product.database_of(table)
    row = _rows(aws, catalog, database).get(table.name)
    if row is None:
        raise Unseen("the catalog shows no such table")
    if row.get("TableType") == "VIRTUAL_VIEW":
        raise Unseen("it is a view: it has no files")
    bucket, key = split(row.get("StorageDescriptor", {}).get("Location", ""))
    place = next(_places(mesh, product, table, bucket), None)
    if place is None:
        raise Unseen("its files are in no bucket of its domain")
    is_iceberg = row.get("Parameters", {}).get("table_type", "").upper() == "ICEBERG"
    return Files(catalog, database, table.name, bucket, key, place, bool(row.get("PartitionKeys")), is_iceberg)


def _rows(aws: Reader, catalog: Placement, database: str) -> Mapping[str, Row]:
    """The tables of a database by name; asked as the kind of tables does it, so that it is asked once."""

    def rows() -> Mapping[str, Row]:
        request = {**in_database(catalog.account, database), "MaxResults": 100}
        return {row["Name"].lower(): row for row in aws.pages(catalog, "glue", "GetTables", request, items="TableList")}

    return aws.once(f"measured tables of {database}", rows)


def _places(mesh: Mesh, product: Product, table: Table, bucket: str) -> Iterator[Placement]:
    """Where a bucket is; one that no document names is not asked."""
    own = data_place(mesh, product, table)
    if bucket:
        yield from (each.placement for each in (own, *data_places(mesh, own.domain)) if each.bucket == bucket)
        if table.path.startswith(f"s3://{bucket}/"):
            yield own.placement
