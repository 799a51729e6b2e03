"""taking-over: something of that name exists and was not made by this mesh."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.common.marks import MARK
from reconciler.kinds.glue.database import Database
from reconciler.kinds.glue.table import Table
from reconciler.model.change import Update
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

TAKING_OVER = Rule(
    "taking-over",
    "error",
    "A database or table that this mesh did not make is taken over only when somebody says so.",
    "The plan would rewrite it and revoke what no document asks for. Choose another name, or accept by name.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """Databases and tables that exist without our mark: taking one over rewrites it and its permissions."""
    for step in reviewed.steps:
        change = step.change
        if not isinstance(change, Update) or not isinstance(change.have.spec, Database | Table):
            continue
        owner = dict(change.have.spec.parameters).get(MARK)
        if owner != reviewed.mesh.name:
            whose = f"belongs to the mesh {owner}" if owner else "was not made by a mesh"
            yield Finding(
                TAKING_OVER.id,
                TAKING_OVER.severity,
                f"The {change.address.kind} {change.address.name} exists and {whose}. This plan would take it over.",
                change.origin,
            )
