"""one-way: AWS allows no way back from cross-account version 5."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.model.change import Update
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

ONE_WAY = Rule(
    "one-way",
    "error",
    "What AWS cannot take back is done only when somebody says so.",
    "Cross-account version 5 has no way back to 4.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """The version would be raised to 5.

    https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html
    """
    for step in reviewed.steps:
        change = step.change
        if (
            isinstance(change, Update)
            and isinstance(change.want.spec, LakeSettings)
            and change.have.spec.version < 5 <= change.want.spec.version
        ):
            yield Finding(
                ONE_WAY.id,
                ONE_WAY.severity,
                f"The cross-account version of {change.address.placement.account} would be raised to 5. "
                "AWS allows no way back.",
                reviewed.mesh.settings.at("crossAccountVersion"),
            )
