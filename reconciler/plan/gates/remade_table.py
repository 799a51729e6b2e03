"""remade-table: a writer has made its table, or made it anew, and the mesh puts back what was on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from reconciler.kinds.glue.table import Table
from reconciler.model.finding import Finding
from reconciler.model.last_change import LastChange
from reconciler.model.resource import Resource
from reconciler.plan.remade import remade
from reconciler.plan.review import Review
from reconciler.plan.table_readers import TableReaders
from reconciler.spec.rule import Rule

REMADE_TABLE = Rule(
    "remade-table",
    "note",
    "A table that its writer drops and makes anew gets its tags and permissions back at the next run.",
    "With the old table AWS forgot its LF-tags, filters and the permissions that named it, so nobody reads the new one "
    "until apply has put them back. Nobody has to accept that where the journal shows that no run has tagged the table "
    "since its CreateTime. To shorten the time, let apply follow the writer's run. Where the journal does not show it, "
    "or only a part is missing, somebody may have taken it away: `reopens-access`.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One note a table, with its maker and those who read it by the documents."""
    readers = TableReaders(reviewed, by_documents=True)
    for found in remade(reviewed).values():
        want = reviewed.wanted[found.address]
        yield Finding(
            REMADE_TABLE.id,
            REMADE_TABLE.severity,
            f"{found.address.name} was made{_made(found)}, and bears no LF-tags of the mesh: its writer "
            f"has made it, perhaps anew. Apply puts back what was on it. {readers.sentence(want)}",
            want.origin,
        )


def _made(table: Resource[Table]) -> str:
    by, at = table.spec.rest.get("CreatedBy"), table.spec.rest.get("CreateTime")
    told = LastChange(by, at if isinstance(at, datetime) else None)
    return f"{f' by {told.by}' if told.by else ''}{f' at {told.when}' if told.when else ''}"
