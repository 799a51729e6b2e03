"""Carrying out under faults: what can be done is done, nothing is lost, and the next run takes up what is left."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from reconciler import pipeline
from reconciler.aws.crew import Desk, desk_of
from reconciler.aws.in_flight import MOST
from reconciler.aws.writer import Writer
from reconciler.kinds.touched import touched
from reconciler.model.call import Call, Part
from reconciler.model.outcome import Run
from reconciler.plan.turns import may_meet
from tests.estate import ANALYTICS, CENTRAL, Estate, actions, bank, every_rule, failures, variant, wave_of

SUBSCRIPTION = "consumers/analytics-coe/subscriptions/credit-risk-model"


def results(run: Run) -> dict[str, str]:
    """Kind and name of every step, and what became of it."""
    return {f"{outcome.step.address.kind} {outcome.step.address.name}": outcome.result for outcome in run.outcomes}


FAULTS: dict[str, dict[str, Any]] = {
    "concurrent writers": {
        "service": "lakeformation",
        "operation": "BatchGrantPermissions",
        "error": "ConcurrentModificationException",
        "times": 3,
    },
    "concurrent writers of single entries": {
        "service": "lakeformation",
        "operation": "BatchGrantPermissions",
        "error": "ConcurrentModificationException",
        "entries": (0, 2, 5),
        "times": 2,
    },
    "throttling of writes": {"service": "glue", "operation": "CreateTable", "error": "ThrottlingException", "times": 2},
    "answers lost after grants": {
        "service": "lakeformation",
        "operation": "BatchGrantPermissions",
        "reset": "after",
        "times": 2,
    },
    "answers lost after databases": {"service": "glue", "operation": "CreateDatabase", "reset": "after", "times": 2},
    "answers lost after tables": {"service": "glue", "operation": "CreateTable", "reset": "after", "times": 1},
    "answers lost after tags": {
        "service": "lakeformation",
        "operation": "CreateLFTag",
        "reset": "after",
        "times": 2,
    },
    "answers lost after roles": {"service": "iam", "operation": "CreateRole", "reset": "after", "times": 2},
    "answers lost after locations": {
        "service": "lakeformation",
        "operation": "RegisterResource",
        "reset": "after",
        "times": 1,
    },
    "answers lost after workgroups": {
        "service": "athena",
        "operation": "CreateWorkGroup",
        "reset": "after",
        "times": 1,
    },
    "answers lost after invitations": {
        "service": "ram",
        "operation": "AcceptResourceShareInvitation",
        "reset": "after",
        "times": 1,
    },
    "answers lost after buckets": {"service": "s3", "operation": "CreateBucket", "reset": "after", "times": 1},
    "requests lost": {"service": "lakeformation", "operation": "GrantPermissions", "reset": "before", "times": 1},
}


@pytest.mark.parametrize("names", [list(FAULTS)[:6], list(FAULTS)[6:]], ids=["first half", "second half"])
def test_faults_that_pass_leave_nothing_undone_and_no_grant_lost(estate: Estate, names: list[str]) -> None:
    review = estate.review()
    estate.aws.faults(*(FAULTS[name] for name in names))
    run = pipeline.apply_reviewed(review, estate.sessions, accepted=every_rule())
    assert not run.failed, failures(run)
    struck = [fault for fault in estate.aws.world.faults.as_json() if fault["struck"]]
    assert len(struck) >= len(names) - 1
    estate.aws.world.faults.clear()
    assert estate.plan().is_empty


def test_a_failed_step_skips_what_waits_for_it_and_nothing_else(estate: Estate) -> None:
    review = estate.review()
    denied = {"error": "AccessDeniedException", "message": "no databases today", "times": None}
    estate.aws.faults({"service": "glue", "operation": "CreateDatabase", "account": CENTRAL, **denied})
    run = pipeline.apply_reviewed(review, estate.sessions, accepted=every_rule())
    ended = results(run)
    assert ended["database credit-card"] == "failed"
    assert ended["table credit-card.credit_card"] == "skipped"
    assert ended["lf-tag sensitivity"] == "done"
    assert ended["workgroup bank-analytics-coe-data-scientist"] == "done"
    by_address = {outcome.step.address: outcome for outcome in run.outcomes}
    for outcome in run.outcomes:
        blocked = [first for first in outcome.step.waits_for if by_address[first].result != "done"]
        assert (outcome.result == "skipped") == bool(blocked)
        if blocked:
            assert str(blocked[0]) in outcome.message or any(str(first) in outcome.message for first in blocked)
    words = {outcome.message for outcome in run.outcomes if outcome.result == "failed"}
    assert words == {"AccessDeniedException: no databases today"}
    estate.aws.world.faults.clear()
    estate.repair()


def test_a_revoke_that_did_not_happen_is_tried_again(built: Estate) -> None:
    without = variant(without=[SUBSCRIPTION])
    review = built.review(without)
    built.aws.faults(*not_revoked(times=1))
    run = pipeline.apply_reviewed(review, built.sessions, accepted=every_rule())
    assert not run.failed, failures(run)
    assert built.plan(without).is_empty


def test_a_revoke_that_a_new_reading_does_not_confirm_has_failed(built: Estate) -> None:
    without = variant(without=[SUBSCRIPTION])
    review = built.review(without)
    built.aws.faults(*not_revoked(times=None))
    run = pipeline.apply_reviewed(review, built.sessions, accepted=every_rule())
    failed = {outcome.message for outcome in run.outcomes if outcome.result == "failed"}
    assert failed == {"AWS took the request, but a new reading shows that it was not done"}
    built.aws.world.faults.clear()
    assert actions(built.plan(without)) != set()
    built.repair(without)


@pytest.mark.parametrize("meanwhile", [False, True])
def test_a_write_on_a_condition_whose_answer_was_lost_is_done_unless_somebody_else_came_between(
    built: Estate, meanwhile: bool
) -> None:
    """Sent again it is refused: the policy is there by then."""
    glue = built.client("glue")
    glue.delete_resource_policy()
    review = built.review()
    if meanwhile:
        theirs = {"Effect": "Allow", "Principal": {"AWS": CENTRAL}, "Action": "glue:GetTable"}
        policy = {"Version": "2012-10-17", "Statement": [{**theirs, "Resource": f"arn:aws:glue:eu-west-1:{CENTRAL}:*"}]}
        glue.put_resource_policy(PolicyInJson=json.dumps(policy), EnableHybrid="TRUE")
    else:
        built.aws.faults({"operation": "PutResourcePolicy", "reset": "after"})
    run = pipeline.apply_reviewed(review, built.sessions, accepted=every_rule())
    failed = [(outcome.step.address.kind, outcome.message[:19]) for outcome in run.failed]
    assert failed == ([("catalog-policy", "ConditionCheckFailu")] if meanwhile else [])


def not_revoked(times: int | None) -> list[dict[str, Any]]:
    """Lake Formation says that there is nothing to revoke, and revokes nothing."""
    words = {"error": "InvalidInputException", "message": "No permissions revoked. Grantee does not have: [SELECT]"}
    operations = ("BatchRevokePermissions", "RevokePermissions")
    each = {"service": "lakeformation", "account": ANALYTICS, "times": times, **words}
    return [{**each, "operation": operation} for operation in operations]


@dataclass
class Watch:
    """The requests that are under way, as another thread would see them."""

    under_way: list[tuple[Call, frozenset[Part]]] = field(default_factory=list)
    met: list[tuple[Call, Call]] = field(default_factory=list)
    most: dict[Desk, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def watching(self) -> Iterator[None]:
        sent, watch = Writer.request, self

        def request(self: Writer, call: Call, operation: str, params: dict[str, Any]) -> dict[str, Any]:
            entries = params.get("Entries", ()) if operation.startswith("Batch") else ()
            alike = [replace(call, params=entry) for entry in entries] or [replace(call, params=params)]
            mine = call, frozenset(part for each in alike for part in touched(each))
            with watch.lock:
                for other, parts in watch.under_way:
                    if other.placement.account == call.placement.account and not may_meet(parts, mine[1]):
                        watch.met.append((other, call))
                watch.under_way.append(mine)
                here = sum(desk_of(other) == desk_of(call) for other, _ in watch.under_way)
                watch.most[desk_of(call)] = max(watch.most.get(desk_of(call), 0), here)
            try:
                return sent(self, call, operation, params)
            finally:
                with watch.lock:
                    watch.under_way.remove(mine)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Writer, "request", request)
            yield


def test_requests_under_way_in_an_account_touch_nothing_in_common(estate: Estate) -> None:
    """Lake Formation refuses two writers of one principal, or of one resource, and so do others in their ways."""
    watch = Watch()
    estate.aws.world.settings.latency_ms = 4
    with watch.watching():
        run = estate.apply_reviewed()
    estate.aws.world.settings.latency_ms = 0
    assert not run.failed, failures(run)
    assert watch.met == []
    assert 1 < max(watch.most.values()) <= MOST
    retried = {desk: pace.retries for desk, pace in estate.sessions.paces.items() if pace.retries}
    assert retried == {}
    collided = [call for call in estate.aws.calls if call.error == "ConcurrentModificationException"]
    assert collided == [], "the sandbox refuses what AWS is known to refuse"


def test_where_everything_collides_one_writer_is_left_and_nothing_is_lost(estate: Estate) -> None:
    estate.aws.world.beliefs.choose({"collisions": "all"})
    estate.aws.world.settings.latency_ms = 4
    run = estate.apply_reviewed()
    estate.aws.world.settings.latency_ms = 0
    assert not run.failed, failures(run)
    collided = [call for call in estate.aws.calls if call.error == "ConcurrentModificationException"]
    assert 0 < len(collided) < len(estate.writes()) / 10
    estate.aws.world.beliefs.clear()
    assert estate.plan().is_empty


def test_nobody_loses_what_he_has_before_and_after(built: Estate) -> None:
    """A change of clearance grants the new expression before it revokes the old one."""
    narrower = variant((f"{SUBSCRIPTION}.yaml", "[internal, confidential]", "[confidential]"))
    plan = built.plan(narrower)
    waves = wave_of(plan)
    olds = [step for step in plan.steps if step.change.action == "delete" and "SELECT" in step.address.name]
    news = [step for step in plan.steps if step.change.action == "create" and "SELECT" in step.address.name]
    assert len(olds) == len(news) == 2
    for one in news:
        for other in olds:
            if one.address.placement == other.address.placement:
                assert waves[one.address] < waves[other.address]
    built.repair(narrower)
    built.repair(bank())
