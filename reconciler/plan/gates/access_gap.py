"""access-gap: what Lake Formation refuses side by side, or no order of requests can do without a moment in between."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.address import Address
from reconciler.model.change import Create, Delete
from reconciler.model.finding import Finding
from reconciler.model.lakeformation import OnColumns, OnTable
from reconciler.plan.review import Review
from reconciler.plan.tag_order import tag_order
from reconciler.spec.rule import Rule

ACCESS_GAP = Rule(
    "access-gap",
    "warning",
    "Nobody loses or gains access in the middle of a change, where Lake Formation allows it.",
    "It refuses a grant on columns beside one on the table for the same principal, so the old one goes first: share by "
    "tags or by a row filter to avoid it. Where tags and grants change crosswise, split the change in two.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """Moves between a table and its columns, and changes of tags and grants that no order gets right."""
    yield from _between_shapes(reviewed)
    yield from _crosswise(reviewed)


def _crosswise(reviewed: Review) -> Iterable[Finding]:
    """Pairs of a tag and a grant that the plan could not put into the order that they ask for."""
    if reviewed.plan is None or reviewed.observation is None:
        return
    steps = {step.address: step for step in reviewed.steps}
    wave = {step.address: number for number, wave in enumerate(reviewed.plan.waves) for step in wave}
    told: set[Address] = set()
    for first, later in tag_order(
        {address: step.change for address, step in steps.items()}, reviewed.observation.found
    ):
        grant = first if first.kind == "grant" else later
        if first in wave and later in wave and wave[first] >= wave[later] and grant not in told:
            told.add(grant)
            yield Finding(
                ACCESS_GAP.id,
                ACCESS_GAP.severity,
                f"Tags and this grant change crosswise, so access is wrong for a moment: {grant.name}.",
                steps[grant].change.origin,
            )


def _between_shapes(reviewed: Review) -> Iterable[Finding]:
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
