"""The text of Athena's views, as it stands in the catalog: JSON in base64 in a comment."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import Any

from reconciler.sandbox.core.request import Request

_TEXT = re.compile(r"/\* Presto View: (?P<text>[A-Za-z0-9+/=]+) \*/")


@dataclass(frozen=True, slots=True)
class ViewText:
    """The query of a view, and the database of the names in it that have none."""

    sql: str
    schema: str


def view_text(request: Request, record: dict[str, Any]) -> ViewText:
    """The text of a view of the catalog. NotImplemented: it is none of Athena's."""
    found = _TEXT.fullmatch(record.get("ViewOriginalText", ""))
    try:
        said = json.loads(base64.b64decode(found["text"])) if found else {}
        return ViewText(said["originalSql"], said["schema"])
    except (ValueError, KeyError, TypeError):
        what = f"with the view {record['Name']}, which Athena did not make"
        raise request.not_simulated(what) from None


def as_stored(view: ViewText, columns: list[dict[str, str]]) -> dict[str, Any]:
    """What Athena puts into the catalog for a view, but for its name."""
    said = {
        "originalSql": view.sql,
        "catalog": "awsdatacatalog",
        "schema": view.schema,
        "columns": [{"name": each["Name"], "type": each["Type"].replace("string", "varchar")} for each in columns],
    }
    text = base64.b64encode(json.dumps(said).encode()).decode()
    return {
        "TableType": "VIRTUAL_VIEW",
        "Parameters": {"presto_view": "true", "comment": "Presto View"},
        "PartitionKeys": [],
        "StorageDescriptor": {"Columns": columns, "Location": "", "SerdeInfo": {}},
        "ViewOriginalText": f"/* Presto View: {text} */",
        "ViewExpandedText": "/* Presto View */",
    }
