"""What a data cells filter may say of its table (data-filtering-notes)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.lakeformation import existence, nested, row_filters
from reconciler.sandbox.services.lakeformation.grant_authority import may_grant, refusal
from reconciler.sandbox.services.lakeformation.lake import Filter
from reconciler.sandbox.services.lakeformation.nested import is_nested
from reconciler.sandbox.services.lakeformation.requests import catalog_id
from reconciler.sandbox.services.lakeformation.resources import Columns

if TYPE_CHECKING:
    pass


def wanted_filter(request: Request) -> Filter:
    """The filter of a request, checked against its table (data-filtering-notes)."""
    lf, caller, data = request.world.lakeformation, request.caller, request.params["TableData"]
    catalog = catalog_id(data["TableCatalogId"], caller.account)
    database, table = data["DatabaseName"].lower(), data["TableName"].lower()
    names, wildcard = data.get("ColumnNames"), data.get("ColumnWildcard")
    if (not names) == (wildcard is None):
        raise AwsError("InvalidInputException", "A data cells filter needs either ColumnNames or ColumnWildcard.")
    include = tuple(n.lower() for n in names) if names else None
    exclude = tuple(n.lower() for n in (wildcard or {}).get("ExcludedColumnNames") or ())
    try:
        whole = [None if given is None else tuple(n for n in given if not is_nested(n)) for given in (include, exclude)]
        existence.check(lf, caller.account, Columns(catalog, database, table, whole[0], whole[1] or ()), set())
    except AwsError as absent:
        if catalog == caller.account and lf.administers(caller):
            raise
        raise refusal() from absent
    if not may_grant(lf, caller, Columns(catalog, database, table), {"SELECT"}):
        raise refusal()
    found = lf.world.glue.table(catalog, database, table) or {}
    if found.get("TableType") == "VIRTUAL_VIEW":
        raise AwsError("InvalidInputException", "Data cells filters are not supported on views.")
    predicate = _predicate(data.get("RowFilter") or {}, found)
    nested.checked((*(include or ()), *exclude), _types(found), has_rows=predicate is not None)
    return Filter(catalog, database, table, data["Name"], predicate, include, exclude, request.world.uuid())


def _predicate(row_filter: dict[str, Any], table: dict[str, Any]) -> str | None:
    text, everything = row_filter.get("FilterExpression"), row_filter.get("AllRowsWildcard")
    if text is not None and everything is not None:
        raise AwsError("InvalidInputException", "Give either FilterExpression or AllRowsWildcard.")
    if text is None or text.strip().lower() == "true":
        return None
    row_filters.check(text, _types(table), [k["Name"].lower() for k in table.get("PartitionKeys") or []])
    return str(text)


def _types(table: dict[str, Any]) -> dict[str, str]:
    """The type of every column, partition keys too."""
    columns = [*(table.get("StorageDescriptor", {}).get("Columns") or []), *(table.get("PartitionKeys") or [])]
    return {c["Name"].lower(): c.get("Type") or "string" for c in columns}
