"""The lock: one apply at a time, seen by everybody, taken away by nobody but a person."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from reconciler import applying, pipeline
from reconciler.apply_request import ApplyRequest
from reconciler.aws.evidence_store import evidence_store
from reconciler.aws.lock import Holder, Lock, locked
from reconciler.aws.sessions import Sessions
from reconciler.aws.signing import signing_key
from reconciler.errors import Locked, MeshformError, Stopped
from reconciler.sandbox import Sandbox, sandbox
from reconciler.spec.mesh import Mesh
from tests.estate import CENTRAL, variant
from tests.life.at_forge import SETTINGS, make_bucket
from tests.until import until


@pytest.fixture(scope="module")
def aws() -> Iterator[Sandbox]:
    """Accounts with a bucket for lock and journal, and nothing else."""
    with sandbox() as world:
        make_bucket(world)
        yield world


@pytest.fixture(scope="module")
def mesh(aws: Sandbox) -> Mesh:
    return variant(("mesh.yaml", "limits:", SETTINGS))


def test_a_second_apply_waits_for_nobody_and_says_who_is_at_work(mesh: Mesh, sessions: Sessions) -> None:
    url = "https://github.com/acme/mesh/actions/runs/7"
    with locked(mesh, sessions, url), pytest.raises(Locked) as refused, locked(mesh, sessions, None):
        pytest.fail("two held one lock")
    for word in ("actions/runs/7", sessions.whoami(), "since 20", "meshform unlock"):
        assert word in str(refused.value)
    assert refused.value.exit_code == 3
    assert Lock(mesh, sessions).holder() is None


@pytest.mark.parametrize("end", [ConnectionClosedError(endpoint_url="x"), Stopped("by SIGTERM", 15)])
def test_whoever_does_not_see_that_he_has_it_leaves_none(
    mesh: Mesh, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, end: Exception
) -> None:
    put = Lock._put

    def unanswered(*given: Any, **named: Any) -> str:
        put(*given, **named)
        raise end

    with monkeypatch.context() as patch:
        patch.setattr(Lock, "_put", unanswered)
        with pytest.raises(MeshformError), locked(mesh, sessions, None):
            pytest.fail("it was not seen")
    assert Lock(mesh, sessions).holder() is None


@pytest.mark.parametrize(("code", "status"), [("PreconditionFailed", 412), ("ConditionalRequestConflict", 409)])
def test_a_condition_that_s3_refuses_without_reason_leaves_no_lock_or_tells_it(
    aws: Sandbox, mesh: Mesh, sessions: Sessions, code: str, status: int
) -> None:
    """On taking nothing is done; on letting go it is tried again, and told where it stays."""
    refused = {"service": "s3", "error": code, "status": status}
    told: list[str] = []
    aws.faults({**refused, "operation": "PutObject"})
    with pytest.raises(Locked, match="try again"), locked(mesh, sessions, None):
        pytest.fail("it was refused")
    with locked(mesh, sessions, None, tell=told.append):
        aws.faults({**refused, "operation": "DeleteObject"})
    assert (Lock(mesh, sessions).holder(), told) == (None, [])
    with locked(mesh, sessions, None, tell=told.append):
        aws.faults({**refused, "operation": "DeleteObject", "times": None})
    aws.world.faults.clear()
    held = Lock(mesh, sessions).holder()
    assert held is not None
    assert f"`meshform unlock {held[0].id}`" in told[0]
    assert Lock(mesh, sessions).release(held[1])


def test_where_the_central_account_cannot_be_entered_a_sentence_says_so(aws: Sandbox) -> None:
    nowhere = variant(
        ("mesh.yaml", "apply: OrganizationAccountAccessRole", "apply: nobody"),
        ("mesh.yaml", "limits:", SETTINGS.replace("prefix: journal/", "prefix: journal/, signingKey: alias/x")),
    )
    as_nobody = pipeline.sessions_for(nowhere, writes=True)
    for use in (Lock, evidence_store, signing_key):
        with pytest.raises(MeshformError, match="role/nobody cannot be assumed"):
            use(nowhere, as_nobody)


def test_of_many_at_once_one_holds_it(mesh: Mesh, sessions: Sessions) -> None:
    lock, won = Lock(mesh, sessions), []

    def take(number: int) -> None:
        with contextlib.suppress(Locked):
            won.append(lock.take(Holder(str(number), "x", "x", "x", "x")))

    threads = [threading.Thread(target=take, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert lock.release(won[0])


def test_it_is_let_go_when_the_run_fails(mesh: Mesh, sessions: Sessions) -> None:
    with pytest.raises(ZeroDivisionError), locked(mesh, sessions, None):
        raise ZeroDivisionError
    assert Lock(mesh, sessions).holder() is None


def test_it_is_renewed_so_that_people_see_it_live(mesh: Mesh, sessions: Sessions) -> None:
    with locked(mesh, sessions, None, every=0.02):
        first = Lock(mesh, sessions).holder()
        until(lambda: Lock(mesh, sessions).holder() != first)
    assert Lock(mesh, sessions).holder() is None


def test_a_run_whose_lock_was_removed_stops_and_leaves_the_next_holder_alone(mesh: Mesh, sessions: Sessions) -> None:
    lock = Lock(mesh, sessions)
    with locked(mesh, sessions, None, every=0.02) as held:
        assert held is not None
        until(lambda: _removed(lock))
        other = lock.take(Holder("next", "x", "x", "x", "x"))
        until(lambda: held.lost() is not None)
        assert "removed" in str(held.lost())
    found = lock.holder()
    assert found is not None
    assert found[0].id == "next"
    assert lock.release(other)


def test_a_stale_release_removes_nothing(mesh: Mesh, sessions: Sessions) -> None:
    lock = Lock(mesh, sessions)
    tag = lock.take(Holder("a", "x", "x", "x", "x"))
    newer = lock.renew(Holder("a", "x", "x", "x", "x"), tag)
    assert newer is not None
    assert not lock.release(tag)
    assert lock.holder() is not None
    assert lock.release(newer)


def test_a_lost_answer_does_not_lock_us_out_of_our_own_lock(mesh: Mesh, sessions: Sessions) -> None:
    lock, holder = Lock(mesh, sessions), Holder("mine", "x", "x", "x", "x")
    lock.take(holder)
    tag = lock.take(holder)
    assert lock.release(tag)


def test_without_a_place_for_evidence_nothing_is_done(mesh: Mesh, sessions: Sessions) -> None:
    blind = variant(("mesh.yaml", "limits:", "journal: {bucket: not-there-at-all}\nlimits:"))
    before = pipeline.look(mesh, sessions)
    with pytest.raises(MeshformError, match="journal"):
        applying.apply(blind, sessions, ApplyRequest(), confirm=lambda _: None)
    assert dict(pipeline.look(mesh, sessions).found) == dict(before.found)
    assert next(pipeline.review(mesh, observation=before).steps, None) is not None


def test_after_the_lock_is_lost_no_wave_begins_and_the_journal_says_so(
    aws: Sandbox, mesh: Mesh, sessions: Sessions
) -> None:
    lock = Lock(mesh, sessions)
    removed = []

    def remove(_: object) -> None:
        if not removed:
            removed.append(_removed(lock))
            # The thread that keeps the lock alive ends when it finds that out.
            (keeper,) = (thread for thread in threading.enumerate() if thread.name == "lock")
            keeper.join(600)
            assert not keeper.is_alive()

    ended = applying.apply(
        mesh,
        sessions,
        ApplyRequest(),
        confirm=lambda _: None,
        writing=remove,
        renewing=0.02,
    )
    results = {outcome.result for outcome in ended.run.outcomes}
    assert results == {"done", "skipped"}
    assert any("removed by somebody else" in outcome.message for outcome in ended.run.failed)
    assert ended.error is not None
    assert ended.error.exit_code == 5
    entry = _entry(aws, ended.journal)
    assert entry["outcome"] == "done in part"
    assert {step["result"] for step in entry["steps"]} == {"done", "skipped"}
    # A new run takes up what remains.
    again = applying.apply(mesh, sessions, ApplyRequest(), confirm=lambda _: None)
    assert again.error is None
    assert _entry(aws, again.journal)["outcome"] == "done"


def test_a_lock_in_a_bucket_that_is_not_there_is_explained(sessions: Sessions) -> None:
    mesh = variant(("mesh.yaml", "limits:", "lock: {bucket: not-there-at-all}\nlimits:"))
    with pytest.raises(MeshformError, match=r"lock.*not-there-at-all"), locked(mesh, sessions, None):
        pytest.fail("no bucket, no lock")


def _removed(lock: Lock) -> bool:
    found = lock.holder()
    return found is not None and lock.release(found[1])


def _entry(aws: Sandbox, journal: str) -> dict[str, object]:
    bucket, _, key = journal.removeprefix("s3://").partition("/")
    entry: dict[str, object] = json.loads(
        aws.session(CENTRAL).client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    )
    return entry
