"""Lake Formation resources as answers show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reconciler.sandbox.services.lakeformation.resources import (
    ALL_TABLES,
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

Shape = dict[str, Any]


def shape(resource: Resource, values: Iterable[str] = ()) -> Shape:
    """A canonical resource as answers show it. `values` are the values of an LF-tag that share one row."""
    match resource:
        case Catalog(catalog):
            return {"Catalog": {"Id": catalog}}
        case Database(catalog, name):
            return {"Database": {"CatalogId": catalog, "Name": name}}
        case Table(catalog, database, None):
            table = {"CatalogId": catalog, "DatabaseName": database, "Name": ALL_TABLES, "TableWildcard": {}}
            return {"Table": table}
        case Table(catalog, database, table_name):
            return {"Table": {"CatalogId": catalog, "DatabaseName": database, "Name": table_name}}
        case Columns(catalog, database, table_name):
            columns = {"CatalogId": catalog, "DatabaseName": database, "Name": table_name or ALL_TABLES}
            return {"TableWithColumns": columns | _column_choice(resource)}
        case Location(catalog, arn):
            return {"DataLocation": {"CatalogId": catalog, "ResourceArn": arn}}
        case CellsFilter(catalog, database, table_name, name):
            where = {"TableCatalogId": catalog, "DatabaseName": database, "TableName": table_name}
            return {"DataCellsFilter": where | {"Name": name}}
        case Tag(catalog, key, value):
            return {"LFTag": {"CatalogId": catalog, "TagKey": key, "TagValues": sorted({value, *values})}}
        case Policy(catalog, kind, _, str(name)):
            return {"LFTagPolicy": {"CatalogId": catalog, "ResourceType": kind, "ExpressionName": name}}
        case Policy(catalog, kind, body):
            policy = {"CatalogId": catalog, "ResourceType": kind, "Expression": pairs(body or ())}
            return {"LFTagPolicy": policy}
        case SavedExpression(catalog, name):
            return {"LFTagExpression": {"CatalogId": catalog, "Name": name}}


def _column_choice(columns: Columns) -> Shape:
    if columns.include is not None:
        return {"ColumnNames": list(columns.include)}
    return {"ColumnWildcard": {"ExcludedColumnNames": list(columns.exclude)} if columns.exclude else {}}


def pairs(body: Expression) -> list[Shape]:
    """A canonical expression as `[{TagKey, TagValues}]`."""
    return [{"TagKey": key, "TagValues": list(values)} for key, values in body]
