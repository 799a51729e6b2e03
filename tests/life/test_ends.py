"""However a run of apply ends, what was done is told, the exit code is true, and the lock is let go where it can be."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from reconciler import applying, journal, pipeline
from reconciler.apply_request import ApplyRequest, ApplyResult
from reconciler.aws.journal_store import keep
from reconciler.aws.lock import Lock
from reconciler.aws.sessions import Sessions
from reconciler.errors import AppliedInPart, MeshformError, Refused
from reconciler.model.outcome import Outcome
from reconciler.owners.history import Merged, approved
from reconciler.sandbox import Sandbox
from reconciler.spec.mesh import Mesh
from tests.estate import CENTRAL, every_rule, variant
from tests.life.at_forge import BUCKET, SETTINGS


def run(mesh: Mesh, sessions: Sessions, **more: Any) -> ApplyResult:
    order = ApplyRequest(accepted=every_rule())
    return applying.apply(mesh, sessions, order, confirm=lambda _: None, **more)


def test_apply_knows_what_was_applied_last_and_refuses_as_the_comment_says(
    aws: Sandbox, mesh: Mesh, sessions: Sessions
) -> None:
    """Where an account leaves a region nothing is done, until somebody has accepted it by name."""
    regions = ("accounts/analytics.yaml", "parts: [consumer]", "parts: [consumer]\nregions: [us-east-1]")
    before = variant(("mesh.yaml", "limits:", SETTINGS), regions)
    assert {each.rule for each in pipeline.review(mesh, observation=pipeline.look(mesh, sessions)).findings} == set()
    others = tuple(rule for rule in every_rule() if rule != "left-region")
    judged = approved(before, [Merged("1", mesh, None)], lambda _: None, "acme")
    ended = applying.apply(mesh, sessions, ApplyRequest(accepted=others, approved=judged), confirm=lambda _: None)
    assert isinstance(ended.error, Refused)
    assert "left-region" in str(ended.error)
    assert ended.run.outcomes == ()


Known = dict[tuple[str, str], dict[str, Any]]
"""What objects of the journal say, by key and ETag."""


def entry(aws: Sandbox, s3: Any = None, known: Known | None = None) -> dict[str, Any]:
    """The newest entry of the journal in the bucket; of what is `known` nothing is read again."""
    s3 = s3 or aws.session(CENTRAL).client("s3")
    known = {} if known is None else known
    listed = {row["Key"]: row["ETag"] for row in s3.list_objects_v2(Bucket=BUCKET, Prefix="journal/")["Contents"]}
    for key, tag in listed.items():
        if (key, tag) not in known:
            known[key, tag] = json.loads(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())
    keys = sorted(listed)
    data = {key: known[key, listed[key]] for key in keys}
    # By when they began: their names tell whole seconds.
    name = max((key for key in keys if key.count("/") == 1), key=lambda key: str(data[key]["started"]))
    notes = "journal/" + journal.progress_folder(name.removeprefix("journal/"))
    found: dict[str, Any] = data[name]
    if found["outcome"] == "running":
        found = journal.with_progress(found, (data[key] for key in keys if key.startswith(notes)))
    return found


def test_credentials_that_end_while_it_writes_lose_no_outcome(aws: Sandbox, mesh: Mesh, sessions: Sessions) -> None:
    """From the twentieth step on AWS knows the session no more, for writes, the journal and the lock."""
    told: list[Outcome] = []

    def writing(outcome: Outcome) -> None:
        told.append(outcome)
        if len(told) == 20:
            aws.faults({"error": "ExpiredTokenException", "message": "expired", "times": None})

    ended = run(mesh, sessions, writing=writing)
    assert isinstance(ended.error, AppliedInPart)
    results = {outcome.result for outcome in ended.run.outcomes}
    assert results >= {"done", "failed"}
    assert len(ended.run.outcomes) == len(list(ended.run.plan.steps))
    assert any("unlock" in trouble for trouble in ended.troubles)
    assert any("journal" in trouble for trouble in ended.troubles)
    assert ended.journal is not None
    kept = json.loads(Path(ended.journal).read_text())
    assert {step["result"] for step in kept["steps"]} >= {"done", "failed"}
    assert kept["outcome"] == "done in part"


def test_sts_is_asked_once_who_we_are(aws: Sandbox, mesh: Mesh, sessions: Sessions) -> None:
    run(mesh, sessions)
    assert len(aws.calls.of("sts", "GetCallerIdentity")) == 1


def test_a_journal_whose_last_entry_fails_changes_nothing_of_what_was_done(
    aws: Sandbox, mesh: Mesh, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(mesh: Mesh, sessions: Sessions, file: str, data: dict[str, Any]) -> str:
        if data.get("outcome", "running") != "running":
            raise MeshformError("The journal cannot be written: no room.")
        return keep(mesh, sessions, file, data)

    monkeypatch.setattr("reconciler.aws.journal_store.keep", full)
    ended = run(mesh, sessions)
    assert {outcome.result for outcome in ended.run.outcomes} == {"done"}
    assert ended.error is not None
    assert ended.error.exit_code == 1
    assert "no room" in ended.troubles[0]
    assert Lock(mesh, sessions).holder() is None
    again = pipeline.review(mesh, observation=pipeline.look(mesh, sessions)).plan
    assert again is not None
    assert again.is_empty


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_it_writes_finishes_what_is_under_way_and_tells_it(
    aws: Sandbox, mesh: Mesh, sessions: Sessions, number: signal.Signals
) -> None:
    told: list[Outcome] = []

    def writing(outcome: Outcome) -> None:
        told.append(outcome)
        if len(told) == 10:
            os.kill(os.getpid(), number)

    ended = run(mesh, sessions, writing=writing)
    assert isinstance(ended.error, AppliedInPart)
    assert Lock(mesh, sessions).holder() is None
    results = [outcome.result for outcome in ended.run.outcomes]
    assert results.count("done") >= 10
    assert any(number.name in outcome.message for outcome in ended.run.outcomes if outcome.result == "skipped")
    told_later = entry(aws)
    assert told_later["outcome"] == "done in part"
    by_result = {step["address"]: step["result"] for step in told_later["steps"]}
    assert by_result == {str(each.step.address): each.result for each in ended.run.outcomes}
    # Told as not done is not done, and what is done is told.
    left = pipeline.review(mesh, observation=pipeline.look(mesh, sessions)).plan
    assert left is not None
    missing = {str(step.address) for step in left.steps}
    assert missing.isdisjoint(where for where, result in by_result.items() if result == "done")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_it_reads_changes_nothing_and_lets_the_lock_go(
    mesh: Mesh, sessions: Sessions, number: signal.Signals
) -> None:
    told: list[str] = []

    def reading(what: str, _: int) -> None:
        told.append(what)
        if len(told) == 5:
            os.kill(os.getpid(), number)

    with pytest.raises(MeshformError, match=f"stopped by {number.name} before anything was changed"):
        run(mesh, sessions, reading=reading)
    assert Lock(mesh, sessions).holder() is None


def test_what_was_done_is_in_the_journal_while_the_run_goes_on(
    aws: Sandbox, mesh: Mesh, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a run that is killed has told it."""
    monkeypatch.setattr("reconciler.aws.journal_store.BETWEEN", 0.0)
    seen: list[int] = []
    told: list[Outcome] = []
    s3, known = aws.session(CENTRAL).client("s3"), Known()

    def writing(outcome: Outcome) -> None:
        told.append(outcome)
        if len(told) % 10:
            return
        found = entry(aws, s3, known)
        assert found["outcome"] == "running"
        seen.append(sum(step["result"] == "done" for step in found["steps"]))

    run(mesh, sessions, writing=writing)
    assert len(seen) > 10
    assert seen == sorted(set(seen)), "each tells more than the one before"
    assert seen[-1] > 100


