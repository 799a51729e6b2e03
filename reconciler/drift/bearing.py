"""Bearing: which deviations may have to do with what somebody reads or no longer reads."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.access import AccessEntry
from reconciler.drift.deviations import Deviation
from reconciler.kinds.glue.database import Database
from reconciler.kinds.glue.resource_link import ResourceLink
from reconciler.kinds.glue.table import Table
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.lakeformation.data_filter import DataFilter
from reconciler.kinds.lakeformation.opt_in import OptIn
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.ram.ram_acceptance import Acceptance
from reconciler.model.lakeformation import (
    ALL_TABLES,
    IAM_ALLOWED_PRINCIPALS,
    Grant,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnTable,
    Target,
    account_of,
)

_GIVING = Grant | OptIn | ResourceLink | Acceptance | Role
"""What gives by being there: nobody gains by its going, or loses by its coming."""


def bearing(entries: Iterable[AccessEntry], deviations: Iterable[Deviation], *, gained: bool) -> tuple[Deviation, ...]:
    """The deviations of which it may follow that somebody has more (`gained`) or less than he should.

    A permission that came by hand explains what its holder has more; nothing else is looked for then.
    """
    every, not_by = tuple(entries), "went" if gained else "came"
    found = tuple(
        each
        for each in deviations
        if not (each.way == not_by and isinstance(each.resource.spec, _GIVING))
        and any(_bears(each, entry) for entry in every)
    )
    given = tuple(each for each in found if each.way == "came" and isinstance(each.resource.spec, Grant))
    return given if gained and given else found


def _bears(deviation: Deviation, entry: AccessEntry) -> bool:
    place, account = entry.place, deviation.address.placement.account
    match deviation.resource.spec:
        case Grant(principal=principal, target=target):
            return _reaches(principal, entry.principal) and _is_on(target, entry)
        case OptIn(principal=principal, target=target):
            return _reaches(principal, entry.principal) and _is_on(target, entry)
        case TagAssignment(place=tagged):
            inside = tagged.table in ("", place.table) and (tagged.column in ("", *entry.columns))
            return tagged.database == place.database and inside
        case Table(database=database, table=table) | DataFilter(database=database, table=table):
            return (database, table) == (place.database, place.table)
        case Database():
            return deviation.address.name == place.database
        case ResourceLink(database=database):
            return account == entry.account and database == place.database
        case Acceptance():
            return account == entry.account
        case Role() if deviation.resource.handle == entry.principal:
            return True  # Its tags decide what permissions under a condition give.
        case _:
            # What IAM decides is opened by policies and settings of many sorts, none of which names a table.
            return entry.change in ("path", "opened") and account in (entry.account, place.catalog)


def _reaches(grantee: str, principal: str) -> bool:
    """Whether what a grantee has may be what a principal has: himself, his account, everybody."""
    return grantee in (principal, account_of(principal), IAM_ALLOWED_PRINCIPALS) or account_of(grantee) is None


def _is_on(target: Target, entry: AccessEntry) -> bool:
    """Whether a target is the thing, or may be: tags say of no table by its name. A link has a name of its own."""
    match target:
        case OnTable(database=database, table=table):
            return database == entry.place.database and table in (ALL_TABLES, entry.place.table)
        case OnColumns(database=database, table=table) | OnFilter(database=database, table=table):
            return (database, table) == (entry.place.database, entry.place.table)
        case OnDatabase(catalog=catalog, database=database):
            return database == entry.place.database or catalog != entry.place.catalog
        case _:
            return True
