"""no-strangers: a toy gate. It goes by facts alone, as every rule about access may."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

NO_STRANGERS = Rule("no-strangers", "error", "Nobody whom the mesh does not name reads.", "Name him, or refuse.")


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each stranger who comes to read a table."""
    strangers = {
        (each.fact.principal, each.fact.table)
        for each in reviewed.gained_facts()
        if each.fact.is_reading and each.fact.principal_type == "other"
    }
    for principal, table in sorted(strangers):
        yield Finding(NO_STRANGERS.id, NO_STRANGERS.severity, f"{principal} would read {table}.")
