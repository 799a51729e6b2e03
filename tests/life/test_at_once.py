"""Who stops a run a second time waits for no host: what is known is told, and the lock stays where a write may still be
under way."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from reconciler import journal
from reconciler.aws.lock import Lock
from reconciler.aws.sessions import Sessions
from reconciler.aws.writer import Writer
from reconciler.errors import Stopped
from reconciler.interruption import Interruption
from reconciler.sandbox import Sandbox
from reconciler.spec.mesh import Mesh
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