def test_nothing_is_sent_that_the_journal_has_not_told_before(aws: Sandbox, mesh: Mesh, sessions: Sessions) -> None:
    """Whenever a run is killed, each step of which something was sent is in the journal as sent, or with its end."""
    sent: dict[str, str] = {}
    seen: list[str] = []

    class Killed(BaseException):
        pass

    def writing(outcome: Outcome) -> None:
        # What a kill at this moment leaves.
        found = {step["address"]: step["result"] for step in entry(aws)["steps"]}
        seen.append(found[str(outcome.step.address)])
        sent.update(found)
        if len(seen) == 12:
            raise Killed

    with pytest.raises(Killed):
        run(mesh, sessions, writing=writing)
    assert set(seen) <= {journal.SENT, "done", "skipped"}
    assert "not reached" in sent.values()
    told = {step["address"]: step["result"] for step in entry(aws)["steps"]}
    left = pipeline.review(mesh, observation=pipeline.look(mesh, sessions)).plan
    assert left is not None
    missing = {str(step.address) for step in left.steps}
    assert missing >= {where for where, result in told.items() if result == "not reached"}
    assert missing.isdisjoint(where for where, result in told.items() if result == "done")


@pytest.mark.soak
def test_at_every_write_of_three_transitions_the_journal_has_told_its_step(
    aws: Sandbox, mesh: Mesh, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So it is true whenever a run is killed: what is `not reached` was not sent."""
    from reconciler.aws.sender import Sender

    settings = ("mesh.yaml", "limits:", SETTINGS)
    report = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
    widened = variant(settings, (report, "sensitivity: [internal]", "sensitivity: [internal, confidential]"))
    retired = variant(settings, without=("consumers/analytics-coe/subscriptions/",))
    real, alone, looks = Sender.sending, Sender.send_call, 0
    # A request that a kind shares between steps is of the one that is sent.
    steps: dict[str, set[str]] = {}

    def look(calls: Any) -> None:
        nonlocal looks
        looks += 1
        told = {step["address"]: step["result"] for step in entry(aws)["steps"]}
        # News has the id of its run, which no plan knows.
        for call in (each for each in calls if each.operation != "PutEvents"):
            of = steps[json.dumps(call.as_json(), sort_keys=True, default=str)]
            assert {told[each] for each in of} & {journal.SENT, "done"}, f"{call} was not told before"

    def watched(self: Sender, calls: Any, *more: Any) -> Any:
        look(calls)
        return real(self, calls, *more)

    def watched_alone(self: Sender, call: Any) -> Any:
        look([call])
        return alone(self, call)

    monkeypatch.setattr(Sender, "sending", watched)
    monkeypatch.setattr(Sender, "send_call", watched_alone)
    for each in (mesh, widened, retired):
        plan = pipeline.review(each, observation=pipeline.look(each, sessions)).plan
        assert plan is not None
        steps.clear()
        for step in plan.steps:
            for call in step.calls:
                steps.setdefault(json.dumps(call.as_json(), sort_keys=True, default=str), set()).add(str(step.address))
        ended = run(each, sessions)
        assert not ended.run.failed, [outcome.message for outcome in ended.run.failed]
        sessions = pipeline.sessions_for(each, writes=True)
    assert looks > 20


def test_a_bug_in_what_is_told_besides_costs_nothing_of_what_was_done(
    aws: Sandbox, mesh: Mesh, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise KeyError("a fact that nobody expected")

    monkeypatch.setattr("reconciler.journal.access_rows", broken)
    ended = run(mesh, sessions)
    assert {outcome.result for outcome in ended.run.outcomes} == {"done"}
    assert {step["result"] for step in entry(aws)["steps"]} == {"done"}
    assert entry(aws)["access_is_whole"] is False
    assert any("KeyError" in trouble for trouble in ended.troubles)


def test_who_gained_what_is_told_by_what_was_done(aws: Sandbox, mesh: Mesh, sessions: Sessions) -> None:
    """Where grants fail nobody gains anything by them, whatever the plan said."""
    aws.faults({"operation": "BatchGrantPermissions", "error": "AccessDeniedException", "message": "no", "times": None})
    aws.faults({"operation": "GrantPermissions", "error": "AccessDeniedException", "message": "no", "times": None})
    ended = run(mesh, sessions)
    assert isinstance(ended.error, AppliedInPart)
    assert not [row for row in entry(aws)["access"] if row["gained"] and row["permission"] == "SELECT"]
    aws.world.faults.clear()
    run(mesh, sessions)
    rows = entry(aws)["access"]
    assert {row["consumer"] for row in rows if row["columns"]} >= {"analytics-coe"}
    assert all(row["subscriptions"] for row in rows if row["consumer"] and row["columns"])


def test_a_bug_in_one_account_drops_no_outcome_of_another(
    mesh: Mesh, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reconciler.aws.writer import Writer

    real = Writer.request

    def broken(self: Writer, call: Any, operation: str, params: Any) -> Any:
        if call.placement.account == CENTRAL:
            raise KeyError("a member that nobody expected")
        return real(self, call, operation, params)

    monkeypatch.setattr(Writer, "request", broken)
    ended = run(mesh, sessions)
    assert isinstance(ended.error, AppliedInPart)
    by_account = {
        (each.step.address.placement.account == CENTRAL, each.result) for each in ended.run.outcomes if each.step.calls
    }
    assert (True, "done") not in by_account
    assert (False, "done") in by_account
    assert any("KeyError" in each.message and "report it" in each.message for each in ended.run.failed)
