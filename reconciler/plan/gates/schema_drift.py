"""schema-drift: a table no longer has the columns that its product promises, or has more of them."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.glue.schema_changes import ColumnChange, column_changes
from reconciler.kinds.glue.table import CONTRACT, Table
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

SCHEMA_DRIFT = Rule(
    "schema-drift",
    "warning",
    "A table has the columns that its product declares.",
    "Declared columns are a contract. One that is gone or of a narrower type breaks who reads it; apply puts it back. "
    "One that turned up breaks nobody and is readable by nobody until it is declared with its sensitivity.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """What was found against what is declared, where the declaration is the one that was applied last."""
    if reviewed.observation is None:
        return
    for want in reviewed.wanted.of(Table):
        have = reviewed.observation.found.get(want.address)
        if have is None or dict(have.spec.parameters).get(CONTRACT) != dict(want.spec.parameters)[CONTRACT]:
            continue
        for each in column_changes(want.spec.types, have.spec.types):
            severity = SCHEMA_DRIFT.severity if each.breaks else "note"
            yield Finding(SCHEMA_DRIFT.id, severity, _sentence(each, want.address.name), want.origin)


def _sentence(change: ColumnChange, name: str) -> str:
    match change.sort:
        case "gone":
            return f"The column {change.column} of {name} is gone. This breaks who reads it; apply puts it back."
        case "narrowed":
            return (
                f"The column {change.column} of {name} is {change.new}; it is declared {change.old}. "
                "This breaks who reads it; apply puts it back."
            )
        case "widened":
            return f"The column {change.column} of {name} is {change.new}, wider than the declared {change.old}."
        case "added":
            return (
                f"{name} has a column {change.column} ({change.new}) that is not declared. It breaks nobody. It has no "
                "sensitivity, so nobody reads it by a clearance until it is declared."
            )
