"""Reading grants: the listings that together show every explicit grant that an account gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from typing import Any

from reconciler.kinds.common.concurrent_map import concurrent_map
from reconciler.kinds.lakeformation import data_filter, lf_codec
from reconciler.model.address import Placement
from reconciler.model.lakeformation import (
    ALL_TABLES,
    Grant,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnLocation,
    OnTable,
    OnTag,
    OnTagPolicy,
    Target,
    account_of,
)
from reconciler.model.last_change import LastChange
from reconciler.model.reader import Reader, Unseen
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh
from reconciler.spec.nested_fields import needs_filter

Row = tuple[Grant, LastChange | None]
Table = tuple[str, str]
Words = dict[str, set[str]]

_DENIED = ("AccessDeniedException",)


def grants(aws: Reader, placement: Placement, mesh: Mesh) -> Iterator[Row]:
    """The atoms that the account of `placement` gives, and who changed each last.

    Under the central catalog's id an account also sees what it received itself: that is the giver's to keep.
    """
    owner = placements.of_catalog(mesh)
    if placement.region != owner.region:
        # What is shared is passed on where its catalog is; elsewhere are links only.
        for grant, changed in _listed(aws, placement, placement.account, ()):
            yield grant, changed
        return
    if placement == owner:
        yield from _given(aws, mesh)
        return

    def of(catalog: str) -> list[Row]:
        rows = _abroad(aws, placement, mesh) if catalog == owner.account else _listed(aws, placement, catalog, ())
        return list(rows)

    catalogs = placement.account, owner.account
    listed = concurrent_map(of, catalogs)
    own = _own_filters(aws, placement, owner.account)
    for catalog, rows in zip(catalogs, listed, strict=True):
        for grant, changed in rows:
            if catalog == placement.account or (
                _is_of(placement.account, grant.principal) and not _is_received(aws, mesh, grant, changed)
            ):
                yield _noting_own_filter(grant, own), changed


def _is_of(account: str, principal: str) -> bool:
    """Whether a principal is somebody of an account, and not the account as a whole."""
    return principal != account and account_of(principal) == account


def _is_received(aws: Reader, mesh: Mesh, grant: Grant, changed: LastChange | None) -> bool:
    """Whether the central account gave somebody abroad what his account is shown of it, as it is of what reaches its
    administrators.

    Both have to say so: who changed the row, and the central account's own listing, where it stands then.
    """
    owner = placements.of_catalog(mesh)
    if changed is None or changed.by is None or account_of(changed.by) != owner.account:
        return False
    with suppress(Unseen):
        return _atom(grant) in aws.once(
            f"atoms that {owner} gives", lambda: frozenset(_atom(each) for each, _ in _given(aws, mesh))
        )
    return False


def _atom(grant: Grant) -> tuple[str, Target, str]:
    return grant.principal, grant.target, grant.permission


def _given(aws: Reader, mesh: Mesh) -> list[Row]:
    """What the central account gives of its catalog; parsed once for it and for all who receive of it."""
    owner = placements.of_catalog(mesh)

    def rows() -> list[Row]:
        listed = _listed(aws, owner, owner.account, data_filter.filtered_tables(aws, owner, mesh))
        return list(chain(listed, _within(aws, owner, mesh)))

    return aws.once(f"what {owner} gives", rows)


def _within(aws: Reader, placement: Placement, mesh: Mesh) -> Iterator[Row]:
    """Grants on products in catalogs within the central one, whose own listing may have them, or not.

    Such a catalog stands in a resource, never in the request itself (docs/assumptions.md: catalogs-within).
    """
    central = mesh.central.id
    for product in mesh.products.values():
        if product.catalog is not None:
            for name in product.databases:
                for target in (OnDatabase(central, name), OnTable(central, name, ALL_TABLES)):
                    yield from _related(aws, placement, central, {"Resource": lf_codec.encode(target)})
            tables = ((product.database_of(each), each.name) for each in product.tables)
            yield from _of_tables(aws, placement, central, tables)


def _abroad(aws: Reader, placement: Placement, mesh: Mesh) -> Iterator[Row]:
    """What an account is told of the central catalog.

    Whether it may list that catalog as a whole is not documented (docs/assumptions.md: listing-abroad). Where that does
    not tell even what the account received, everything that it received is asked for by itself.
    """
    owner = placements.of_catalog(mesh)
    request = {"CatalogId": owner.account, "MaxResults": 1000}
    is_shown = aws.read(placement, "lakeformation", "ListPermissions", request, absent=_DENIED) is not None
    tables = _filtered(aws, placement, mesh, _own_filters(aws, placement, owner.account))
    if is_shown and next(_raw(aws, placement, request), None):
        yield from _listed(aws, placement, owner.account, tables)
        yield from _within(aws, placement, mesh)
        return
    received = _resources(_received(aws, placement, mesh))
    answers = [_related(aws, placement, owner.account, {"Resource": each}) for each in received]
    if not is_shown and received and not any(answers):
        raise Unseen(f"{placement} is not shown what it gives on the catalog of {owner.account}")
    yield from (row for rows in answers for row in rows)
    yield from _of_tables(aws, placement, owner.account, tables)


def _received(aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Target]:
    """What the central account gives to an account as a whole or to an organization; none where it shows nothing."""
    with suppress(Unseen):
        whole = (grant for grant, _ in _given(aws, mesh))
        return [
            grant.target
            for grant in whole
            if grant.principal == placement.account or ":organizations:" in grant.principal
        ]
    return ()


def _resources(targets: Iterable[Target]) -> list[dict[str, Any]]:
    """The resources to ask for: a table for its columns and filters, a key for its values."""
    found: dict[str, dict[str, Any]] = {}
    values: dict[tuple[str, str], list[str]] = {}
    for target in targets:
        match target:
            case OnTag(catalog, key, value):
                values.setdefault((catalog, key), []).append(value)
                continue
            case OnColumns(catalog, database, table) | OnFilter(catalog, database, table):
                target = OnTable(catalog, database, table)
            case _:
                pass
        found[str(target)] = lf_codec.encode(target)
    for (catalog, key), some in values.items():
        found[key] = {"LFTag": {"CatalogId": catalog, "TagKey": key, "TagValues": sorted(some)}}
    return [found[name] for name in sorted(found)]


def _listed(aws: Reader, placement: Placement, catalog: str, tables: Iterable[Table]) -> Iterator[Row]:
    """The explicit grants of a catalog; those on the filters of `tables` are asked for table by table.

    Whether a listing without a resource has the grants on data cells filters is not documented; IncludeRelated with a
    table has them. A table that is not shared with the account of `placement` cannot be passed on by it.
    https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html
    """
    yield from _rows(aws, placement, catalog, {"CatalogId": catalog, "MaxResults": 1000})
    yield from _of_tables(aws, placement, catalog, tables)


def _of_tables(aws: Reader, placement: Placement, catalog: str, tables: Iterable[Table]) -> Iterator[Row]:
    """Grants on tables and all that is in them, filters too."""
    for database, table in sorted(tables):
        place = {**lf_codec.in_database(catalog, database), "Name": table}
        yield from _related(aws, placement, catalog, {"Resource": {"Table": place}, "IncludeRelated": "TRUE"})


def _related(aws: Reader, placement: Placement, catalog: str, asked: Mapping[str, Any]) -> list[Row]:
    """Grants on one resource; none where there is no such thing, or another account's is not shown."""
    hidden = ("EntityNotFoundException", *(_DENIED if catalog != placement.account else ()))
    request = {**asked, "MaxResults": 1000}
    if aws.read(placement, "lakeformation", "ListPermissions", request, absent=hidden) is None:
        return []
    return list(_rows(aws, placement, catalog, request))


