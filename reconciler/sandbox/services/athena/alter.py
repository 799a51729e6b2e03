"""ALTER TABLE ... SET TBLPROPERTIES, carried out in the caller's name (alter-table-set-tblproperties)."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from reconciler.sandbox.core.operation import Params
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.athena.listed import asked

#: What GetTable tells and UpdateTable takes.
_TAKEN = (
    "Name",
    "Description",
    "Owner",
    "Retention",
    "StorageDescriptor",
    "PartitionKeys",
    "ViewOriginalText",
    "ViewExpandedText",
    "TableType",
    "Parameters",
)


def altered(request: Request, tree: exp.Alter, database: str) -> None:
    """Set table properties. AwsError as Glue refuses it; NotImplemented: another change of a table."""
    table = tree.this
    if tree.args.get("kind") != "TABLE" or not isinstance(table, exp.Table):
        raise request.not_simulated(f"with {tree.sql(dialect='athena')[:80]}")
    wanted: dict[str, str] = {}
    for action in tree.args["actions"]:
        for found in action.expressions if isinstance(action, exp.AlterSet) else [action]:
            if not isinstance(found, exp.Properties):
                raise request.not_simulated(f"with {tree.sql(dialect='athena')[:80]}")
            wanted |= {each.name: each.args["value"].name for each in found.expressions}
    place = {"DatabaseName": (table.db or database).lower()}
    record: Params = asked(request, "GetTable", {**place, "Name": table.name.lower()})["Table"]
    given: dict[str, Any] = {name: record[name] for name in _TAKEN if name in record}
    given["Parameters"] = {**record.get("Parameters", {}), **wanted}
    asked(request, "UpdateTable", {**place, "TableInput": given})
