"""Reads that do not wait for each other: their answers come in order, and a failure is not lost."""

from __future__ import annotations

import threading

import pytest

from reconciler.kinds.common.concurrent_map import concurrent_map
from reconciler.model.reader import Unseen


def test_answers_come_in_the_order_of_the_questions() -> None:
    assert concurrent_map(lambda number: number * number, range(30)) == [number * number for number in range(30)]


def test_reads_do_not_wait_for_each_other() -> None:
    """Each read ends only when all have begun."""
    together = threading.Barrier(5, timeout=600)
    assert sorted(concurrent_map(lambda _: together.wait(), range(5))) == [0, 1, 2, 3, 4]


def test_what_one_read_does_not_see_is_told() -> None:
    def read(number: int) -> int:
        if number == 3:
            raise Unseen("a page failed")
        return number

    with pytest.raises(Unseen, match="a page failed"):
        concurrent_map(read, range(5))


def test_nothing_to_read_is_nothing() -> None:
    assert concurrent_map(lambda number: number, []) == []
