"""Stepping: carry out a batch of steps of one lane, and tell each of them as it ends.

A step is finished up to the last of its calls that cannot travel with others before another begins that touches the
same: what only two calls together make visible is half made for a moment. Grants, tags and events at its end travel in
batches. What touches nothing in common goes side by side. Told to stop, what has begun is finished and nothing else
begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from reconciler.aws import batch
from reconciler.aws.crew import Task, desk_of
from reconciler.aws.retry import Interrupted, never
from reconciler.aws.sender import Sender
from reconciler.kinds.touched import touched
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
    """How far each step is: `done` counts its calls, of those `under_way` some call may have been sent."""

    sender: Sender
    done: dict[Address, int] = field(default_factory=dict)
    ended: set[Address] = field(default_factory=set)
    under_way: set[Address] = field(default_factory=set)

    def heads(self, steps: Sequence[Step], stop: Callable[[], str | None]) -> Iterator[Outcome]:
        """The heads of all steps, each finished before the next that touches the same. Told where that is the end."""
        tasks: list[Task[tuple[str | None, str | None]]] = []
        heads: list[Step] = []
        for step in steps:
            if head := _head(step):
                parts = frozenset(part for call in head for part in touched(call))
                tasks.append(Task(desk_of(head[0]), parts, partial(self.head, step, head, stop)))
                heads.append(step)
            elif not step.calls:
                yield Outcome(step, "done")
        interruption: str | None = None
        for number, (error, reason) in self.sender.crew.results(tasks):
            step = heads[number]
            if error is not None:
                yield Outcome(step, "failed", error)
            elif reason is None and self._at(step) == len(step.calls):
                yield Outcome(step, "done")
            interruption = interruption or reason
        if interruption is not None:
            raise Interrupted(interruption)

    def begun(self, steps: Sequence[Step]) -> Iterator[Outcome]:
        """The rest of every step of which something was sent."""
        while left := self.left(steps, begun=True):
            yield from self.turn(left, never)

    def fresh(self, steps: Sequence[Step], stop: Callable[[], str | None]) -> Iterator[Outcome]:
        """The first call of every step of which nothing was sent."""
        yield from self.turn(self.left(steps, begun=False), stop)

    def head(self, step: Step, calls: Sequence[Call], stop: Callable[[], str | None]) -> tuple[str | None, str | None]:
        """Calls of a step one after the other: AWS's words if one failed, and why the rest was not sent."""
        if reason := stop():
            return None, reason
        self.under_way.add(step.address)
        try:
            for call in calls:
                if (error := self.sender.send_call(call)) is not None:
                    return error, None
                self._count(step)
        except Interrupted as interrupted:
            return None, str(interrupted)
        self.under_way.discard(step.address)
        return None, None

    def left(self, steps: Sequence[Step], *, begun: bool) -> list[Step]:
        """Those that have calls left, and of which something was sent (or nothing)."""
        waiting = (step for step in steps if step.address not in self.ended and self._at(step) < len(step.calls))
        return [step for step in waiting if (self._at(step) > 0) == begun]

    def turn(self, steps: Sequence[Step], stop: Callable[[], str | None]) -> Iterator[Outcome]:
        """The next call of each step: neighbours of one operation meet, and may travel together."""
        waiting = sorted(steps, key=lambda step: (self._next(step).service, self._next(step).operation))
        for number, error in self.sender.sending([self._next(step) for step in waiting], stop, touched):
            step = waiting[number]
            self._count(step)
            if error is not None:
                yield Outcome(step, "failed", error)
            elif self._at(step) == len(step.calls):
                yield Outcome(step, "done")

    def broken_off(self, step: Step, reason: str) -> Outcome:
        """What is told of a step that did not end."""
        if self._at(step) == 0 and step.address not in self.under_way:
            return Outcome(step, "skipped", reason)
        return Outcome(step, "failed", f"broken off after {self._at(step)} of {len(step.calls)} requests: {reason}")

    def _at(self, step: Step) -> int:
        return self.done.get(step.address, 0)

    def _count(self, step: Step) -> None:
        self.done[step.address] = self._at(step) + 1

    def _next(self, step: Step) -> Call:
        return step.calls[self._at(step)]


def _head(step: Step) -> tuple[Call, ...]:
    """The calls of a step up to the last that cannot travel with others."""
    alone = [number for number, call in enumerate(step.calls) if call.operation not in batch.FOLDED]
    return step.calls[: alone[-1] + 1 if alone else 0]
