"""catalog-loss: databases and tables that go take their metadata and everybody's access along."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.change import Delete
from reconciler.model.finding import Finding
from reconciler.model.plan import Plan
from reconciler.spec.mesh import Mesh

RULE = "catalog-loss"


def findings(plan: Plan, mesh: Mesh) -> Iterable[Finding]:
    """One finding for each database or table that would be deleted. The files in S3 stay."""
    del mesh
    for step in plan.steps:
        if isinstance(step.change, Delete) and step.address.kind in ("database", "table"):
            yield Finding(
                RULE, "error", f"The {step.address.kind} {step.address.name} would be deleted. Its files in S3 stay."
            )
