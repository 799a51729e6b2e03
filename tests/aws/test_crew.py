"""A crew carries out every task once, no two that may not meet at a time, and no more at a desk than it has room."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.aws.crew import Crew, Desk, Task
from reconciler.model.address import Placement
from reconciler.model.call import Part
from reconciler.plan.turns import may_meet

PARTS = st.frozensets(st.lists(st.sampled_from("ab"), max_size=2).map(tuple), max_size=2)
DESKS = (Placement("1", "r"), "glue"), (Placement("1", "r"), "iam")
WORK = st.lists(st.tuples(st.sampled_from(DESKS), PARTS), max_size=12)


@settings(max_examples=40)
@given(WORK, st.integers(1, 3))
def test_each_is_done_once_with_nothing_in_common_and_in_its_room(
    work: list[tuple[Desk, frozenset[Part]]], room: int
) -> None:
    lock, under_way, order, wrong = threading.Lock(), list[int](), list[int](), list[tuple[int, int]]()

    def run(number: int) -> int:
        desk, parts = work[number]
        with lock:
            wrong.extend((each, number) for each in under_way if not may_meet(work[each][1], parts))
            under_way.append(number)
            order.append(number)
            if sum(work[each][0] == desk for each in under_way) > room:
                wrong.append((-1, number))
        with lock:
            under_way.remove(number)
        return number

    tasks = [Task(desk, parts, partial(run, number)) for number, (desk, parts) in enumerate(work)]
    with ThreadPoolExecutor(4) as pool:
        results = list(Crew(pool, lambda _: room).results(tasks))
    assert sorted(results) == [(number, number) for number in range(len(work))]
    assert wrong == []
    for later, (_, parts) in enumerate(work):
        for first in range(later):
            assert order.index(first) < order.index(later) or may_meet(work[first][1], parts)


def test_a_bug_ends_it_and_the_others_under_way_are_told_first() -> None:
    begun, broken = threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        broken.wait(600)
        return "done"

    def bug() -> str:
        begun.wait(600)
        broken.set()
        raise RuntimeError("a bug")

    # The last one waits for the bug, so that it cannot begin while that is still on its way.
    own = (("own",),)
    tasks = [Task(DESKS[0], (), slow), Task(DESKS[0], own, bug), Task(DESKS[0], own, lambda: "never")]
    with ThreadPoolExecutor(2) as pool:
        told = Crew(pool, lambda _: 2).results(tasks)
        assert next(told) == (0, "done")
        with pytest.raises(RuntimeError, match="a bug"):
            next(told)
