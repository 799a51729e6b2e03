"""Row filters of Lake Formation as DuckDB conditions."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from reconciler.sandbox.services.athena.failure import QueryFailed

#: partiql-support: comparisons, BETWEEN, IN, LIKE, IS NULL, AND, OR, NOT over columns and literals.
_ALLOWED = (
    exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.Between,
    exp.Like, exp.Is, exp.Null, exp.Boolean, exp.Literal, exp.Neg, exp.Column, exp.Identifier, exp.Cast, exp.DataType,
    exp.DataTypeParam, exp.Tuple,
)  # fmt: skip


def predicate(text: str) -> str:
    """A row filter in DuckDB's SQL. QueryFailed: it uses what row filters may not."""
    try:
        tree = sqlglot.parse_one(text, dialect="presto")
    except SqlglotError as error:
        raise QueryFailed(f"INVALID_ROW_FILTER: {text}") from error
    for node in tree.walk():
        if not isinstance(node, _ALLOWED):
            raise QueryFailed(f"INVALID_ROW_FILTER: {node.sql()} is not supported in {text}")
    return f"({tree.sql(dialect='duckdb')})"
