"""Who stops a run a second time waits for no host: what is known is told, and the lock stays where a write may still be
under way."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from reconciler import journal, pipeline
from reconciler.aws.evidence_store import evidence_store
from reconciler.aws.lock import Lock
from reconciler.aws.outbox import Outbox
from reconciler.aws.sessions import Sessions
from reconciler.aws.writer import Writer
from reconciler.errors import Stopped
from reconciler.interruption import Interruption
from reconciler.model.outcome import Outcome
from reconciler.sandbox import Sandbox
from reconciler.spec.mesh import Mesh
from tests.estate import Estate, variant
from tests.life.at_forge import SETTINGS
from tests.life.test_ends import entry, run
from tests.until import until


class Host:
    """Lake Formation of one account hangs from its `nth` write on, until it is let go."""

    def __init__(self, nth: int) -> None:
        self.hangs, self.free, self._left = threading.Event(), threading.Event(), nth
        self._waiting: list[threading.Thread] = []

    def request(self, real: Any, writer: Writer, *given: Any) -> Any:
        """One write."""
        self._left -= given[0].service == "lakeformation"
        if self._left <= 0 and given[0].service == "lakeformation":
            self._waiting.append(threading.current_thread())
            self.hangs.set()
            self.free.wait()
        return real(writer, *given)

    def let_go(self) -> None:
        """Answer, and wait until nothing is sent any more: the next test has an AWS of its own."""
        self.free.set()
        until(lambda: not any(thread.is_alive() for thread in self._waiting))


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    host, real = Host(3), Writer.request
    monkeypatch.setattr(Writer, "request", lambda self, *given: host.request(real, self, *given))
    yield host
    host.let_go()


def test_a_second_signal_ends_it_at_once_though_a_host_hangs(
    aws: Sandbox,
    mesh: Mesh,
    sessions: Sessions,
    host: Host,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As GitHub cancels: SIGINT, and SIGTERM where that does not end it. (SIGINT twice: tests/campaigns/ends.py.)"""
    monkeypatch.setattr("reconciler.aws.apply.GRACE", 0.2)

    heard, handle = [], Interruption.handle
    monkeypatch.setattr(Interruption, "handle", lambda *given: heard.append(given) or handle(*given))

    def stop() -> None:
        host.hangs.wait()
        for count, number in enumerate((signal.SIGINT, signal.SIGTERM), 1):
            os.kill(os.getpid(), number)
            # A signal that comes while one waits to be handled is lost.
            until(lambda count=count: len(heard) >= count)

    threading.Thread(target=stop, daemon=True).start()
    with pytest.raises(Stopped) as ended:
        run(mesh, sessions)
    assert ended.value.exit_code == 128 + signal.SIGTERM
    told = entry(aws)
    results = [step["result"] for step in told["steps"]]
    sent = results.count(journal.SENT)
    assert (told["outcome"], sent > 0) == ("broken off", True)
    assert f"at once: {results.count('done')} of {len(results)} steps are done, of {sent} nobody" in str(ended.value)
    held = Lock(mesh, sessions).holder()
    assert held is not None
    assert any(f"meshform unlock {held[0].id}" in hint for hint in ended.value.hints)


REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
WIDENED = variant(
    ("mesh.yaml", "limits:", SETTINGS), (REPORT, "sensitivity: [internal]", "sensitivity: [internal, confidential]")
)
"""A change of few steps."""


@dataclass
class Signals:
    """SIGINT as often as one likes, from whatever thread, each once the one before was heard."""

    heard: int = 0

    def send(self, times: int = 2) -> None:
        for _ in range(times):
            before = self.heard
            # To the thread that waits: one that another takes wakes nobody.
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            until(lambda before=before: self.heard > before)

    def count(self, handle: Any, *given: Any) -> None:
        self.heard += 1
        handle(*given)


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> Signals:
    signals, handle = Signals(), Interruption.handle
    monkeypatch.setattr(Interruption, "handle", lambda *given: signals.count(handle, *given))
    return signals


@pytest.fixture
def applied(aws: Sandbox, mesh: Mesh, sessions: Sessions) -> Sessions:
    """The example stands, and each later run has sessions of its own."""
    Estate(aws).repair()
    return pipeline.sessions_for(WIDENED, writes=True)


def steps_of(sessions: Sessions) -> list[str]:
    plan = pipeline.review(WIDENED, observation=pipeline.look(WIDENED, sessions)).plan
    assert plan is not None
    return [str(step.address) for step in plan.steps]


@pytest.mark.parametrize("owed", [False, True])
def test_two_signals_during_the_last_request_stop_nothing_and_the_run_is_told_as_it_ended(
    aws: Sandbox, applied: Sessions, signals: Signals, monkeypatch: pytest.MonkeyPatch, owed: bool
) -> None:
    """Exit code 0 only where nothing was left out: notices that an earlier run owes are."""
    left, real = len(steps_of(applied)), Writer.request
    if owed:
        Outbox(evidence_store(WIDENED, applied)).note("2020-01-01T000000Z-abcdef.json")

    def ended(_: Outcome) -> None:
        nonlocal left
        left -= 1

    def request(self: Writer, *given: Any) -> Any:
        if left == 1:
            signals.send()
        return real(self, *given)

    monkeypatch.setattr(Writer, "request", request)
    result = run(WIDENED, applied, writing=ended)
    assert signals.heard >= 2
    assert {each.result for each in result.run.outcomes} == {"done"}
    assert [str(each.step.address) for each in result.run.outcomes] == [str(s.address) for s in result.run.plan.steps]
    told = entry(aws)
    assert (told["outcome"], {step["result"] for step in told["steps"]}) == ("done", {"done"})
    assert Lock(WIDENED, applied).holder() is None
    assert steps_of(applied) == []
    if owed:
        assert result.error is not None
        assert result.error.exit_code == 1
        assert any("left to the next run" in each and "SIGINT" in each for each in result.troubles)
    else:
        assert (result.error, result.troubles) == (None, ())


def test_two_signals_while_the_journal_is_closed_are_not_told_as_a_whole_run(
    aws: Sandbox, applied: Sessions, signals: Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = len(steps_of(applied))

    def close(*_: Any) -> None:
        signals.send()

    monkeypatch.setattr("reconciler.aws.journal_store.Record.close", close)
    with pytest.raises(Stopped, match=f"at once: {count} of {count} steps are done") as stopped:
        run(WIDENED, applied)
    assert stopped.value.exit_code == 128 + signal.SIGINT
    assert any("journal may be missing" in hint for hint in stopped.value.hints)
    assert Lock(WIDENED, applied).holder() is None
    assert entry(aws)["outcome"] == "running"
