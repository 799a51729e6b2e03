"""access-gap: what Lake Formation refuses side by side, or no order of requests can do without a moment in between."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from reconciler.model.address import Address
from reconciler.model.change import Create, Delete
from reconciler.model.finding import Finding
from reconciler.model.lakeformation import Grant, OnColumns, OnTable
from reconciler.plan.attribute_order import attribute_order
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

_Place = tuple[str, str, str, str]


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
    changes = {address: step.change for address, step in steps.items()}
    for first, later in chain(tag_order(changes, reviewed.observation.found), attribute_order(changes)):
        grant = first if isinstance(steps[first].change.resource.spec, Grant) else later
        if wave[first] >= wave[later] and grant not in told:
            told.add(grant)
            yield Finding(
                ACCESS_GAP.id,
                ACCESS_GAP.severity,
                f"Tags and this grant change crosswise, so access is wrong for a moment: {grant.name}.",
                steps[grant].change.origin,
            )


def _between_shapes(reviewed: Review) -> Iterable[Finding]:
    """A principal whose SELECT on a table moves between the whole table and some of its columns."""
    lost: dict[_Place, Grant] = {}
    for step in reviewed.steps:
        if isinstance(step.change, Delete) and (place := _place(step.change.have.spec)):
            lost[place] = step.change.have.spec
    for step in reviewed.steps:
        if not isinstance(step.change, Create):
            continue
        place = _place(step.change.want.spec)
        if place in lost and step.change.want.spec.target != lost[place].target:
            principal, _, database, table = place
            yield Finding(
                ACCESS_GAP.id,
                ACCESS_GAP.severity,
                f"{principal} is without access to {database}.{table} for a moment: "
                "Lake Formation does not take a grant on columns beside one on the table.",
                step.change.origin,
            )


def _place(spec: object) -> _Place | None:
    """Principal and table of a grant that names a table or columns of it; None for anything else."""
    if not isinstance(spec, Grant) or not isinstance(spec.target, OnColumns | OnTable):
        return None
    return spec.principal, spec.target.catalog, spec.target.database, spec.target.table
