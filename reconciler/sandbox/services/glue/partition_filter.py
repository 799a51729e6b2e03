"""GetPartitions' Expression: a WHERE clause over the partition keys (API_GetPartitions)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.glue.state import Record

Value = str | float | None
_NUMBERS = ("int", "bigint", "smallint", "tinyint", "long", "decimal")


class _Unknown(Exception):
    """A part of an expression that is not evaluated here."""


def partition_filter(request: Request, keys: list[Record]) -> Callable[[list[str]], bool]:
    """A function that says of a partition's values whether they fit the request's expression.

    InvalidInputException: the expression cannot be parsed or names what is no partition key.
    NotImplemented: it has more than comparisons, AND, OR, NOT, IN, BETWEEN, LIKE and IS NULL.
    """
    text = request.params.get("Expression")
    if not text:
        return lambda _: True
    try:
        tree = sqlglot.parse_one(text, dialect="hive")
    except SqlglotError as error:
        raise AwsError("InvalidInputException", f"Unsupported expression '{text}'") from error
    types = {key["Name"].lower(): key.get("Type", "string").lower() for key in keys}
    if unknown := [c.name for c in tree.find_all(exp.Column) if c.name.lower() not in types]:
        raise AwsError("InvalidInputException", f"Unsupported expression '{text}': {unknown[0]} is no partition key")

    def fits(values: list[str]) -> bool:
        row = {name: _typed(kind, value) for (name, kind), value in zip(types.items(), values, strict=True)}
        try:
            return _true(tree, row)
        except _Unknown as error:
            raise request.not_simulated(f"with Expression {error}") from error

    return fits


def _true(node: exp.Expr, row: Mapping[str, Value]) -> bool:
    match node:
        case exp.Paren():
            return _true(node.this, row)
        case exp.And():
            return _true(node.left, row) and _true(node.right, row)
        case exp.Or():
            return _true(node.left, row) or _true(node.right, row)
        case exp.Not():
            return not _true(node.this, row)
        case exp.In():
            return any(_compared(_value(node.this, row), _value(item, row)) == 0 for item in node.expressions)
        case exp.Between():
            value = _value(node.this, row)
            low, high = _value(node.args["low"], row), _value(node.args["high"], row)
            return _compared(value, low) >= 0 >= _compared(value, high)
        case exp.Like():
            pattern = re.escape(str(_value(node.expression, row))).replace("%", ".*").replace("_", ".")
            return re.fullmatch(pattern, str(_value(node.this, row)), re.DOTALL) is not None
        case exp.Is():
            return _value(node.this, row) is None
        case exp.EQ() | exp.NEQ() | exp.GT() | exp.GTE() | exp.LT() | exp.LTE():
            order = _compared(_value(node.left, row), _value(node.right, row))
            return _ORDERS[type(node)](order)
    raise _Unknown(node.sql())


_ORDERS: dict[type[exp.Expr], Callable[[int], bool]] = {
    exp.EQ: lambda order: order == 0,
    exp.NEQ: lambda order: order != 0,
    exp.GT: lambda order: order > 0,
    exp.GTE: lambda order: order >= 0,
    exp.LT: lambda order: order < 0,
    exp.LTE: lambda order: order <= 0,
}


def _value(node: exp.Expr, row: Mapping[str, Value]) -> Value:
    match node:
        case exp.Column():
            return row[node.name.lower()]
        case exp.Literal():
            return str(node.this) if node.is_string else float(node.this)
        case exp.Neg():
            return -float(node.this.this)
        case exp.Null():
            return None
        case exp.Paren():
            return _value(node.this, row)
    raise _Unknown(node.sql())


def _compared(left: Value, right: Value) -> int:
    """-1, 0 or 1; numbers as numbers where one side is a number and the other reads as one."""
    if isinstance(left, float) != isinstance(right, float):
        try:
            left, right = float(left or ""), float(right or "")
        except ValueError:
            left, right = str(left), str(right)
    if isinstance(left, float) and isinstance(right, float):
        return (left > right) - (left < right)
    return (str(left) > str(right)) - (str(left) < str(right))


def _typed(kind: str, value: str) -> Value:
    return float(value) if kind.startswith(_NUMBERS) and re.fullmatch(r"-?\d+(\.\d+)?", value) else value
