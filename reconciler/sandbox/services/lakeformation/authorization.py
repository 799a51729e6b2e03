"""Who may do what to a catalog, a database, a table or a location."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.services.lakeformation.grant_sources import sources
from reconciler.sandbox.services.lakeformation.grants import Row
from reconciler.sandbox.services.lakeformation.holdings import subject
from reconciler.sandbox.services.lakeformation.principals import EVERYONE, caller_identities
from reconciler.sandbox.services.lakeformation.resources import Anchor, Catalog, Database, Location, Resource, Table
from reconciler.sandbox.services.lakeformation.visibility import database_view, sees_database, sees_table, table_view

if TYPE_CHECKING:
    from reconciler.sandbox.core.identity import Caller
    from reconciler.sandbox.services.lakeformation.store import Store

ADMIN_ON_CATALOG = frozenset({"CREATE_DATABASE", "CREATE_CATALOG", "CREATE_LF_TAG", "CREATE_LF_TAG_EXPRESSION"})


def denied(permission: str, on: str) -> AwsError:
    """Lake Formation's refusal, as Glue callers know it."""
    words = permission.replace("_", " ").title().replace("Lf Tag", "LF Tag")
    message = f"Insufficient Lake Formation permission(s): Required {words} on {on}"
    return AwsError("AccessDeniedException", message)


def holds(lf: Store, caller: Caller, permission: str, resource: Resource) -> bool:
    """Whether the caller may do on a resource what a permission stands for."""
    match resource:
        case Catalog(catalog):
            if catalog == caller.account and lf.administers(caller) and permission in ADMIN_ON_CATALOG:
                return True
            names = (*caller_identities(caller), EVERYONE) if catalog == caller.account else caller_identities(caller)
            rows = lf.grants.held(names, ("catalog", catalog))
            return any(permission in row.permissions for row in rows)
        case Database(catalog, name):
            if permission == "DESCRIBE":
                return sees_database(lf, caller, catalog, name)
            return permission in database_view(lf, caller, resource)
        case Table(catalog, database, str(name)):
            if permission == "DESCRIBE":
                return sees_table(lf, caller, catalog, database, name)
            return permission in table_view(lf, caller, subject(lf, catalog, database, name)).permissions
        case Location(catalog, arn):
            return _holds_location(lf, caller, catalog, arn)
        case _:
            raise TypeError(f"nobody asks for {permission} on {resource}")


def _holds_location(lf: Store, caller: Caller, catalog: str, arn: str) -> bool:
    """DATA_LOCATION_ACCESS on the location or one above it; admins have it everywhere in their account.

    What another account registered counts as far as it was granted to the caller, or to his account and by
    it to him.
    """
    at_home = catalog == caller.account
    if at_home and lf.administers(caller):
        return True
    owner = lf.registrar(catalog, arn) or catalog
    found = sources(lf, caller.principal, owner, everyone=owner == caller.account)

    def held(rows: Callable[[Anchor], Iterator[Row]]) -> bool:
        return any(place_covers(row.resource, arn) for row in rows(("location", owner)))

    if held(found.direct):
        return True
    if found.scope is None or found.local is None or not held(found.scope):
        return False
    return lf.administers(caller) or held(found.local)


def place_covers(resource: Resource, arn: str) -> bool:
    """Whether a resource is a location that contains another."""
    return isinstance(resource, Location) and covers(resource.arn, arn)


def covers(upper: str, lower: str) -> bool:
    """Whether a location contains another (ARNs without trailing slash)."""
    return lower == upper or lower.startswith(upper + "/")


def name_of(resource: Resource) -> str:
    """What AWS calls a resource in a refusal."""
    match resource:
        case Catalog():
            return "Catalog"
        case Database(_, name):
            return name
        case Table(_, _, name):
            return name or "ALL_TABLES"
        case Location(_, arn):
            return "s3://" + arn.removeprefix("arn:aws:s3:::")
        case _:
            return type(resource).__name__
