"""opens-to-iam: no plan leaves a table open to everybody whom IAM lets."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

OPENS_TO_IAM = Rule(
    "opens-to-iam",
    "error",
    "A table that Lake Formation guards is opened to IAM only when somebody says so.",
    "IAM_ALLOWED_PRINCIPALS lets everybody read whose IAM policies allow it. Revoke it instead.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each table on which IAM would decide from now on."""
    if reviewed.access is None:
        return
    places = {entry.place for entry in reviewed.access.gained if entry.change == "opened"}
    for place in sorted(places):
        yield Finding(
            OPENS_TO_IAM.id,
            OPENS_TO_IAM.severity,
            f"The table {place.database}.{place.table} would be open to everybody whom IAM lets.",
        )
