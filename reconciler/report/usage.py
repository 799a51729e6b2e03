"""Last uses as a table, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from reconciler.report.names import Names
from reconciler.report.table import Table
from reconciler.spec.mesh import Mesh
from reconciler.usage import LastRead, LastUse, last_by_subscription

_HEADINGS = ("subscription", "consumer", "who", "table", "last used", "by")


def usage_table(rows: Iterable[LastUse], mesh: Mesh) -> Table:
    """A row for each use that is allowed."""
    names = Names.of(mesh)
    return Table(
        _HEADINGS,
        tuple(
            (
                row.subscription,
                row.consumer,
                names.principal(row.principal),
                f"{row.database}.{row.table}",
                when(row),
                row.by.lower(),
            )
            for row in rows
        ),
    )


def usage_json(rows: Iterable[LastUse], refused: Iterable[str]) -> dict[str, Any]:
    """Every row, when each subscription was last used, and what is not known."""
    every = tuple(rows)
    return {
        "version": 1,
        "usage": [
            {
                "subscription": row.subscription,
                "consumer": row.consumer,
                "principal": row.principal,
                "product": row.product,
                "database": row.database,
                "table": row.table,
                "last_used": _iso(row.last),
                "by": row.by,
                "known_since": _iso(row.known_since),
            }
            for row in every
        ],
        "subscriptions": {name: _iso(read.last) for name, read in last_by_subscription(every).items()},
        "history_not_read": list(refused),
    }


def when(read: LastRead) -> str:
    """For people: the last time that is known, or since when there surely was none."""
    if read.last is not None:
        return f"{read.last:%Y-%m-%d %H:%M}"
    return f"not since {read.known_since:%Y-%m-%d}" if read.known_since is not None else "not known"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
