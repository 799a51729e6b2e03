"""A crawl: objects are read and tables written in the name of the crawler's role."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.glue.arns import arns
from reconciler.sandbox.services.glue.crawl_run import Outcome
from reconciler.sandbox.services.glue.crawler_output import merges_columns, with_columns_merged
from reconciler.sandbox.services.glue.events import database_changed, table_changed
from reconciler.sandbox.services.glue.groups import Group, groups
from reconciler.sandbox.services.glue.infer import storage
from reconciler.sandbox.services.glue.partitions import add_partition
from reconciler.sandbox.services.glue.places import Place, database_place
from reconciler.sandbox.services.glue.state import Record, StoredTable
from reconciler.sandbox.services.glue.tables import drop_table, replace_table, store_table
from reconciler.sandbox.services.iam.authorize import require
from reconciler.sandbox.services.lakeformation.resources import Database, Table
from reconciler.sandbox.shared.s3_objects import objects, require_read

_UPDATED_BY = "UPDATED_BY_CRAWLER"


def crawled(request: Request, crawler: Record, role: Caller) -> Outcome:
    """Crawl as the role, and tell what was done; what the role may not do ends the crawl with an error."""
    outcome = Outcome()
    try:
        _Crawl(request, crawler, role, outcome).run()
    except AwsError as error:
        outcome.error = f"{error.message} (Error Code: {error.code})"
    return outcome


class _Crawl:
    def __init__(self, request: Request, crawler: Record, role: Caller, outcome: Outcome) -> None:
        self.crawler, self.role, self.outcome = crawler, role, outcome
        self.request = Request(request.world, role, request.region, "glue", "CreateTable", {})
        self.policy: dict[str, str] = crawler["SchemaChangePolicy"]

    def run(self) -> None:
        for target in self.crawler["Targets"].get("CatalogTargets", []):
            place = self._database(target["DatabaseName"])
            for name in target["Tables"]:
                self._refresh(place, name.lower())
        targets = self.crawler["Targets"].get("S3Targets", [])
        if not targets:
            return
        place = self._database(self.crawler["DatabaseName"])
        for target in targets:
            self._require_objects(target["Path"])
            for group in groups(target["Path"], list(objects(target["Path"])), target.get("Exclusions", [])):
                self._write(place, group)
        self._remove_gone(place)

    def _database(self, name: str) -> Place:
        resources = arns(self.request.region, self.role.account, name)
        require(self.request.world, self.role, "glue:GetDatabase", resources, self.request.region)
        return database_place(replace(self.request, operation="GetDatabase"), name)

    def _require_objects(self, uri: str) -> None:
        """The role reads with its own rights in S3, or with Lake Formation's where the crawler says so."""
        settings = self.crawler.get("LakeFormationConfiguration", {})
        world = self.request.world
        if not settings.get("UseLakeFormationCredentials"):
            require_read(world, self.role, uri)
            return
        require(world, self.role, "lakeformation:GetDataAccess", ["*"], self.request.region)
        catalog = settings.get("AccountId") or self.role.account
        found = world.lakeformation.registration(catalog, uri)
        if found is None:
            raise AwsError("AccessDeniedException", f"The location {uri} is not registered with Lake Formation")
        world.lakeformation.authorize_location(self.role, catalog, uri)
        require_read(world, found.reader, uri)

    def _write(self, place: Place, group: Group) -> None:
        name = self.crawler.get("TablePrefix", "").lower() + group.name
        stored: StoredTable | None = place.world.glue.stored(place.catalog, place.name, name)
        given = self._table(name, group, stored.current if stored else None)
        lake = place.world.lakeformation
        if stored is None:
            self._allow(place, "CreateTable", name)
            lake.authorize(self.role, "CREATE_TABLE", Database(place.catalog, place.name))
            store_table(self.role, place, given)
            self.outcome.created.append(name)
            database_changed(place.world, place.catalog, place.name, "CreateTable", [name])
            stored = place.world.glue.stored(place.catalog, place.name, name)
        elif self.policy["UpdateBehavior"] == "UPDATE_IN_DATABASE" and _differs(stored.current, given):
            self._update(place, name, stored, given)
        if stored is not None:
            self._add_partitions(place, name, stored, group)

    def _update(self, place: Place, name: str, stored: StoredTable, given: Record) -> None:
        self._allow(place, "UpdateTable", name)
        place.world.lakeformation.authorize(self.role, "ALTER", Table(place.catalog, place.name, name))
        replace_table(self.role, place, stored, given)
        self.outcome.updated.append(name)
        table_changed(place.world, place.catalog, place.name, name, "UpdateTable")

    def _add_partitions(self, place: Place, name: str, stored: StoredTable, group: Group) -> None:
        new = [(values, uri) for values, uri in group.partitions if values not in stored.partitions]
        if not new or len(stored.current.get("PartitionKeys", [])) != len(group.keys):
            return
        self._allow(place, "BatchCreatePartition", name)
        for values, uri in new:
            descriptor = {**stored.current["StorageDescriptor"], "Location": uri}
            add_partition(place, name, stored, {"Values": list(values), "StorageDescriptor": descriptor})
        self.outcome.partitions += len(new)
        table_changed(
            place.world, place.catalog, place.name, name, "BatchCreatePartition", [values for values, _ in new]
        )

    def _refresh(self, place: Place, name: str) -> None:
        """Bring a table of the catalog up to date with the objects at its location."""
        stored: StoredTable | None = place.world.glue.stored(place.catalog, place.name, name)
        if stored is None:
            raise AwsError("EntityNotFoundException", f"Table {name} not found.")
        uri = stored.current["StorageDescriptor"]["Location"]
        self._require_objects(uri)
        found = groups(uri, list(objects(uri)))
        if len(found) != 1:
            return
        if self.policy["UpdateBehavior"] == "UPDATE_IN_DATABASE":
            given = _kept(stored.current, self._table(name, found[0], stored.current))
            if _differs(stored.current, given):
                self._update(place, name, stored, given)
        self._add_partitions(place, name, stored, found[0])

    def _remove_gone(self, place: Place) -> None:
        """Tables of this crawler whose objects are gone: dropped, marked or left, as its policy says."""
        for table in list(place.world.glue.tables(place.catalog, place.name)):
            if table.get("Parameters", {}).get(_UPDATED_BY) != self.crawler["Name"]:
                continue
            if next(objects(table["StorageDescriptor"]["Location"]), None) is not None:
                continue
            name = table["Name"]
            if self.policy["DeleteBehavior"] == "DELETE_FROM_DATABASE":
                self._allow(place, "DeleteTable", name)
                drop_table(self.role, place, name)
                self.outcome.deleted.append(name)
                database_changed(place.world, place.catalog, place.name, "DeleteTable", [name])
            elif self.policy["DeleteBehavior"] == "DEPRECATE_IN_DATABASE":
                marked = {"DEPRECATED_BY_CRAWLER": str(int(place.world.now().timestamp()))}
                if "DEPRECATED_BY_CRAWLER" not in table["Parameters"]:
                    stored = place.world.glue.stored(place.catalog, place.name, name)
                    self._update(place, name, stored, {**_input(table), "Parameters": table["Parameters"] | marked})

    def _allow(self, place: Place, operation: str, name: str) -> None:
        resources = arns(place.world.region, place.catalog, place.name, name)
        require(self.request.world, self.role, f"glue:{operation}", resources, self.request.region)

    def _table(self, name: str, group: Group, old: Record | None) -> Record:
        size = sum(one.size for one in group.objects)
        rows = group.schema.rows
        parameters = {
            **({k: v for k, v in old.get("Parameters", {}).items() if k != "DEPRECATED_BY_CRAWLER"} if old else {}),
            "classification": group.schema.kind,
            "compressionType": "none",
            "typeOfData": "file",
            "objectCount": str(len(group.objects)),
            "sizeKey": str(size),
            "recordCount": str(rows),
            "averageRecordSize": str(size // rows if rows else 0),
            _UPDATED_BY: self.crawler["Name"],
            "CrawlerSchemaSerializerVersion": "1.0",
            "CrawlerSchemaDeserializerVersion": "1.0",
        }
        if group.schema.kind == "csv":
            parameters |= {"delimiter": group.schema.delimiter, "columnsOrdered": "true", "areColumnsQuoted": "false"}
            if group.schema.header:
                parameters["skip.header.line.count"] = "1"
        table = {
            "Name": name,
            "Owner": "owner",
            "TableType": "EXTERNAL_TABLE",
            "PartitionKeys": [{"Name": key, "Type": "string"} for key in group.keys],
            "Parameters": parameters,
            "StorageDescriptor": storage(group.schema, group.uri),
        }
        return with_columns_merged(old, table) if old and merges_columns(self.crawler) else table


def _differs(old: Record, new: Record) -> bool:
    """Whether columns, place or format changed, or the table comes back from being deprecated."""

    def told(table: Record) -> tuple[Any, ...]:
        descriptor = table.get("StorageDescriptor", {})
        columns = [(c["Name"], c.get("Type")) for c in descriptor.get("Columns", [])]
        return columns, descriptor.get("Location"), "DEPRECATED_BY_CRAWLER" in table.get("Parameters", {})

    return told(old) != told(new)


def _kept(old: Record, new: Record) -> Record:
    """For a table of the catalog: columns and parameters come from the crawl, the rest stays."""
    columns = new["StorageDescriptor"]["Columns"]
    descriptor = {**old["StorageDescriptor"], "Columns": columns}
    return {**_input(old), "StorageDescriptor": descriptor, "Parameters": new["Parameters"]}


def _input(table: Record) -> Record:
    """The part of a table that can be given."""
    kept = ("Name", "Description", "Owner", "StorageDescriptor", "PartitionKeys", "TableType", "Parameters")
    return {k: table[k] for k in kept if k in table}
