"""Rules of Glue Data Quality as fields and checks of a data contract: the inverse of reading them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from reconciler.spec.documents.table import QualityRule, Table
from reconciler.spec.language.dqdl import columns_of

_ROWS = {
    "=": "mustBe",
    "!=": "mustNotBe",
    ">": "mustBeGreaterThan",
    ">=": "mustBeGreaterOrEqualTo",
    "<": "mustBeLessThan",
    "<=": "mustBeLessOrEqualTo",
}
_ROW_COUNT = re.compile(r"RowCount (=|!=|>|>=|<|<=) ([0-9]+)")


@dataclass(slots=True)
class Promises:
    """What is promised of each column, as its fields, and of the table, as checks."""

    of_column: dict[str, dict[str, Any]] = field(default_factory=dict)
    of_table: list[dict[str, Any]] = field(default_factory=list)


def promises(table: Table) -> Promises:
    """The rules of a table. What has no words of its own there is a custom check of the engine dqdl."""
    found = Promises()
    for rule in table.quality:
        if not (rule.promise == 1.0 and (_of_column(found, rule.rule) or _of_table(found, rule.rule))):
            found.of_table.append(_custom(rule))
    return found


def _of_column(found: Promises, rule: str) -> bool:
    word, columns = rule.partition(" ")[0], columns_of(rule)
    ends = rule.endswith('"')
    if word == "IsPrimaryKey" and columns and ends:
        for position, column in enumerate(columns, 1):
            said = found.of_column.setdefault(column, {})
            said |= {"primaryKey": True, **({"primaryKeyPosition": position} if len(columns) > 1 else {})}
        return True
    fields = {"IsComplete": "required", "IsUnique": "unique"}
    if word in fields and len(columns) == 1 and ends:
        found.of_column.setdefault(columns[0], {})[fields[word]] = True
        return True
    return False


def _of_table(found: Promises, rule: str) -> bool:
    count = _ROW_COUNT.fullmatch(rule)
    if count is None:
        return False
    found.of_table.append({"type": "library", "metric": "rowCount", _ROWS[count[1]]: int(count[2])})
    return True


def _custom(rule: QualityRule) -> dict[str, Any]:
    said: dict[str, Any] = {"type": "custom", "engine": "dqdl", "implementation": rule.rule}
    if rule.promise != 1.0:
        said["customProperties"] = [{"property": "promise", "value": rule.promise}]
    return said
