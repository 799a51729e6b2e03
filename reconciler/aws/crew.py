"""Crew: carry out tasks side by side, as many as there is room for, those that touch the same one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from heapq import heappop, heappush
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from reconciler.model.address import Placement
from reconciler.model.call import Call, Part
from reconciler.plan.turns import Turns

T = TypeVar("T")
Desk = tuple[Placement, str]
"""An account in a region, and a service: there is room for so many writes at a time."""


@dataclass(frozen=True, slots=True)
class Task(Generic[T]):
    """Something to do at a desk, and the parts of the account that it touches."""

    desk: Desk
    touched: Collection[Part]
    run: Callable[[], T]


def desk_of(call: Call) -> Desk:
    """Where a call is sent."""
    return call.placement, call.service


class Alone(Executor):
    """Does what it is given at once."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


@dataclass(frozen=True, slots=True)
class Crew:
    """`room` says how many tasks may be under way at a desk."""

    pool: Executor = field(default_factory=Alone)
    room: Callable[[Desk], int] = lambda _: 1

    def results(self, tasks: Sequence[Task[T]]) -> Iterator[tuple[int, T]]:
        """The number of each task and what came of it, as it ends.

        A task that raises something ends it all: the others under way are told first, then it is raised.
        """
        turns, waiting, under_way = Turns([task.touched for task in tasks]), dict[Desk, list[int]](), Counter[Desk]()
        ended: SimpleQueue[tuple[int, Future[T]]] = SimpleQueue()
        raised: BaseException | None = None
        free = turns.first()
        while True:
            for number in free:
                heappush(waiting.setdefault(tasks[number].desk, []), number)
            for desk, numbers in waiting.items() if raised is None else ():
                while numbers and under_way[desk] < self.room(desk):
                    under_way[desk] += 1
                    self._begin(heappop(numbers), tasks, ended)
            if not under_way.total():
                break
            number, future = ended.get()
            under_way[tasks[number].desk] -= 1
            free = turns.end(number)
            if (error := future.exception()) is None:
                yield number, future.result()
            else:
                raised = raised or error
        if raised is not None:
            raise raised

    def _begin(self, number: int, tasks: Sequence[Task[T]], ended: SimpleQueue[tuple[int, Future[T]]]) -> None:
        future = self.pool.submit(tasks[number].run)
        future.add_done_callback(lambda done: ended.put((number, done)))
