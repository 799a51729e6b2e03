"""Reading grants: the listings that together show every explicit grant that an account gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from reconciler.kinds import data_filter, wire
from reconciler.kinds.land import central
from reconciler.model.address import Cell
from reconciler.model.lakeformation import Grant, OnFilter, account_of
from reconciler.model.reader import Reader, Unseen
from reconciler.spec.mesh import Mesh

Row = tuple[Grant, str | None]
Table = tuple[str, str]


def grants(aws: Reader, cell: Cell, mesh: Mesh) -> Iterator[Row]:
    """The atoms that the account of `cell` gives, and who changed each last.

    Under the central catalog's id an account also sees what it received itself: that is the giver's to keep.
    """
    owner = central(mesh)
    for catalog in dict.fromkeys((cell.account, owner.account)):
        tables = _filtered(aws, cell, mesh) if catalog == owner.account else ()
        for grant, note in _listed(aws, cell, catalog, tables):
            if catalog == cell.account or _is_of(cell.account, grant.principal):
                yield grant, note


def _is_of(account: str, principal: str) -> bool:
    """Whether a principal is somebody of an account, and not the account as a whole."""
    return principal != account and account_of(principal) == account


def _listed(aws: Reader, cell: Cell, catalog: str, tables: Iterable[Table]) -> Iterator[Row]:
    """The explicit grants of a catalog; those on the filters of `tables` are asked for table by table.

    Whether a listing without a resource has the grants on data cells filters is not documented; IncludeRelated with a
    table has them. A table that is not shared with the account of `cell` cannot be passed on by it.
    https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html
    """
    yield from _rows(aws, cell, catalog, {"CatalogId": catalog, "MaxResults": 1000})
    hidden = ("EntityNotFoundException", *(("AccessDeniedException",) if catalog != cell.account else ()))
    for database, table in sorted(tables):
        place = {"CatalogId": catalog, "DatabaseName": database, "Name": table}
        request = {"Resource": {"Table": place}, "IncludeRelated": "TRUE", "MaxResults": 1000}
        if aws.read(cell, "lakeformation", "ListPermissions", request, absent=hidden) is not None:
            yield from _rows(aws, cell, catalog, request)


def _rows(aws: Reader, cell: Cell, catalog: str, request: Mapping[str, Any]) -> Iterator[Row]:
    for row in aws.pages(cell, "lakeformation", "ListPermissions", request, items="PrincipalResourcePermissions"):
        for grant in wire.read(row, catalog):
            yield grant, _changed(row)


def _filtered(aws: Reader, cell: Cell, mesh: Mesh) -> set[Table]:
    """Tables with filters: in the central account all of them, elsewhere those that are shared with the account."""
    owner = central(mesh)
    if cell == owner:
        return data_filter.filtered_tables(aws, owner, mesh)
    tables = _wanted(mesh, cell.account)
    # What the central account cannot show now is not asked for, and so neither found nor revoked.
    with suppress(Unseen):
        for grant, _ in _listed(aws, owner, owner.account, data_filter.filtered_tables(aws, owner, mesh)):
            if isinstance(grant.target, OnFilter) and grant.principal == cell.account:
                tables.add((grant.target.database, grant.target.table))
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


def _changed(row: Mapping[str, Any]) -> str | None:
    """Who last changed a row, and when."""
    by, at = row.get("LastUpdatedBy"), row.get("LastUpdated")
    if not by and not at:
        return None
    when = f" at {at:%Y-%m-%d %H:%M}" if at else ""
    return f"last changed{f' by {by}' if by else ''}{when}"
