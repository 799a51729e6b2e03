"""What a trial needs besides is printed only where it is asked for, and reaches no more than the trial's own."""

from __future__ import annotations

from reconciler.bootstrap.template import template
from reconciler.kinds import registry
from tests.bootstrap.deployed import PEOPLE, ROLES, statements_of
from tests.estate import CENTRAL, REGION, variant


def test_a_trial_gives_apply_a_queue_and_a_rejection_and_plan_nothing() -> None:
    mesh = variant(ROLES)
    for account in mesh.accounts.values():
        plain, more = (template(mesh, account, PEOPLE, registry(), trial=trial) for trial in (False, True))
        assert statements_of(plain, "PlanRole") == statements_of(more, "PlanRole")
        (added,) = [each for each in statements_of(more, "ApplyRole") if each not in statements_of(plain, "ApplyRole")]
        if account.id == CENTRAL:
            assert added["Resource"] == f"arn:aws:sqs:{REGION}:{CENTRAL}:meshform-bank-doctor"
        else:
            assert added["Action"] == "ram:RejectResourceShareInvitation"
