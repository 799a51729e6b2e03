"""Catalogs within an account's own, as those of S3 Tables: requests and answers call them `account:name/name`.

Inside, such a database is one of the account, called `name/name/database`, as in ARNs. What AWS lists under the
account's id alone is not documented; here its own catalog only (create-s3-tables-catalog, s3-tables-grant-permissions).
"""

from __future__ import annotations

from typing import Any

from reconciler.sandbox.core.operation import Params

_SERVICES = ("glue", "lakeformation")
_OF_CATALOGS = ("GetCatalog", "GetCatalogs")
_KEYS = ("CatalogId", "TableCatalogId")
#: Lists of what lies in databases; answers have those of the catalog that was asked for.
_LISTS = ("DatabaseList", "TableList", "PrincipalResourcePermissions", "DataCellsFilters")


def folded(service: str, operation: str, params: Params) -> Params:
    """A request as the handlers take it."""
    if service not in _SERVICES or operation in _OF_CATALOGS:
        return params
    if service == "lakeformation":
        # In the request itself stands an account; the catalog stands in the resource.
        return {name: _folded(value) for name, value in params.items()}
    found: Params = _folded(params)
    return found


def told(service: str, params: Params, answer: Params) -> Params:
    """An answer as AWS tells it, to a request with these parameters."""
    if service not in _SERVICES:
        return answer
    asked = str(params.get("CatalogId", "")).partition(":")[2].lower()
    is_list = "Resource" not in params and "DatabaseName" not in params and "Table" not in params
    for name in _LISTS if is_list else ():
        if name in answer:
            answer = {**answer, name: [each for each in answer[name] if _catalog(each) == asked]}
    unfolded: Params = _unfolded(answer)
    return unfolded


def _folded(value: Any) -> Any:
    if isinstance(value, list):
        return [_folded(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {name: _folded(each) for name, each in value.items()}
    for key in _KEYS:
        account, sign, within = str(found.get(key, "")).partition(":")
        if sign:
            found[key], within = account, within.lower()
            named = "DatabaseName" if "DatabaseName" in found else "Name"
            if named in found:
                found[named] = f"{within}/{found[named]}"
            if "DatabaseInput" in found:
                found["DatabaseInput"] = {
                    **found["DatabaseInput"],
                    "Name": f"{within}/{found['DatabaseInput']['Name']}",
                }
    return found


def _unfolded(value: Any) -> Any:
    if isinstance(value, list):
        return [_unfolded(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {name: _unfolded(each) if isinstance(each, dict | list) else each for name, each in value.items()}
    for key in _KEYS:
        # Most of a long answer are columns, which name no catalog.
        if key in found:
            named = "DatabaseName" if "DatabaseName" in found else "Name"
            within, sign, name = str(found.get(named, "")).rpartition("/")
            if sign:
                found[key], found[named] = f"{found[key]}:{within}", name
    return found


def _catalog(row: Any) -> str:
    """The catalog within which something listed lies; empty for the account's own."""
    for each in (row, *(inner for inner in row.values() if isinstance(inner, dict))):
        if any(key in each for key in _KEYS):
            return str(each.get("DatabaseName", each.get("Name", ""))).rpartition("/")[0]
    resource = row.get("Resource", {})
    return next((_catalog(body) for body in resource.values() if isinstance(body, dict)), "")
