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
    """One finding for each table on which IAM would decide from now on, for everybody or for single principals."""
    opened = {(each.fact.where, each.fact.principal): each.fact for each in reviewed.gained_facts("opened")}
    whole = {fact.where for fact in opened.values() if fact.principal_type == "everybody"}
    for where in sorted(whole):
        yield Finding(OPENS_TO_IAM.id, OPENS_TO_IAM.severity, f"{where} would be open to everybody whom IAM lets.")
    for fact in opened.values():
        if fact.where not in whole:
            yield Finding(
                OPENS_TO_IAM.id,
                OPENS_TO_IAM.severity,
                f"Lake Formation would no longer decide for {fact.name} on {fact.where}: the table is open to IAM, "
                "and the opt-in goes.",
            )
