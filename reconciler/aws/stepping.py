"""Stepping: carry out a batch of steps of one lane, and tell each of them as it ends.

A step is finished before the next one begins, up to the last of its calls that cannot travel with others: what only
two calls together make visible is half made for a moment. Grants, tags and events at its end travel in batches.
Told to stop, what has begun is finished and nothing else begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from reconciler.aws import batch
from reconciler.aws.retry import Interrupted, never
from reconciler.aws.sender import Sender
from reconciler.model.address import Address
from reconciler.model.call import Call
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Step


def send_steps(steps: Sequence[Step], sender: Sender, stop: Callable[[], str | None] = never) -> Iterator[Outcome]:
    """What becomes of each step, as soon as it is known. Once `stop` gives a reason, what was not begun is skipped."""
    progress, stopped = _Progress(sender), ""
    for part in (
        progress.heads(steps, stop),
        progress.begun(steps),
        progress.fresh(steps, stop),
        progress.begun(steps),
    ):
        try:
            for outcome in part:
                progress.ended.add(outcome.step.address)
                yield outcome
        except Interrupted as reason:
            stopped = str(reason)
    yield from (progress.broken_off(step, stopped) for step in steps if step.address not in progress.ended)


@dataclass(slots=True)
class _Progress:
    """How far each step is: `done` counts its calls, `under_way` is the one whose call may have been sent."""

    sender: Sender
    done: dict[Address, int] = field(default_factory=dict)
    ended: set[Address] = field(default_factory=set)
    under_way: Address | None = None

    def heads(self, steps: Sequence[Step], stop: Callable[[], str | None]) -> Iterator[Outcome]:
        """The heads of all steps, each finished before the next."""
        for step in steps:
            if reason := stop():
                raise Interrupted(reason)
            yield from self.head(step)

    def begun(self, steps: Sequence[Step]) -> Iterator[Outcome]:
        """The rest of every step of which something was sent."""
        while left := self.left(steps, begun=True):
            yield from self.turn(left, never)

    def fresh(self, steps: Sequence[Step], stop: Callable[[], str | None]) -> Iterator[Outcome]:
        """The first call of every step of which nothing was sent."""
        yield from self.turn(self.left(steps, begun=False), stop)

    def head(self, step: Step) -> Iterator[Outcome]:
        """Calls one after the other, up to the last that goes alone. Told where that is the end."""
        alone = [number for number, call in enumerate(step.calls) if call.operation not in batch.FOLDED]
        for call in step.calls[: alone[-1] + 1 if alone else 0]:
            self.under_way = step.address
            for _, error in self.sender.sending([call]):
                if error is not None:
                    yield Outcome(step, "failed", error)
                    return
            self.under_way = None
            self._count(step)
        if self._at(step) == len(step.calls):
            yield Outcome(step, "done")

    def left(self, steps: Sequence[Step], *, begun: bool) -> list[Step]:
        """Those that have calls left, and of which something was sent (or nothing)."""
        waiting = (step for step in steps if step.address not in self.ended and self._at(step) < len(step.calls))
        return [step for step in waiting if (self._at(step) > 0) == begun]

    def turn(self, steps: Sequence[Step], stop: Callable[[], str | None]) -> Iterator[Outcome]:
        """The next call of each step: neighbours of one operation meet, and may travel together."""
        waiting = sorted(steps, key=lambda step: (self._next(step).service, self._next(step).operation))
        for number, error in self.sender.sending([self._next(step) for step in waiting], stop):
            step = waiting[number]
            self._count(step)
            if error is not None:
                yield Outcome(step, "failed", error)
            elif self._at(step) == len(step.calls):
                yield Outcome(step, "done")

    def broken_off(self, step: Step, reason: str) -> Outcome:
        """What is told of a step that did not end."""
        if self._at(step) == 0 and step.address != self.under_way:
            return Outcome(step, "skipped", reason)
        return Outcome(step, "failed", f"broken off after {self._at(step)} of {len(step.calls)} requests: {reason}")

    def _at(self, step: Step) -> int:
        return self.done.get(step.address, 0)

    def _count(self, step: Step) -> None:
        self.done[step.address] = self._at(step) + 1

    def _next(self, step: Step) -> Call:
        return step.calls[self._at(step)]
