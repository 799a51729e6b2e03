"""Lake Formation resources as requests write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from reconciler.sandbox.core.errors import AwsError, not_simulated
from reconciler.sandbox.services.lakeformation.resources import (
    ALL_TABLES,
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
    expression,
)

Shape = dict[str, Any]


def catalog_id(given: str | None, default: str) -> str:
    """The account whose default catalog is meant. Catalogs inside the default catalog are not simulated."""
    if given is None:
        return default
    if not re.fullmatch(r"\d{12}", given):
        raise not_simulated("lakeformation", "CatalogId", f"with a catalog inside the default catalog ({given})")
    return given


def account_id(given: str | None, default: str) -> str:
    """The CatalogId of a request itself, which is an account; InvalidInputException otherwise."""
    if given is not None and not re.fullmatch(r"\d{12}", given):
        raise AwsError("InvalidInputException", "Catalog id must be a valid AWS account id.")
    return given or default


def resources(shape: Shape, default: str) -> list[Resource]:
    """The canonical resources of a request's `Resource`: one, or for an LF-tag one per value.

    default     the account that a missing CatalogId means
    InvalidInputException: not exactly one member, or members of it that contradict each other.
    """
    given = [name for name, value in shape.items() if value is not None]
    if len(given) != 1:
        raise AwsError("InvalidInputException", "Resource must have exactly one of its members set.")
    body = shape[given[0]]
    catalog = catalog_id(body.get("CatalogId") or body.get("Id") or body.get("TableCatalogId"), default)
    match given[0]:
        case "Catalog":
            return [Catalog(catalog)]
        case "Database":
            return [Database(catalog, body["Name"].lower())]
        case "Table":
            return [Table(catalog, body["DatabaseName"].lower(), _table_name(body))]
        case "TableWithColumns":
            return [_columns(catalog, body)]
        case "DataLocation":
            return [Location(catalog, location_arn(body["ResourceArn"]))]
        case "DataCellsFilter":
            return [_filter(catalog, body)]
        case "LFTag":
            return [Tag(catalog, body["TagKey"].lower(), v) for v in sorted({v.lower() for v in body["TagValues"]})]
        case "LFTagPolicy":
            return [_policy(catalog, body)]
        case "LFTagExpression":
            return [SavedExpression(catalog, body["Name"])]
        case other:
            raise not_simulated("lakeformation", "Resource", other)


def location_arn(arn: str) -> str:
    """An S3 ARN (or s3:// address) without the trailing slash."""
    if re.match(r"s3[an]?://", arn):
        arn = "arn:aws:s3:::" + arn.split("://", 1)[1]
    if not arn.startswith("arn:aws:s3:::") or arn == "arn:aws:s3:::":
        raise AwsError("InvalidInputException", f"Invalid S3 resource ARN: {arn}")
    return arn.rstrip("/")


def _table_name(body: Shape) -> str | None:
    name, wildcard = body.get("Name"), body.get("TableWildcard")
    if (name is None) == (wildcard is None) and name != ALL_TABLES:
        message = "Table name and table wildcard cannot both be empty."
        raise AwsError("InvalidInputException", message if name is None else "Give either Name or TableWildcard.")
    return None if name is None or name == ALL_TABLES else name.lower()


def _columns(catalog: str, body: Shape) -> Columns:
    names, wildcard = body.get("ColumnNames"), body.get("ColumnWildcard")
    if (not names) == (wildcard is None):
        message = "TableWithColumns needs either ColumnNames or ColumnWildcard."
        raise AwsError("InvalidInputException", message)
    table = None if body["Name"] == ALL_TABLES else body["Name"].lower()
    database = body["DatabaseName"].lower()
    if names:
        return Columns(catalog, database, table, include=_names(names))
    return Columns(catalog, database, table, exclude=_names((wildcard or {}).get("ExcludedColumnNames") or ()))


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name.lower() for name in names}))


def _filter(catalog: str, body: Shape) -> CellsFilter:
    missing = [m for m in ("DatabaseName", "TableName", "Name") if not body.get(m)]
    if missing:
        raise AwsError("InvalidInputException", f"DataCellsFilter needs {', '.join(missing)}.")
    return CellsFilter(catalog, body["DatabaseName"].lower(), body["TableName"].lower(), body["Name"])


def _policy(catalog: str, body: Shape) -> Policy:
    if bool(body.get("Expression")) == bool(body.get("ExpressionName")):
        raise AwsError("InvalidInputException", "LFTagPolicy needs either Expression or ExpressionName.")
    if body.get("ExpressionName"):
        return Policy(catalog, body["ResourceType"], None, body["ExpressionName"])
    return Policy(catalog, body["ResourceType"], expression(body["Expression"]))
