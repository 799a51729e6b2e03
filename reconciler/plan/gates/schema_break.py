"""schema-break: the product now declares fewer or narrower columns than its readers have."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.glue.schema_changes import column_changes
from reconciler.kinds.glue.table import CONTRACT, Table
from reconciler.model.change import Update
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

SCHEMA_BREAK = Rule(
    "schema-break",
    "error",
    "A column is taken away or narrowed only when somebody says so.",
    "Queries that read the column fail, or give other values. Add a new column or a new product beside the old one, "
    "tell the readers, and accept by name when they have moved.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """Columns that go or become narrower because the declaration changed. Repairing drift is no such change."""
    for step in reviewed.steps:
        change = step.change
        if not isinstance(change, Update) or not isinstance(change.want.spec, Table):
            continue
        have, want = change.have.spec, change.want.spec
        if dict(have.parameters).get(CONTRACT) == dict(want.parameters).get(CONTRACT):
            continue
        for each in column_changes(have.types, want.types):
            if each.breaks:
                became = "would be taken away" if each.sort == "gone" else f"would become {each.new} ({each.old} now)"
                yield Finding(
                    SCHEMA_BREAK.id,
                    SCHEMA_BREAK.severity,
                    f"The column {each.column} of {change.address.name} {became}. This breaks who reads it.",
                    change.origin,
                )
