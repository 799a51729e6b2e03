"""workgroup-loss: an Athena workgroup takes people's saved queries and the history of their queries along."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.athena.workgroup import Workgroup
from reconciler.model.change import Delete
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

WORKGROUP_LOSS = Rule(
    "workgroup-loss",
    "error",
    "An Athena workgroup is deleted only when somebody says so.",
    "Its saved queries and its history go with it; the results in S3 stay. Let people copy what they need to their new "
    "workgroup, then accept by name. https://docs.aws.amazon.com/athena/latest/APIReference/API_DeleteWorkGroup.html",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each workgroup that would be deleted."""
    for step in reviewed.steps:
        if isinstance(step.change, Delete) and isinstance(step.change.have.spec, Workgroup):
            yield Finding(
                WORKGROUP_LOSS.id,
                WORKGROUP_LOSS.severity,
                f"The workgroup {step.address.name} would be deleted, with the queries that people saved in it and "
                "the history of those they ran. Its results in S3 stay.",
            )
