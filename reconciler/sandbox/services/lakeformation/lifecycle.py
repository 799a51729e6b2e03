"""What comes and goes with databases and tables: defaults, creators' grants, and what is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.services.lakeformation.permissions import DATABASE, LINK, TABLE, VIEW, split
from reconciler.sandbox.services.lakeformation.resources import Database, Resource, Table

if TYPE_CHECKING:
    from reconciler.sandbox.core.identity import Caller
    from reconciler.sandbox.services.lakeformation.store import Store


def created(lf: Store, caller: Caller, catalog: str, database: str, table: str | None) -> None:
    """Grant a new object to its creator with grant option, and to everyone if the defaults say so.

    Databases follow the settings of the account, tables those of their database, which it took over from
    the account when it was made (implicit-permissions, change-settings).
    """
    settings = lf.settings(catalog)
    home = lf.world.glue.database(catalog, database) or {}
    if table is None:
        resource: Resource = Database(catalog, database)
        permissions = LINK if home.get("TargetDatabase") else DATABASE
        defaults = settings["CreateDatabaseDefaultPermissions"]
    else:
        resource = Table(catalog, database, table)
        thing = lf.world.glue.table(catalog, database, table) or {}
        permissions = LINK if thing.get("TargetTable") else VIEW if thing.get("TableType") == "VIRTUAL_VIEW" else TABLE
        defaults = home.get("CreateTableDefaultPermissions", settings["CreateTableDefaultPermissions"])
    receivers = [caller.principal]
    if caller.account != catalog:
        # The creator's account gets everything on what he made in a database shared with it.
        receivers.append(caller.account)
    of_maker = lf.world.beliefs["rights-of-makers"] == "implicit"
    for receiver in receivers:
        foreign = caller.account != catalog
        _grant(lf, catalog, receiver, resource, permissions, permissions, caller, implicit=foreign, of_maker=of_maker)
    is_link = permissions == LINK
    if is_link and lf.world.beliefs["defaults-on-links"] == "not-given":
        return
    for default in defaults or []:
        who = default["Principal"]["DataLakePrincipalIdentifier"]
        _grant(lf, catalog, who, resource, frozenset(default["Permissions"]), frozenset(), caller)


def _grant(
    lf: Store,
    catalog: str,
    principal: str,
    resource: Resource,
    permissions: frozenset[str],
    grantable: frozenset[str],
    caller: Caller,
    *,
    implicit: bool = False,
    of_maker: bool = False,
) -> None:
    for piece, held in split(resource, set(permissions)):
        now, by = lf.world.now(), caller.principal
        row = lf.grants.grant(catalog, principal, piece, held, held & grantable, at=now, by=by, of_maker=of_maker)
        row.implicit = implicit


def dropped(lf: Store, catalog: str, database: str, table: str | None) -> None:
    """Forget everything that hung on a dropped object. RAM shares stay, orphaned (cross-account-notes)."""
    places = [("within", catalog, database), ("database", catalog, database)]
    for anchor in places if table is None else [("table", catalog, database, table)]:
        for row in lf.grants.at(anchor) if lf.world.beliefs["grants-after-drop"] == "gone" else ():
            lf.grants.drop(row)
    prefix = (database,) if table is None else (database, table)
    owner = lf.lake(catalog)
    if lf.world.beliefs["tags-after-drop"] == "gone":
        for place in [p for p in owner.assigned if p[: len(prefix)] == prefix]:
            del owner.assigned[place]
    for lake in lf.lakes():
        for at in [p for p in lake.filters if p[: len(prefix) + 1] == (catalog, *prefix)]:
            del lake.filters[at]
        for key in [k for k in lake.opt_ins if _within(k[1], catalog, database, table)]:
            del lake.opt_ins[key]


def _within(resource: Resource, catalog: str, database: str, table: str | None) -> bool:
    match resource:
        case Database(at, name):
            return table is None and (at, name) == (catalog, database)
        case Table(at, parent, name):
            return (at, parent) == (catalog, database) and table in (None, name)
        case _:
            return False
