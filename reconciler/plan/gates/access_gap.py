"""access-gap: Lake Formation refuses old and new side by side, so somebody is without access for a moment."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.change import Create, Delete
from reconciler.model.finding import Finding
from reconciler.model.lakeformation import OnColumns, OnTable
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

ACCESS_GAP = Rule(
    "access-gap",
    "warning",
    "Nobody is without access in the middle of a change, where Lake Formation allows it.",
    "It refuses a grant on columns beside one on the table for the same principal, so the old one goes first. "
    "Share by tags or by a row filter to avoid it.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """A principal whose SELECT on a table moves between the whole table and some of its columns."""
    lost = {
        _place(step.change.have.spec): step
        for step in reviewed.steps
        if step.address.kind == "grant" and isinstance(step.change, Delete)
    }
    for step in reviewed.steps:
        if step.address.kind != "grant" or not isinstance(step.change, Create):
            continue
        grant = step.change.want.spec
        place = _place(grant)
        if place and place in lost and grant.target != lost[place].change.have.spec.target:  # type: ignore[union-attr]
            yield Finding(
                ACCESS_GAP.id,
                ACCESS_GAP.severity,
                f"{grant.principal} is without access to {grant.target.database}.{grant.target.table} for a moment: "
                "Lake Formation does not take a grant on columns beside one on the table.",
                step.change.origin,
            )


def _place(grant: object) -> tuple[str, str, str, str] | None:
    """Principal and table of a grant that names a table or columns of it."""
    target = getattr(grant, "target", None)
    if not isinstance(target, OnColumns | OnTable):
        return None
    return (str(getattr(grant, "principal", "")), target.catalog, target.database, target.table)
