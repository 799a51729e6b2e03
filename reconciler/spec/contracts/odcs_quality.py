"""Quality checks of a data contract as rules of Glue Data Quality (DQDL)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from reconciler.spec.contracts.odcs import Property, Quality

# https://docs.aws.amazon.com/glue/latest/dg/dqdl.html

_OLD_NAMES = {
    "nullCount": "nullValues",
    "nullCheck": "nullValues",
    "duplicateCount": "duplicateValues",
    "uniqueCheck": "duplicateValues",
    "validValues": "invalidValues",
}
_SIGNS = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<"}
_LENGTHS = {"minLength": ">=", "maxLength": "<="}


def key_rule(columns: Iterable[Property]) -> str | None:
    """The rule about a primary key of several columns."""
    keys = [each for each in columns if each.primary_key and each.column_name]
    keys.sort(key=lambda each: each.primary_key_position if isinstance(each.primary_key_position, int) else -1)
    return f"IsPrimaryKey {' '.join(json.dumps(each.column_name) for each in keys)}" if len(keys) > 1 else None


def column_rules(column: Property, *, is_key: bool = True) -> list[str]:
    """The rules that follow from what a column is. `is_key`: a primary key has no other column."""
    name = json.dumps(column.column_name)
    if column.primary_key and is_key:
        rules = [f"IsPrimaryKey {name}"]
    else:
        rules = [f"IsComplete {name}"] if column.required or column.primary_key else []
        rules += [f"IsUnique {name}"] if column.unique else []
    return [*rules, *_option_rules(column, name)]


def _option_rules(column: Property, name: str) -> Iterator[str]:
    options = column.logical_type_options
    for option, sign in _SIGNS.items():
        if _is_number(value := options.get(option)):
            yield f"ColumnValues {name} {sign} {_number(value)}"
    for option, sign in _LENGTHS.items():
        if _is_number(value := options.get(option)):
            yield f"ColumnLength {name} {sign} {_number(value)}"
    pattern = options.get("pattern")
    if isinstance(pattern, str) and column.logical_type == "string":
        yield f"ColumnValues {name} matches {json.dumps(pattern)}"
    if isinstance(column.enum, list):
        values = [each.get("value") if isinstance(each, dict) else each for each in column.enum]
        if values and all(isinstance(each, str | int | float) and not isinstance(each, bool) for each in values):
            yield f"ColumnValues {name} in {_list(values)}"


def rules(check: Quality, column: Property | None) -> list[str]:
    """A check in DQDL, a rule for each of its bounds; none when Glue Data Quality cannot make all of it."""
    if check.type == "custom" and (check.engine or "").lower() in ("dqdl", "glue", "aws-glue"):
        return [check.implementation.strip()] if isinstance(check.implementation, str) else []
    metric = check.metric or (check.rule if isinstance(check.rule, str) else "")
    metric = _OLD_NAMES.get(metric, metric)
    if check.type != "library" or check.must_not_be_between is not None:
        return []
    if column is None:
        return [f"RowCount {bound}" for bound in _bounds(check)] if metric == "rowCount" else []
    name = json.dumps(column.column_name)
    is_bound = bool(_bounds(check))
    # Before v3.1 a check without a bound was one that no row may break.
    is_none_wrong = _bounds(check) == ["= 0"] or (not is_bound and check.metric is None)
    match metric:
        case "nullValues" | "missingValues":
            missing = check.arguments.get("missingValues")
            besides = [each for each in missing if each is not None] if isinstance(missing, list) else []
            if is_none_wrong:
                return [f"IsComplete {name}", *([f"ColumnValues {name} not in {_list(besides)}"] if besides else [])]
            return _share(f"Completeness {name}", check) if not besides else []
        case "duplicateValues" if is_none_wrong:
            return [f"IsUnique {name}"]
        case "invalidValues" if is_none_wrong:
            values, pattern = check.arguments.get("validValues"), check.arguments.get("pattern")
            found = [f"ColumnValues {name} in {_list(values)}"] if isinstance(values, list) and values else []
            return [
                *found,
                *([f"ColumnValues {name} matches {json.dumps(pattern)}"] if isinstance(pattern, str) else []),
            ]
        case _:
            return []


def _share(rule: str, check: Quality) -> list[str]:
    """A rule about the share of rows that are right, of a check about the percentage that are wrong."""
    if check.unit != "percent" or len(_bounds(check)) != 1:
        return []
    if check.must_be_less_than is not None:
        return [f"{rule} > {_number(1 - check.must_be_less_than / 100)}"]
    if check.must_be_less_or_equal_to is not None:
        return [f"{rule} >= {_number(1 - check.must_be_less_or_equal_to / 100)}"]
    return []


def _bounds(check: Quality) -> list[str]:
    found = [f"= {_number(check.must_be)}"] if _is_number(check.must_be) else []
    found += [f"!= {_number(check.must_not_be)}"] if _is_number(check.must_not_be) else []
    if check.must_be_between is not None and len(check.must_be_between) == 2:
        low, high = check.must_be_between
        found.append(f"between {_number(low)} and {_number(high)}")
    bounds = {
        ">": check.must_be_greater_than,
        ">=": check.must_be_greater_or_equal_to,
        "<": check.must_be_less_than,
        "<=": check.must_be_less_or_equal_to,
    }
    return [*found, *(f"{sign} {_number(value)}" for sign, value in bounds.items() if value is not None)]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, int | float) else str(value)


def _list(values: list[object]) -> str:
    """Numbers as they are, texts in quotes."""
    return f"[{', '.join(_number(each) if _is_number(each) else json.dumps(str(each)) for each in values)}]"
