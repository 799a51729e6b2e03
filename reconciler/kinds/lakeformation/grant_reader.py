"""Reading grants: the listings that together show every explicit grant that an account gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

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

Row = tuple[Grant, LastChange | None]
Table = tuple[str, str]
Words = dict[str, set[str]]


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
    own = frozenset() if placement == owner else _own_filters(aws, placement, owner.account)
    for catalog in dict.fromkeys((placement.account, owner.account)):
        tables = _filtered(aws, placement, mesh, own) if catalog == owner.account else ()
        for grant, changed in _listed(aws, placement, catalog, tables):
            if catalog == placement.account or _is_of(placement.account, grant.principal):
                yield _noting_own_filter(grant, own), changed


def _is_of(account: str, principal: str) -> bool:
    """Whether a principal is somebody of an account, and not the account as a whole."""
    return principal != account and account_of(principal) == account


def _listed(aws: Reader, placement: Placement, catalog: str, tables: Iterable[Table]) -> Iterator[Row]:
    """The explicit grants of a catalog; those on the filters of `tables` are asked for table by table.

    Whether a listing without a resource has the grants on data cells filters is not documented; IncludeRelated with a
    table has them. A table that is not shared with the account of `placement` cannot be passed on by it.
    https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html
    """
    yield from _rows(aws, placement, catalog, {"CatalogId": catalog, "MaxResults": 1000})
    hidden = ("EntityNotFoundException", *(("AccessDeniedException",) if catalog != placement.account else ()))
    for database, table in sorted(tables):
        place = {"CatalogId": catalog, "DatabaseName": database, "Name": table}
        request = {"Resource": {"Table": place}, "IncludeRelated": "TRUE", "MaxResults": 1000}
        if aws.read(placement, "lakeformation", "ListPermissions", request, absent=hidden) is not None:
            yield from _rows(aws, placement, catalog, request)


def _rows(aws: Reader, placement: Placement, catalog: str, request: Mapping[str, Any]) -> Iterator[Row]:
    for row in aws.pages(placement, "lakeformation", "ListPermissions", request, items="PrincipalResourcePermissions"):
        for grant in lf_codec.decode(row, catalog):
            yield grant, _changed(row)


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
        received = {
            grant.target
            for grant, _ in (_listed(aws, owner, owner.account, having) if having else ())
            if grant.principal == placement.account or ":organizations:" in grant.principal
        }
        for table in having if received else ():
            words = _words(aws, owner, table)
            if any(_may_reach(target, table, words) for target in received):
                tables.add(table)
    return tables


def _wanted(mesh: Mesh, account: str) -> set[Table]:
    """Tables that a consumer of an account reads by a filter."""
    return {
        (product.database, each.name)
        for subscription in mesh.subscriptions.values()
        if (product := mesh.product(subscription))
        and (reader := mesh.reader_account(mesh.consumer(subscription)))
        and reader.id == account
        for each in subscription.tables
        if each.rows
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
    place = {"CatalogId": placement.account, "DatabaseName": table[0], "Name": table[1]}
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
