"""The engine: inputs, one after the other, each held to the law; those with new answers are where it goes on from."""

from __future__ import annotations

import re
import resource
import signal
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from types import FrameType, TracebackType

from reconciler.errors import MeshformError
from tests.estate import ROOT
from tests.fuzz.mutate import mutated
from tests.fuzz.target import Target, said

SECONDS, MEGABYTES = 2.0, 500
_POOL, _LONGEST = 600, 20_000
_NUMBERS = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|\d+|[^\x20-\x7e]+")


class TooLong(BaseException):
    """An execution took more processor time than the law gives it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the law was broken, and by which input."""

    where: str
    text: str
    data: bytes


@dataclass(slots=True)
class Campaign:
    """What has been found for one target. `new` are inputs with an answer that nothing before them had."""

    target: Target
    pool: list[bytes]
    seeds: list[bytes] = field(default_factory=list)
    executions: int = 0
    refused: int = 0
    seconds: float = 0.0
    longest: float = 0.0
    answers: set[str] = field(default_factory=set)
    faults: dict[str, Fault] = field(default_factory=dict)
    new: list[bytes] = field(default_factory=list)

    def run(self, count: int, seed: int) -> None:
        """So many more executions. What each is depends on the seed and on what has been found before."""
        with _limited():
            for number in range(self.executions, self.executions + count):
                rng = Random(f"{seed} {self.target.name} {number}")
                # Every other one comes from a seed, which is right: what is near to it reaches farther.
                chosen = rng.choice(self.seeds if self.seeds and rng.random() < 0.5 else self.pool)
                self.look_at(mutated(chosen, self.pool, self.target.form, rng))

    def look_at(self, data: bytes) -> str | None:
        """One execution: the answer, or None where the law was broken."""
        self.executions += 1
        before, start = _memory(), time.process_time()
        try:
            answer = self._answer(data)
            took = time.process_time() - start
            assert took <= SECONDS, f"it took {took:.1f} s"
            assert _memory() - before <= MEGABYTES, f"it took {_memory() - before:.0f} MB"
        except (Exception, TooLong) as error:  # whatever it is that nobody expected, it breaks the law
            self._broken(error, data)
            return None
        finally:
            took = time.process_time() - start
            self.seconds += took
            self.longest = max(self.longest, took)
        kind = _NUMBERS.sub("_", answer)[:160]
        if kind not in self.answers:
            self.answers.add(kind)
            self._again(data, answer)
            if len(data) <= _LONGEST and len(self.pool) < _POOL:
                self.pool.append(data)
                self.new.append(data)
        return answer

    def _answer(self, data: bytes) -> str:
        signal.setitimer(signal.ITIMER_VIRTUAL, 2 * SECONDS)
        try:
            return self.target.run(data)
        except MeshformError as error:
            self.refused += 1
            return f"refused: {said(error)}"
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    def _again(self, data: bytes, answer: str) -> None:
        """The same input has the same answer."""
        try:
            again = self._answer(data)
            assert again == answer, f"first {answer[:300]!r}, then {again[:300]!r}"
        except (Exception, TooLong) as error:  # as above
            self._broken(error, data)

    def _broken(self, error: BaseException, data: bytes) -> None:
        where = _where(error.__traceback__)
        text = "".join(traceback.format_exception(error))[-3000:]
        what = f"{type(error).__name__} {where}"
        if what not in self.faults or len(data) < len(self.faults[what].data):
            self.faults[what] = Fault(what, text, data)


def begun(target: Target, corpus: Sequence[bytes], most: int | None = None) -> Campaign:
    """A campaign with all of the corpus and every seed (at most `most` of them) looked at."""
    seeds = target.seeds()
    chosen = seeds if most is None else seeds[:: max(1, len(seeds) // most)]
    found = Campaign(target, [])
    with _limited():
        for data in (*corpus, *chosen):
            found.look_at(data)
    found.pool, found.seeds, found.executions, found.refused = [*corpus, *chosen], [*chosen], 0, 0
    found.new.clear()
    return found


def _where(trace: TracebackType | None) -> str:
    """The innermost place in the product; else in the campaign."""
    frames = [*traceback.extract_tb(trace)]
    ours = [each for each in frames if "/reconciler/" in each.filename] or frames
    if any(each.filename.endswith(("engine.py", "target.py")) for each in frames[-1:]):
        ours = frames
    last = ours[-1]
    return f"{last.filename.rpartition('/reconciler/')[2].removeprefix(f'{ROOT}/')}:{last.lineno} {last.name}"


def _memory() -> float:
    """The most that this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def _limited() -> Iterator[None]:
    """Runaway executions are ended, by processor time."""

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGVTALRM, before)
