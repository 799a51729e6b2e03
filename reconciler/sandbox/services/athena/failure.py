"""Why a query failed, in Athena's words."""

from __future__ import annotations

NO_PRIVILEGE = "Principal does not have any privilege on specified resource"
"""What Lake Formation says of a table that is hidden as a whole (recorded)."""


class QueryFailed(Exception):
    """Ends a query. `reason` is its StateChangeReason; `cancelled` where Athena stops it instead of failing it."""

    def __init__(self, reason: str, *, cancelled: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cancelled = cancelled


def insufficient(detail: str) -> QueryFailed:
    """The failure of a reader who has no right to what he asks for."""
    return QueryFailed(f"Insufficient permissions to execute the query. {detail}")


def column_not_found(position: str, column: str) -> QueryFailed:
    """Athena tells a hidden column and a missing one alike."""
    return QueryFailed(
        f"COLUMN_NOT_FOUND: {position}: Column '{column}' cannot be resolved "
        "or requester is not authorized to access requested resources"
    )


def table_not_found(position: str, database: str, table: str) -> QueryFailed:
    return QueryFailed(f"TABLE_NOT_FOUND: {position}: Table 'awsdatacatalog.{database}.{table}' does not exist")
