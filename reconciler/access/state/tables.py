"""The tables of a snapshot as views of them: columns, effective tags, places, filters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from reconciler.access.algebra.tag_signature import (
    Key,
    TagSet,
    TagSignature,
    overridden,
    signature_key,
    signature_of,
    with_tag,
)
from reconciler.access.state.table_view import TableId, TableView
from reconciler.kinds.databrew.filled import Filled, filled
from reconciler.kinds.glue.column_identity import Layout
from reconciler.kinds.glue.database import Database
from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.data_filter import DataFilter
from reconciler.kinds.lakeformation.location import Location
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.model.resource import Snapshot

Tags = dict[str, str]


def table_views(snapshot: Snapshot) -> Iterator[TableView]:
    """Every table and view; a link among the tables is none."""
    tags = _assigned(snapshot)
    filters = _filters(snapshot)
    places = _places(snapshot)
    recipes = filled(snapshot)
    signatures: dict[Key, TagSignature] = {}
    for resource in snapshot.of(Table):
        spec, catalog = resource.spec, resource.address.placement.account
        if "TargetTable" in spec.rest:
            continue
        place = TableId(catalog, spec.database, spec.table)
        of_database = tags.get((catalog, spec.database), {})
        said = of_database.get(spec.table, {})
        found = _filled(spec.layout, recipes.get(f"{spec.storage.location.rstrip('/')}/") if recipes else None)
        key = signature_key(
            overridden(of_database.get("", {}).get("", ()), said.get("", ())),
            (said.get(name, ()) for name in found.columns),
            len(spec.partition_keys),
            spec.is_view,
        )
        signature = signatures.get(key)
        if signature is None:
            signature = signatures[key] = signature_of(key)
        within, _, _ = spec.database.rpartition("/")
        uri = _in_s3_tables(within) if within else spec.storage.location
        registered, hybrid = _served(uri, places.get(catalog, {}))
        yield TableView(
            place,
            found,
            signature,
            region=resource.address.placement.region,
            files="" if spec.is_view or within else spec.storage.location,
            registered=registered or spec.is_view,
            hybrid=hybrid,
            has_row_policy=bool(spec.rest.get("RLSProperties")),
            filters=filters.get(place, {}),
        )


def _filled(layout: Layout, by: Filled | None) -> Layout:
    """A table whose files a recipe writes shows what that makes of the raw files."""
    if by is None:
        return layout
    return replace(layout, reading=replace(layout.reading, raw=by.raw, filled=by.settings))


def database_tags(snapshot: Snapshot) -> dict[tuple[str, str], Tags]:
    """The LF-tags of every database, by catalog and name."""
    found: dict[tuple[str, str], Tags] = {
        (each.address.placement.account, each.address.name): {} for each in snapshot.of(Database)
    }
    for each in snapshot.of(Table):
        found.setdefault((each.address.placement.account, each.spec.database), {})
    for tag in snapshot.of(TagAssignment):
        if not tag.spec.place.table:
            found.setdefault((tag.address.placement.account, tag.spec.place.database), {})[tag.spec.key] = (
                tag.spec.value
            )
    return found


def _assigned(snapshot: Snapshot) -> dict[tuple[str, str], dict[str, dict[str, TagSet]]]:
    """What each place says itself, by catalog and database, table and column; "" stands for the whole."""
    found: dict[tuple[str, str], dict[str, dict[str, TagSet]]] = {}
    for resource in snapshot.of(TagAssignment):
        spec = resource.spec
        database, table, column = spec.place
        tables = found.setdefault((resource.address.placement.account, database), {})
        columns = tables.setdefault(table, {})
        columns[column] = with_tag(columns.get(column, ()), spec.key, spec.value)
    return found


def _filters(snapshot: Snapshot) -> dict[TableId, dict[str, DataFilter]]:
    found: dict[TableId, dict[str, DataFilter]] = {}
    for resource in snapshot.of(DataFilter):
        spec = resource.spec
        place = TableId(resource.address.placement.account, spec.database, spec.table)
        found.setdefault(place, {})[resource.address.name.rpartition("/")[2]] = spec
    return found


def _places(snapshot: Snapshot) -> dict[str, dict[str, dict[str, bool]]]:
    """By catalog and bucket: the registered paths, and whether each is in hybrid access mode."""
    found: dict[str, dict[str, dict[str, bool]]] = {}
    for resource in snapshot.of(Location):
        bucket, _, path = resource.address.name.rpartition(":")[2].partition("/")
        by_bucket = found.setdefault(resource.address.placement.account, {})
        by_bucket.setdefault(bucket, {})[path.strip("/*")] = resource.spec.hybrid
    return found


def _in_s3_tables(catalog: str) -> str:
    """A catalog of a table bucket, as `_places` has what is registered of it (arn:aws:s3tables:...:bucket/name, or *).

    https://docs.aws.amazon.com/lake-formation/latest/dg/create-s3-tables-catalog.html
    """
    first, _, bucket = catalog.partition("/")
    return f"s3tables://bucket/{bucket}" if first == "s3tablescatalog" else ""


def _served(uri: str, places: Mapping[str, Mapping[str, bool]]) -> tuple[bool, bool]:
    """Whether a place is registered, and whether its nearest registration is hybrid. No place needs none."""
    if not uri:
        return True, False
    bucket, _, path = uri.partition("://")[2].partition("/")
    known, steps = places.get(bucket, {}), path.strip("/").split("/")
    for count in range(len(steps), -1, -1):
        hybrid = known.get("/".join(steps[:count]))
        if hybrid is not None:
            return True, hybrid
    return False, False
