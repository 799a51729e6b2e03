"""Whether what a grant names exists, and which permissions its kind of object takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.services.lakeformation.permissions import LINK, VIEW
from reconciler.sandbox.services.lakeformation.resources import (
    ANY_VALUE,
    Catalog,
    CellsFilter,
    Columns,
    Database,
    Expression,
    Location,
    Policy,
    Resource,
    SavedExpression,
    Table,
    Tag,
)

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.store import Store

INLINE_BYTES = 900
"""A longer expression must be saved first (lf-tag-considerations)."""


def check(lf: Store, grantor: str, resource: Resource, permissions: set[str]) -> None:
    """Refuse a resource that is not there.

    EntityNotFoundException: database, table, filter, LF-tag, value or saved expression.
    InvalidInputException: column, location that nobody registered, permissions that links or views do not
    take, an inline expression of more than 900 bytes.
    """
    match resource:
        case Catalog():
            return
        case Database(catalog, name):
            _limit(_database(lf, catalog, name), permissions)
        case Table(catalog, database, None):
            _own_tables(lf, catalog, database)
        case Table(catalog, database, str(name)):
            _limit(_table(lf, catalog, database, name), permissions)
        case Columns():
            _columns(lf, resource)
        case CellsFilter():
            if lf.cells_filter(grantor, resource) is None:
                raise AwsError("EntityNotFoundException", f"Data cells filter {resource.name} not found.")
        case Location(catalog, arn):
            if lf.registrar(catalog, arn) != catalog:
                message = f"Location {arn} is not registered. Please register the S3 path first."
                raise AwsError("InvalidInputException", message)
        case Tag(catalog, key, value):
            check_expression(lf, catalog, ((key, (value,)),))
        case Policy(catalog, _, body, name):
            if name is not None:
                _saved(lf, catalog, name)
            elif body is not None:
                _inline(lf, catalog, body)
        case SavedExpression(catalog, name):
            _saved(lf, catalog, name)


def check_expression(lf: Store, catalog: str, body: Expression) -> None:
    """Refuse LF-tag keys and values that are not defined; `*` is any value."""
    tags = lf.lake(catalog).tags
    for key, values in body:
        if key not in tags:
            raise AwsError(lf.world.beliefs["unknown-tag-key"], f"Tag key {key} does not exist.")
        unknown = [v for v in values if v != ANY_VALUE and v not in tags[key]]
        if unknown:
            raise AwsError(lf.world.beliefs["unknown-tag-key"], f"Tag value {unknown[0]} of key {key} does not exist.")


def _database(lf: Store, catalog: str, name: str) -> dict:
    found: dict | None = lf.world.glue.database(catalog, name)
    if found is None:
        raise AwsError("EntityNotFoundException", f"Database {name} not found.")
    return found


def _own_tables(lf: Store, catalog: str, name: str) -> None:
    """Tables are granted in the database that has them, not through a link to it."""
    if _database(lf, catalog, name).get("TargetDatabase"):
        raise AwsError("InvalidInputException", "Database cannot be a link for this operation.")


def _table(lf: Store, catalog: str, database: str, name: str) -> dict:
    _own_tables(lf, catalog, database)
    found: dict | None = lf.world.glue.table(catalog, database, name)
    if found is None:
        raise AwsError("EntityNotFoundException", f"Table {name} not found.")
    return found


def _limit(thing: dict, permissions: set[str]) -> None:
    """Links take DESCRIBE and DROP, views ALL, SELECT, DESCRIBE and DROP (lf-permissions-reference)."""
    is_link = bool(thing.get("TargetDatabase") or thing.get("TargetTable"))
    allowed = LINK if is_link else VIEW if thing.get("TableType") == "VIRTUAL_VIEW" else permissions
    if permissions - allowed:
        raise AwsError("InvalidInputException", "Permissions modification is invalid.")


def _columns(lf: Store, resource: Columns) -> None:
    catalog, database, table = resource.catalog, resource.database, resource.table
    if table is None:
        _own_tables(lf, catalog, database)
        if not resource.whole:
            raise AwsError("InvalidInputException", "Columns can be chosen of one table, not of all tables.")
        return
    if _table(lf, catalog, database, table).get("TargetTable"):
        raise AwsError("InvalidInputException", "Permissions modification is invalid.")
    columns, keys = lf.world.glue.columns(catalog, database, table)
    named = set(resource.include or ()) | set(resource.exclude)
    if named - set(columns) - set(keys):
        raise AwsError("InvalidInputException", "cannot grant/revoke permission on non-existent column.")
    if set(resource.exclude) & set(keys):
        raise AwsError("InvalidInputException", "Access to columns that are partition keys cannot be restricted.")


def _inline(lf: Store, catalog: str, body: Expression) -> None:
    check_expression(lf, catalog, body)
    size = sum(len(key.encode()) + sum(len(v.encode()) for v in values) for key, values in body)
    if size > INLINE_BYTES:
        message = f"The LF-Tag expression exceeds {INLINE_BYTES} bytes. Save the expression and grant by its name."
        raise AwsError("InvalidInputException", message)


def _saved(lf: Store, catalog: str, name: str) -> None:
    if name not in lf.lake(catalog).expressions:
        raise AwsError("EntityNotFoundException", f"LF-Tag expression {name} does not exist.")