def _rows(aws: Reader, placement: Placement, catalog: str, request: Mapping[str, Any]) -> Iterator[Row]:
    for row in _raw(aws, placement, request):
        for grant in lf_codec.decode(row, catalog):
            yield grant, _changed(row)


def _raw(aws: Reader, placement: Placement, request: Mapping[str, Any]) -> Iterator[Any]:
    return aws.pages(placement, "lakeformation", "ListPermissions", request, items="PrincipalResourcePermissions")


def _filtered(aws: Reader, placement: Placement, mesh: Mesh, own: frozenset[OnFilter]) -> set[Table]:
    """Tables on whose filters an account may give something.

    In the central account all that have filters. Elsewhere those of them of which the account received anything, by
    whatever grant, and those for which it made filters itself.
    """
    owner = placements.of_catalog(mesh)
    if placement == owner:
        return data_filter.filtered_tables(aws, owner, mesh)
    tables = {(each.database, each.table) for each in own} | _wanted(mesh, placement.account)
    # What the central account cannot show now is not asked for, and so neither found nor revoked.
    with suppress(Unseen):
        having = data_filter.filtered_tables(aws, owner, mesh)
        received = set(_received(aws, placement, mesh) if having else ())
        for table in having if received else ():
            words = _words(aws, owner, table)
            if any(_may_reach(target, table, words) for target in received):
                tables.add(table)
    return tables


