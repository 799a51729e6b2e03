"""Quality checks of a data contract as rules of Glue Data Quality (DQDL)."""

from __future__ import annotations

import json

from reconciler.spec.contracts.odcs import Property, Quality

# https://docs.aws.amazon.com/glue/latest/dg/dqdl.html


def column_rules(column: Property) -> list[str]:
    """The rules that follow from what a column is."""
    name = json.dumps(column.column_name)
    if column.primary_key:
        return [f"IsPrimaryKey {name}"]
    rules = [f"IsComplete {name}"] if column.required else []
    return [*rules, f"IsUnique {name}"] if column.unique else rules


def rule(check: Quality, column: Property | None) -> str | None:
    """A check in DQDL; None when Glue Data Quality has no such rule."""
    if check.type == "custom" and (check.engine or "").lower() in ("dqdl", "glue", "aws-glue"):
        return check.implementation.strip() if isinstance(check.implementation, str) else None
    if check.type != "library":
        return None
    if column is None:
        return f"RowCount {_bound(check)}" if check.metric == "rowCount" and _bound(check) else None
    name = json.dumps(column.column_name)
    none_wrong = check.must_be == 0 and not isinstance(check.must_be, bool)
    match check.metric:
        case "nullValues" | "missingValues" if none_wrong:
            return f"IsComplete {name}"
        case "nullValues" | "missingValues" if check.unit == "percent" and check.must_be_less_than is not None:
            return f"Completeness {name} > {_number(1 - check.must_be_less_than / 100)}"
        case "duplicateValues" if none_wrong:
            return f"IsUnique {name}"
        case "invalidValues" if none_wrong and _texts(check):
            return f"ColumnValues {name} in [{', '.join(json.dumps(each) for each in _texts(check))}]"
        case _:
            return None


def _bound(check: Quality) -> str | None:
    if isinstance(check.must_be, int | float) and not isinstance(check.must_be, bool):
        return f"= {_number(check.must_be)}"
    if check.must_be_between is not None and len(check.must_be_between) == 2:
        low, high = check.must_be_between
        return f"between {_number(low)} and {_number(high)}"
    bounds = {
        ">": check.must_be_greater_than,
        ">=": check.must_be_greater_or_equal_to,
        "<": check.must_be_less_than,
        "<=": check.must_be_less_or_equal_to,
    }
    return next((f"{sign} {_number(value)}" for sign, value in bounds.items() if value is not None), None)


def _number(value: float) -> str:
    return f"{value:.12g}"


def _texts(check: Quality) -> list[str]:
    values = check.arguments.get("validValues")
    return [str(each) for each in values] if isinstance(values, list) else []
