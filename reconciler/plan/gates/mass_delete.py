"""mass-delete: a plan that takes away much is probably a mistake."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.change import Delete
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

MASS_DELETE = Rule(
    "mass-delete",
    "error",
    "A plan takes away no more than the limits of the mesh allow.",
    "Look whether folders are missing. Raise `limits` in mesh.yaml, or accept this plan by name.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """More deletions than the mesh's limits allow without a word."""
    deletes = sum(isinstance(step.change, Delete) for step in reviewed.steps)
    limit = reviewed.mesh.settings.limits.deletes
    if deletes > limit:
        yield Finding(
            MASS_DELETE.id,
            MASS_DELETE.severity,
            f"The plan deletes {deletes} resources; the mesh allows {limit} without asking (limits.deletes).",
            reviewed.mesh.settings.at("limits"),
        )