def _wanted(mesh: Mesh, account: str) -> set[Table]:
    """Tables that a consumer of an account reads by a filter."""
    return {
        (product.database_of(product.table(each.name)), each.name)
        for subscription in mesh.subscriptions.values()
        if (product := mesh.product(subscription))
        and (reader := mesh.reader_account(mesh.consumer(subscription)))
        and reader.id == account
        for each in subscription.tables
        if needs_filter(product.table(each.name), each)
    }


def _may_reach(target: Target, table: Table, words: Words) -> bool:
    """Whether a grant may give something on a table that carries these tags."""
    match target:
        case OnTable() | OnColumns() | OnFilter():
            return target.database == table[0] and target.table in (ALL_TABLES, table[1])
        case OnTagPolicy(of="TABLE", terms=terms):
            return all(words.get(key, set()) & {*values} or ("*" in values and key in words) for key, values in terms)
        case OnDatabase() | OnTag() | OnLocation() | OnTagPolicy():
            return False
        case _:
            return True


def _words(aws: Reader, placement: Placement, table: Table) -> Words:
    """The values of each LF-tag that a table, its database or any column of it carries."""
    place = {**lf_codec.in_database(placement.account, table[0]), "Name": table[1]}
    request = {"CatalogId": placement.account, "Resource": {"Table": place}}
    row = aws.read(placement, "lakeformation", "GetResourceLFTags", request, absent=("EntityNotFoundException",)) or {}
    on_columns = (column.get("LFTags", ()) for column in row.get("LFTagsOnColumns", ()))
    words: Words = {}
    for tags in (row.get("LFTagOnDatabase", ()), row.get("LFTagsOnTable", ()), *on_columns):
        for tag in tags:
            words.setdefault(tag["TagKey"].lower(), set()).update(value.lower() for value in tag["TagValues"])
    return words


def _own_filters(aws: Reader, placement: Placement, catalog: str) -> frozenset[OnFilter]:
    """The filters that an account made itself for tables of another catalog that are shared with it.

    https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListDataCellsFilter.html
    """
    request, absent = {"MaxResults": 1000}, ("EntityNotFoundException", "InvalidInputException")
    if aws.read(placement, "lakeformation", "ListDataCellsFilter", request, absent=absent) is None:
        return frozenset()
    rows = aws.pages(placement, "lakeformation", "ListDataCellsFilter", request, items="DataCellsFilters")
    return frozenset(
        OnFilter(catalog, row["DatabaseName"].lower(), row["TableName"].lower(), row["Name"])
        for row in rows
        if row["TableCatalogId"] == catalog
    )


def _noting_own_filter(grant: Grant, own: frozenset[OnFilter]) -> Grant:
    """A grant with the remark that its filter is not the one of that name which the table's owner made."""
    if isinstance(grant.target, OnFilter) and grant.target in own:
        return replace(grant, target=replace(grant.target, own=True))
    return grant


def _changed(row: Mapping[str, Any]) -> LastChange | None:
    """Who last changed a row, and when."""
    by, at = row.get("LastUpdatedBy"), row.get("LastUpdated")
    return LastChange(by or None, at) if by or at else None
