"""taking-over: something of that name exists and was not made by this mesh."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.land import MARK
from reconciler.model.change import Update
from reconciler.model.finding import Finding
from reconciler.model.plan import Plan
from reconciler.spec.mesh import Mesh

RULE = "taking-over"


def findings(plan: Plan, mesh: Mesh) -> Iterable[Finding]:
    """Databases and tables that exist without our mark: taking one over rewrites it and its permissions."""
    for step in plan.steps:
        change = step.change
        if not isinstance(change, Update) or change.address.kind not in ("database", "table"):
            continue
        owner = dict(change.have.spec.parameters).get(MARK)
        if owner != mesh.name:
            whose = f"belongs to the mesh {owner}" if owner else "was not made by a mesh"
            yield Finding(
                RULE,
                "error",
                f"The {change.address.kind} {change.address.name} exists and {whose}. This plan would take it over.",
                change.origin,
            )
