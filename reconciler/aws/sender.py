"""Sender: carry out calls of one account, neighbouring grants, tags and events in few requests.

Requests that touch nothing in common go side by side, the others in the order of their calls (plan/turns.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import Any

from reconciler.aws import batch, revoking
from reconciler.aws.crew import Crew, Task, desk_of
from reconciler.aws.reader import AwsReader
from reconciler.aws.retry import Interrupted, Patience, meaning, never, now
from reconciler.aws.sessions import Sessions
from reconciler.aws.writer import REFUSALS, Writer, failure
from reconciler.model.call import Call, Part
from reconciler.plan.turns import EVERYTHING

_TOGETHER = 5.0
"""Seconds for which entries that collided go again together, before each goes alone."""
_ALONE = frozenset({EVERYTHING})

Failures = dict[int, str]
"""What failed: the position of the call in the sequence that was sent, and AWS's words."""
Told = list[tuple[int, str | None]]
"""The position of each call that has ended, and AWS's words if it failed."""


class Sender:
    """Writes of one batch of steps. To be used by one thread at a time; see Writer for `gone`.

    Without a crew requests follow each other.
    """

    def __init__(
        self,
        sessions: Sessions,
        reader: AwsReader,
        patience: Patience | None = None,
        gone: revoking.Gone | None = None,
        crew: Crew | None = None,
    ) -> None:
        self._writer = Writer(sessions, reader, patience or Patience(now()), gone or revoking.Gone())
        self.crew = crew or Crew()

    def send(self, calls: Sequence[Call]) -> Failures:
        """Carry out `calls` in order. A failure does not stop the others."""
        return {number: error for number, error in self.sending(calls) if error is not None}

    def send_call(self, call: Call) -> str | None:
        """AWS's words if the call failed, None if it is done. Raises Interrupted while it waits."""
        return self._writer.send_call(call)

    def sending(
        self,
        calls: Sequence[Call],
        stop: Callable[[], str | None] = never,
        touches: Callable[[Call], Collection[Part]] = lambda _: _ALONE,
    ) -> Iterator[tuple[int, str | None]]:
        """The same, told of each call as it ends: its position, and AWS's words if it failed.

        Raises Interrupted once `stop` or the patience gives a reason, and what is under way has ended: a call that was
        not told was not sent, or in vain.
        """
        tasks = []
        for load in batch.loads(calls):
            touched = frozenset(part for _, call in load.calls for part in touches(call))
            tasks.append(Task(desk_of(load.calls[0][1]), touched, partial(self._carry, load, stop)))
        interruption: str | None = None
        for _, (told, reason) in self.crew.results(tasks):
            yield from told
            interruption = interruption or reason
        if interruption is not None:
            raise Interrupted(interruption)

    def _carry(self, load: batch.Load, stop: Callable[[], str | None]) -> tuple[Told, str | None]:
        """What became of the calls of a load, and why the rest was not sent."""
        told: Told = []
        try:
            for each in self._folded(load, stop) if load.requests else self._single(load, stop):
                told.append(each)
        except Interrupted as reason:
            return told, str(reason)
        return told, None

    def _single(self, load: batch.Load, stop: Callable[[], str | None]) -> Iterator[tuple[int, str | None]]:
        for number, call in load.calls:
            _breathe(stop)
            yield number, self._writer.send_call(call)

    def _folded(self, load: batch.Load, stop: Callable[[], str | None]) -> Iterator[tuple[int, str | None]]:
        """Few requests for many calls; calls whose request or entry failed are sent again alone."""
        numbers: dict[int, list[int]] = {}
        for number, call in load.calls:
            numbers.setdefault(id(call), []).append(number)
        left: dict[int, int] = {}
        for call in (call for entries in load.requests for entry in entries for call in entry.calls):
            left[id(call)] = left.get(id(call), 0) + 1
        failed: set[int] = set()
        for entry, is_done in self._entries(load, stop):
            for call in entry.calls:
                left[id(call)] -= 1
                if not is_done:
                    failed.add(id(call))
                if left[id(call)] == 0:
                    error = self._writer.send_call(call) if id(call) in failed else None
                    yield from ((number, error) for number in numbers[id(call)])

    def _entries(self, load: batch.Load, stop: Callable[[], str | None]) -> Iterator[tuple[batch.Entry, bool]]:
        """Each entry, and whether it was carried out."""
        operation = load.calls[0][1].operation
        for entries in load.requests:
            _breathe(stop)
            if operation in batch.GRANTS:
                yield from self._grants(entries, batch.GRANTS[operation])
            elif operation == batch.PUT_EVENTS:
                yield from self._events(entries)
            else:
                yield entries[0], self._is_taken(entries[0])

    def _is_taken(self, entry: batch.Entry) -> bool:
        try:
            self._writer.whole(entry.calls[0], dict(entry.params))
        except REFUSALS:
            return False
        return True

    def _grants(self, entries: Sequence[batch.Entry], operation: str) -> Iterator[tuple[batch.Entry, bool]]:
        """The entries of a batch of grants; none is done if it was refused as a whole.

        Entries refused for what passes go again first, together: neighbours often collide with the same writer, and
        wait for the same role.
        """
        first, left, patience = entries[0].calls[0], list(entries), self._writer.patience
        began = now()
        for _ in patience.rounds(max(_TOGETHER, patience.longest())):
            try:
                answer = self._writer.attempt(first, operation, batch.request(left))
            except REFUSALS:
                break
            failed = batch.failures(answer, len(left))
            if failed is None:
                break
            again = list[batch.Entry]()
            for number, entry in enumerate(left):
                verdict = self._verdict(first, entry, failed[number], began) if number in failed else True
                if verdict is None:
                    again.append(entry)
                else:
                    yield entry, verdict
            left = again
            if not left:
                return
        yield from ((entry, False) for entry in left)

    def _verdict(self, call: Call, entry: batch.Entry, body: Any, began: float) -> bool | None:
        """Whether an entry that failed is done all the same; None where it goes again in company."""
        line = meaning(call, failure(body, call.operation))
        match line.meaning if line is not None else None:
            case "done":
                # What one call asks for together may be there in part. What was joined here is read again.
                return not any(revoking.is_of_several(each.params) for each in entry.calls)
            case "done in part":
                return not revoking.is_of_several(entry.params)
            case "collision":
                return None if now() - began < _TOGETHER else False
            case None:
                return False
            case _:
                assert line is not None
                return None if self._writer.patience.left(line, began) > 0 else False

    def _events(self, events: Sequence[batch.Entry]) -> Iterator[tuple[batch.Entry, bool]]:
        """The events, and which were taken; none, if the request was refused as a whole."""
        first = events[0].calls[0]
        try:
            answer = self._writer.attempt(first, first.operation, {"Entries": [each.params for each in events]})
        except REFUSALS:
            yield from ((event, False) for event in events)
            return
        yield from ((event, not told.get("ErrorCode")) for event, told in zip(events, answer["Entries"], strict=True))


def _breathe(stop: Callable[[], str | None]) -> None:
    if reason := stop():
        raise Interrupted(reason)
