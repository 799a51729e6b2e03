"""Whoever gains or loses a product is told of it at least once, however the run ends that did it.

Of a run that was killed before it told, `make test` has an example in tests/campaigns/test_crashes.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from reconciler import applying, pipeline
from reconciler.apply_request import ApplyRequest, ApplyResult
from reconciler.kinds.events.subscription_notice import notice_again
from reconciler.sandbox import Sandbox, sandbox
from reconciler.spec.mesh import Mesh
from tests.estate import CENTRAL, Edit, Estate, bank, every_rule, variant

BUCKET = "bank-governance"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
WIDER: Edit = (REPORT, "sensitivity: [internal]", "sensitivity: [internal, confidential]")
Turn = Callable[[str], Mesh]
JOURNALS = {"file": "journal: {path: kept/journal}", "s3": f"journal: {{bucket: {BUCKET}, prefix: journal/}}"}
NEWS = {"operation": "PutEvents", "account": CENTRAL}


class Killed(BaseException):
    """What a kill is within a process: nothing more is done, and nothing is written down."""


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    """The example, applied once. Each test leaves it as its last mesh wants it."""
    with sandbox() as aws:
        place = {"LocationConstraint": "eu-west-1"}
        aws.session(CENTRAL).client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
        Estate(aws).repair()
        yield aws


@pytest.fixture(scope="module")
def clearances() -> Iterator[tuple[Edit, ...]]:
    """Another clearance for each test, so that somebody has to be told."""
    return cycle([(WIDER,), ()])


@pytest.fixture
def turn(
    world: Sandbox, clearances: Iterator[tuple[Edit, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Turn:
    monkeypatch.chdir(tmp_path)
    world.world.faults.clear()
    world.world.trail.clear()
    edits = next(clearances)
    return lambda journal: variant(("mesh.yaml", "limits:", f"{JOURNALS[journal]}\nlimits:"), *edits)


def run(mesh: Mesh, **more: Any) -> ApplyResult:
    sessions = pipeline.sessions_for(mesh, writes=True)
    order = ApplyRequest(accepted=every_rule())
    return applying.apply(mesh, sessions, order, confirm=lambda _: None, **more)


def told(world: Sandbox) -> list[str]:
    """The ids of the notices that arrived since, each as its product and the run."""
    sent = [each for each in world.world.trail.of(CENTRAL, "eu-west-1") if each.operation == "PutEvents"]
    return [json.loads(row["Detail"])["id"] for each in sent if not each.error for row in each.params["Entries"]]


def killed_before_the_notice(world: Sandbox, mesh: Mesh, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that has granted, and dies before it tells."""
    from reconciler.aws.sender import Sender

    real = Sender.sending

    def dying(self: Sender, calls: Any, *more: Any) -> Any:
        if any(call.operation == "PutEvents" for call in calls):
            raise Killed
        return real(self, calls, *more)

    def silent(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Sender, "sending", dying)
        # A killed run closes nothing.
        patch.setattr("reconciler.aws.journal_store.Record.close", silent)
        patch.setattr("reconciler.announcing.Notices.end", silent)
        with pytest.raises(Killed):
            run(mesh)
    assert told(world) == []


@pytest.mark.soak
def test_a_run_that_died_before_it_told_is_told_by_the_next_though_that_has_nothing_to_do(
    world: Sandbox, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    mesh = turn("s3")
    killed_before_the_notice(world, mesh, monkeypatch)
    after = run(mesh)
    assert after.run.plan.is_empty
    assert after.error is None
    assert after.announced == tuple(told(world))
    assert [each.rpartition("/")[2] for each in told(world)] == ["credit-profile"]
    assert run(mesh).announced == ()


@pytest.mark.soak
def test_what_aws_did_not_take_is_given_later_and_once_though_the_role_may_not_delete(
    world: Sandbox, turn: Turn
) -> None:
    mesh = turn("s3")
    world.faults({**NEWS, "error": "AccessDeniedException", "times": None})
    first = run(mesh)
    assert [outcome.step.address.kind for outcome in first.run.failed] == ["notice"]
    assert first.journal is not None
    world.world.faults.clear()
    world.faults({"service": "s3", "operation": "DeleteObject", "error": "AccessDenied", "status": 403, "times": None})
    after = run(mesh)
    assert after.error is None
    assert list(after.announced) == [f"{Path(first.journal).stem}/credit-profile"] == told(world)
    assert run(mesh).announced == ()


@pytest.mark.soak
def test_where_it_cannot_be_given_that_is_told_and_it_stays_owed(world: Sandbox, turn: Turn) -> None:
    mesh = turn("file")
    world.faults({**NEWS, "error": "AccessDeniedException", "times": None})
    run(mesh)
    refused = run(mesh)
    assert refused.error is not None
    assert any("credit-profile" in each for each in refused.troubles)
    world.world.faults.clear()
    assert [each.rpartition("/")[2] for each in run(mesh).announced] == ["credit-profile"]


@pytest.mark.soak
def test_nobody_is_told_of_what_was_not_done(world: Sandbox, turn: Turn) -> None:
    """Neither by the run whose grants were refused, nor later."""
    grants = {"service": "lakeformation", "error": "AccessDeniedException", "times": None}
    world.faults({**grants, "operation": "BatchGrantPermissions"}, {**grants, "operation": "GrantPermissions"})
    mesh = turn("file")
    assert run(mesh).run.failed
    assert told(world) == []
    world.world.faults.clear()
    again = run(mesh)
    assert (again.announced, len(told(world))) == ((), 1)


def test_of_a_product_that_is_gone_nobody_hears() -> None:
    assert notice_again(bank(), "gone", "some/gone") is None
