"""Types of columns in the engine's SQL."""

from __future__ import annotations

from reconciler.sandbox.services.athena.failure import QueryFailed
from reconciler.sandbox.services.glue.state import Record
from reconciler.sandbox.shared.hive_types import duckdb_type


def type_of(column: Record) -> str:
    """The engine's type of a column. QueryFailed: one that is not simulated."""
    try:
        return duckdb_type(column.get("Type", "string"))
    except LookupError as error:
        raise QueryFailed(f"NOT_SUPPORTED: sandbox: the type {column['Type']} is not simulated") from error
