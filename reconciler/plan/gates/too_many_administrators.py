"""too-many-administrators: an account would have more data lake administrators than Lake Formation takes."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.model.change import Update
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.limits import ADMINS
from reconciler.spec.rule import Rule

TOO_MANY = Rule(
    "too-many-administrators",
    "error",
    f"An account has at most {ADMINS} data lake administrators, those that were there before included.",
    "Lake Formation refuses more, and everything that the account needs would wait for it. Remove some in the account, "
    "let several people assume one role, or say `territory.undeclaredAdmins: revoke`.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each account that would have too many.

    https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_DataLakeSettings.html
    """
    for step in reviewed.steps:
        change = step.change
        if not isinstance(change, Update) or not isinstance(change.want.spec, LakeSettings):
            continue
        number = len(change.want.spec.admins)
        if number > ADMINS:
            yield Finding(
                TOO_MANY.id,
                TOO_MANY.severity,
                f"The account {change.address.placement.account} would have {number} data lake administrators, "
                f"{len(change.have.spec.admins)} of them there already; Lake Formation takes {ADMINS}.",
                change.origin,
            )
