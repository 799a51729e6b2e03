"""Data quality rules are evaluated over a table's rows (dqdl-rule-types)."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field

from reconciler.sandbox.services.athena.engine import Engine
from reconciler.sandbox.services.glue.dqdl import Expression, Rule, Value
from reconciler.sandbox.services.glue.state import Record
from reconciler.sandbox.shared.sql_text import literal, quoted

#: The engine's name of the table under test.
DATA = "data"
_SIGNS: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
#: Rule types with how many columns they take.
KNOWN = {
    "IsComplete": 1,
    "Completeness": 1,
    "IsUnique": 1,
    "Uniqueness": 1,
    "RowCount": 0,
    "ColumnValues": 1,
    "ColumnExists": 1,
    "ColumnCount": 0,
}
_PLAIN = ("IsComplete", "IsUnique", "ColumnExists")


@dataclass(slots=True)
class Verdict:
    """Whether a rule holds, why not, and what was measured."""

    holds: bool
    message: str = ""
    metrics: dict[str, float] = field(default_factory=dict)


def not_known(rule: Rule) -> str:
    """What of a rule cannot be evaluated here; empty if all of it can."""
    if rule.unknown:
        return rule.unknown
    if rule.type not in KNOWN:
        return f"the rule {rule.type}"
    fits = len(rule.parameters) == KNOWN[rule.type] and (rule.expression is None) == (rule.type in _PLAIN)
    if rule.threshold and rule.type != "ColumnValues":
        return "with threshold"
    return "" if fits else f"the rule {rule.text}"


def verdict(duck: Engine, columns: dict[str, str], rule: Rule) -> Record:
    """The result of a rule, as GetDataQualityResult tells it; `columns` are name and DuckDB type."""
    result = {"EvaluatedRule": rule.text, "Description": rule.text}
    column = rule.parameters[0].lower() if rule.parameters else ""
    if rule.type == "ColumnExists":
        found = Verdict(column in columns, f"Column {column} does not exist!")
    elif column and column not in columns:
        return result | {"Result": "ERROR", "EvaluationMessage": f"Column {column} does not exist!"}
    else:
        found = _measured(duck, columns, rule, column)
    told = {"Result": "PASS" if found.holds else "FAIL", "EvaluatedMetrics": found.metrics}
    return result | told | ({} if found.holds else {"EvaluationMessage": found.message})


def _measured(duck: Engine, columns: dict[str, str], rule: Rule, column: str) -> Verdict:
    name = quoted(column)
    match rule.type:
        case "RowCount":
            return _number("Dataset.*.RowCount", _one(duck, "count(*)"), rule.expression)
        case "ColumnCount":
            return _number("Dataset.*.ColumnCount", float(len(columns)), rule.expression)
        case "IsComplete" | "Completeness":
            measured = _one(duck, f"count({name}) / count(*)::DOUBLE")
            whole = rule.expression or Expression("=", (1.0,))
            return _number(f"Column.{column}.Completeness", measured, whole)
        case "IsUnique" | "Uniqueness":
            once = f"SELECT {name} FROM {DATA} WHERE {name} IS NOT NULL GROUP BY 1 HAVING count(*) = 1"  # noqa: S608
            measured = _one(duck, f"(SELECT count(*) FROM ({once})) / count(*)::DOUBLE")  # noqa: S608
            whole = rule.expression or Expression("=", (1.0,))
            return _number(f"Column.{column}.Uniqueness", measured, whole)
        case _:
            assert rule.expression is not None
            condition = _condition(name, columns[column], rule.expression)
            measured = _one(duck, f"count(*) FILTER ({condition}) / count(*)::DOUBLE")
            threshold = rule.threshold or Expression("=", (1.0,))
            return _number(f"Column.{column}.ColumnValues.Compliance", measured, threshold)


def _one(duck: Engine, measure: str) -> float:
    _, [(value,)] = duck.run(f"SELECT {measure} FROM {DATA}")  # noqa: S608
    # No rows: nothing is missing, doubled or wrong.
    return 1.0 if value is None or value != value else float(value)


def _number(metric: str, measured: float, expression: Expression | None) -> Verdict:
    holds = expression is not None and _compares(measured, expression)
    return Verdict(holds, f"Value: {measured} does not meet the constraint requirement!", {metric: measured})


def _compares(measured: float, expression: Expression) -> bool:
    """Whether a number meets an expression; `between` leaves its ends out (dqdl, expressions)."""
    wanted = [float(value) for value in expression.values]
    match expression.sign:
        case "between":
            return (wanted[0] < measured < wanted[1]) != expression.negated
        case "in":
            return (measured in wanted) != expression.negated
        case sign:
            return bool(wanted) and _SIGNS[sign](measured, wanted[0])


def _condition(name: str, kind: str, expression: Expression) -> str:
    """The SQL condition under which a cell passes: NULL fails, except with != and not in (ColumnValues)."""
    text = f"CAST({name} AS VARCHAR)"
    words = {
        "NULL": f"{name} IS NULL",
        "EMPTY": f"{text} = ''",
        "WHITESPACES_ONLY": f"({text} <> '' AND trim({text}) = '')",
    }
    values = [_sql(value, kind) for value in expression.values]
    match expression.sign:
        case "between":
            found = f"({name} > {values[0]} AND {name} < {values[1]})"
        case "in":
            parts = [f"{name} IN ({', '.join(values)})"] if values else []
            found = f"({' OR '.join([*parts, *(words[w] for w in expression.words)])})"
        case sign if expression.words:
            found = words[expression.words[0]] if sign == "=" else f"NOT {words[expression.words[0]]}"
        case "!=":
            return f"({name} IS NULL OR {name} <> {values[0]})"
        case sign:
            found = f"{name} {sign} {values[0]}"
    if expression.negated:
        return f"({name} IS NULL OR NOT {found})"
    return f"coalesce({found}, false)"


def _sql(value: Value, kind: str) -> str:
    if isinstance(value, float):
        return repr(value)
    return literal(value) if kind == "VARCHAR" else f"CAST({literal(value)} AS {kind})"
