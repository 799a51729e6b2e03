"""Which permissions a resource can carry, and how a request's permissions fall apart into listed rows."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.services.lakeformation.resources import (
    ANY_VALUE,
    Catalog,
    CellsFilter,
    Columns,
    Database,
    Location,
    Policy,
    Resource,
    SavedExpression,
    Table,
    Tag,
)

DATABASE = frozenset({"ALL", "ALTER", "CREATE_TABLE", "DESCRIBE", "DROP"})
TABLE = frozenset({"ALL", "ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT"})
LINK = frozenset({"DESCRIBE", "DROP"})
VIEW = frozenset({"ALL", "SELECT", "DESCRIBE", "DROP"})
TAG_KEY = frozenset({"ALTER", "DROP"})
TAG_VALUE = frozenset({"ASSOCIATE", "DESCRIBE", "GRANT_WITH_LF_TAG_EXPRESSION"})
EXPRESSION = frozenset({"ALL", "ALTER", "DROP", "DESCRIBE", "GRANT_WITH_LF_TAG_EXPRESSION"})
CATALOG = frozenset({"CREATE_DATABASE", "CREATE_LF_TAG", "CREATE_LF_TAG_EXPRESSION", "CREATE_CATALOG"})

ORDER = (
    *("ALL", "SELECT", "ALTER", "DROP", "DELETE", "INSERT", "DESCRIBE", "CREATE_DATABASE", "CREATE_TABLE"),
    *("DATA_LOCATION_ACCESS", "CREATE_LF_TAG", "ASSOCIATE", "GRANT_WITH_LF_TAG_EXPRESSION"),
    *("CREATE_LF_TAG_EXPRESSION", "CREATE_CATALOG", "SUPER_USER", "EXECUTE"),
)
"""The order of the model's enum, in which rows list their permissions."""


def valid(resource: Resource) -> frozenset[str]:
    """The permissions that can be granted on a resource (lf-permissions-reference)."""
    match resource:
        case Catalog():
            return CATALOG
        case Database():
            return DATABASE
        case Table():
            return TABLE
        case Columns() as columns:
            # Every column is the table: Terraform's acceptance tests grant ALL on an empty ColumnWildcard.
            return TABLE if columns.whole else frozenset({"SELECT"})
        case CellsFilter():
            return frozenset({"SELECT", "DESCRIBE", "DROP"})
        case Location():
            return frozenset({"DATA_LOCATION_ACCESS"})
        case Tag():
            return TAG_KEY | TAG_VALUE
        case Policy(kind="DATABASE"):
            return DATABASE
        case Policy():
            return TABLE
        case SavedExpression():
            return EXPRESSION


def expanded(permissions: set[str] | frozenset[str], resource: Resource) -> frozenset[str]:
    """Permissions with what they imply on the same resource: ALL is everything, anything is DESCRIBE."""
    if not permissions:
        return frozenset()
    own = valid(Table("", "", "")) if isinstance(resource, Columns | CellsFilter) else valid(resource)
    held = own if "ALL" in permissions else frozenset(permissions)
    return held | {"DESCRIBE"} if "DESCRIBE" in own else held


def check(resource: Resource, permissions: list[str], grantable: list[str]) -> None:
    """Refuse what the resource cannot carry (facts: lf-permissions-reference, GrantPermissions).

    InvalidInputException: a permission of another resource, a grant option that is not among the
    permissions, a grant option on an exclude list.
    """
    if not permissions:
        raise AwsError("InvalidInputException", "Permissions cannot be empty.")
    if set(permissions) - valid(resource):
        raise AwsError("InvalidInputException", "Permissions modification is invalid.")
    if not set(grantable) <= set(permissions):
        message = "Permissions with grant option must be a subset of the permissions."
        raise AwsError("InvalidInputException", message)
    if isinstance(resource, Columns) and resource.exclude and grantable:
        message = "Grant option is not supported with excluded columns. Use a list of included columns."
        raise AwsError("InvalidInputException", message)


def split(resource: Resource, permissions: set[str]) -> Iterator[tuple[Resource, set[str]]]:
    """The resources under which AWS keeps and lists permissions: SELECT on a table is a row of columns."""
    match resource:
        case Table(catalog, database, table) | Columns(catalog, database, table, None, ()):
            if "SELECT" in permissions:
                yield Columns(catalog, database, table), {"SELECT"}
            if permissions - {"SELECT"}:
                yield Table(catalog, database, table), permissions - {"SELECT"}
        case Tag(catalog, key, value):
            if permissions & TAG_KEY:
                yield Tag(catalog, key, ANY_VALUE), permissions & TAG_KEY
            if permissions - TAG_KEY:
                yield Tag(catalog, key, value), permissions - TAG_KEY
        case _:
            yield resource, permissions


def ordered(permissions: set[str] | frozenset[str]) -> list[str]:
    return [p for p in ORDER if p in permissions]
