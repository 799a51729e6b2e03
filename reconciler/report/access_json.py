"""Who may read what, as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reconciler.access import Access, TableAccess
from reconciler.access.algebra.rows import text
from reconciler.access.evaluation.grant_paths import via
from reconciler.access.explanation.explain import Explanation
from reconciler.access.explanation.subscribing import Subscribing
from reconciler.access.state.principal_directory import account_of
from reconciler.model.resource import Gap


def access_json(access: Access, found: TableAccess) -> dict[str, Any]:
    """What one principal has on one table: each readable column with its rows (null: all of them)."""
    place = found.table_view.id
    return {
        "principal": found.principal,
        "account": account_of(found.principal) or place.catalog,
        "name": access.directory.label(found.principal),
        "catalog": place.catalog,
        "database": place.database,
        "table": place.table,
        "columns": {name: text(rows) for name, rows in found.columns.items()},
        "permissions": list(found.permissions),
        "verdict": found.verdict,
        "reasons": list(found.reasons),
        "raw_read": found.raw_read,
        "via": list(via(access, found.principal, place, ())),
    }


def list_json(access: Access, found: Iterable[TableAccess], admins: Iterable[str] | None = None) -> dict[str, Any]:
    """Several of them, as a document. `admins` may grant themselves what is on the tables."""
    document = {"version": 1, "access": [access_json(access, each) for each in found]}
    return document if admins is None else {**document, "admins": list(admins)}


def gaps_json(gaps: Iterable[Gap]) -> list[dict[str, str]]:
    """What was not seen: somebody may have more, or be missing from a list altogether."""
    return [
        {"kind": gap.kind, "account": gap.placement.account, "region": gap.placement.region, "reason": gap.reason}
        for gap in gaps
    ]


def explanation_json(access: Access, explained: Explanation, why: Subscribing) -> dict[str, Any]:
    """An explanation with the access that it explains, and what the documents have to do with it."""
    return {
        "version": 1,
        **access_json(access, explained.access),
        "answers": [
            {"columns": list(answer.columns), "readable": answer.readable, "because": list(answer.because)}
            for answer in explained.answers
        ],
        "remarks": list(explained.remarks),
        "subscribing": list(why.sentences),
        "yaml": list(why.yaml),
        "command": why.command,
    }
