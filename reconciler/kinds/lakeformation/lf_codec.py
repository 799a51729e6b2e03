"""Lake Formation's resources in AWS's form and in ours.

https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_Resource.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, assert_never

from reconciler.model.catalogs import CatalogId, catalog_of
from reconciler.model.lakeformation import (
    ALL_TABLES,
    Grant,
    OnCatalog,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnLocation,
    OnOther,
    OnSavedExpression,
    OnTable,
    OnTag,
    OnTagPolicy,
    Target,
    expression,
)

_ALL_TABLES_NAME = "ALL_TABLES"


def encode(target: Target) -> dict[str, Any]:
    """A target as the Resource of a request."""
    catalog = {"CatalogId": target.catalog}
    match target:
        case OnCatalog(catalog=catalog_id):
            return {"Catalog": {"Id": catalog_id}}
        case OnDatabase(database=database):
            within, name = catalog_of(target.catalog, database)
            return {"Database": {"CatalogId": str(within), "Name": name}}
        case OnTable(database=database, table=table):
            which: dict[str, Any] = {"TableWildcard": {}} if table == ALL_TABLES else {"Name": table}
            return {"Table": {**in_database(target.catalog, database), **which}}
        case OnColumns(database=database, table=table, columns=columns, excluded=excluded):
            chosen: dict[str, Any] = (
                {"ColumnWildcard": {"ExcludedColumnNames": list(columns)}}
                if excluded
                else {"ColumnNames": list(columns)}
            )
            return {"TableWithColumns": {**in_database(target.catalog, database), "Name": table, **chosen}}
        case OnFilter(database=database, table=table, name=filter_name):
            within, name = catalog_of(target.catalog, database)
            place = {"TableCatalogId": str(within), "DatabaseName": name, "TableName": table}
            return {"DataCellsFilter": {**place, "Name": filter_name}}
        case OnLocation(arn=arn):
            return {"DataLocation": {**catalog, "ResourceArn": arn}}
        case OnTag(key=key, value=value):
            return {"LFTag": {**catalog, "TagKey": key, "TagValues": [value]}}
        case OnTagPolicy(of=of, terms=terms):
            inline = [{"TagKey": key, "TagValues": list(values)} for key, values in terms]
            return {"LFTagPolicy": {**catalog, "ResourceType": of, "Expression": inline}}
        case OnSavedExpression(of=of, name=saved):
            return {"LFTagPolicy": {**catalog, "ResourceType": of, "ExpressionName": saved}}
        case OnOther(text=text):
            other: dict[str, Any] = json.loads(text)
            return other
        case _:
            assert_never(target)


def decode(row: Mapping[str, Any], own_catalog: str) -> Iterator[Grant]:
    """The atoms of one row of ListPermissions. A catalog that is not named is the caller's own."""
    principal = _principal(row["Principal"]["DataLakePrincipalIdentifier"])
    condition = row.get("Condition", {}).get("Expression") or None
    grantable = set(row.get("PermissionsWithGrantOption", ()))
    for target in decode_targets(row["Resource"], own_catalog):
        for permission in row.get("Permissions", ()):
            yield Grant(principal, target, permission, permission in grantable, condition)


def decode_targets(resource: Mapping[str, Any], own_catalog: str) -> Iterable[Target]:
    """A Resource as targets: one, but one for each value where it is an LF-tag."""
    ((member, body),) = resource.items()
    catalog = body.get("CatalogId") or body.get("TableCatalogId") or body.get("Id") or own_catalog
    within = CatalogId.parse(catalog)
    match member:
        case "Catalog":
            return (OnCatalog(catalog),)
        case "Database":
            return (OnDatabase(within.account, within.holding(body["Name"].lower())),)
        case "Table":
            wild = "TableWildcard" in body or body.get("Name") == _ALL_TABLES_NAME
            database = within.holding(body["DatabaseName"].lower())
            return (OnTable(within.account, database, ALL_TABLES if wild else body["Name"].lower()),)
        case "TableWithColumns":
            return (_columns(within, body),)
        case "DataCellsFilter":
            database = within.holding(body["DatabaseName"].lower())
            return (OnFilter(within.account, database, body["TableName"].lower(), body["Name"]),)
        case "DataLocation":
            return (OnLocation(catalog, body["ResourceArn"].rstrip("/")),)
        case "LFTag":
            return tuple(OnTag(catalog, body["TagKey"].lower(), value.lower()) for value in body["TagValues"])
        case "LFTagPolicy" if "ExpressionName" in body:
            return (OnSavedExpression(catalog, body["ResourceType"], body["ExpressionName"]),)
        case "LFTagPolicy":
            terms = expression({term["TagKey"]: term["TagValues"] for term in body["Expression"]})
            return (OnTagPolicy(catalog, body["ResourceType"], terms),)
        case _:
            return (OnOther(catalog, json.dumps(resource, sort_keys=True)),)


def in_database(account: str, database: str) -> dict[str, str]:
    """A database as requests about what is in it name it."""
    within, name = catalog_of(account, database)
    return {"CatalogId": str(within), "DatabaseName": name}


def _columns(within: CatalogId, body: Mapping[str, Any]) -> Target:
    """SELECT on a whole table is listed as all columns with none excluded: that is the table."""
    catalog, database, table = within.account, within.holding(body["DatabaseName"].lower()), body["Name"].lower()
    if table == _ALL_TABLES_NAME.lower():
        return OnTable(catalog, database, ALL_TABLES)
    if "ColumnWildcard" in body:
        excluded = body["ColumnWildcard"].get("ExcludedColumnNames") or ()
        if not excluded:
            return OnTable(catalog, database, table)
        return OnColumns(catalog, database, table, tuple(sorted(name.lower() for name in excluded)), excluded=True)
    return OnColumns(catalog, database, table, tuple(sorted(name.lower() for name in body["ColumnNames"])))


def _principal(identifier: str) -> str:
    """IAM_ALLOWED_PRINCIPALS has two spellings in the documentation."""
    return identifier.upper() if identifier.upper() == "IAM_ALLOWED_PRINCIPALS" else identifier
