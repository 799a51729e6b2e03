"""Whatever requests touch: those that may not meet go in their order, and all others wait for nobody."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.call import Part
from reconciler.plan.turns import EVERYTHING, Turns, may_meet, waits
from tests.counted import work

PARTS = st.lists(st.sampled_from("ab"), max_size=3).map(tuple)
REQUESTS = st.lists(st.frozensets(PARTS, max_size=3), max_size=12)


@given(REQUESTS)
def test_who_may_not_meet_waits_and_nobody_waits_for_another_reason(touched: list[frozenset[Part]]) -> None:
    behind: list[set[int]] = []
    for number, firsts in enumerate(waits(touched)):
        assert all(first < number for first in firsts)
        assert not any(may_meet(touched[first], touched[number]) for first in firsts)
        behind.append(firsts.union(*(behind[first] for first in firsts)))
        for earlier in range(number):
            assert earlier in behind[number] or may_meet(touched[earlier], touched[number])


@given(REQUESTS, st.integers())
def test_every_request_begins_once_however_they_end(touched: list[frozenset[Part]], seed: int) -> None:
    turns, chance = Turns(touched), Random(seed)
    under_way, begun = turns.first(), list[int]()
    begun += under_way
    while under_way:
        assert all(may_meet(touched[one], touched[other]) for one in under_way for other in under_way if one < other)
        free = turns.end(under_way.pop(chance.randrange(len(under_way))))
        under_way += free
        begun += free
    assert sorted(begun) == list(range(len(touched)))


def test_what_touches_everything_goes_alone_and_what_touches_nothing_with_all() -> None:
    assert not may_meet({EVERYTHING}, {("glue", "database")})
    assert may_meet(set(), {EVERYTHING})


def test_no_request_is_compared_with_all_others() -> None:
    """Twice as many requests, twice as much work."""

    def asked(count: int) -> int:
        touched = [
            frozenset({("tags", f"database {n % 7}", f"table {n}"), ("principal", f"{n % 11}")}) for n in range(count)
        ]
        touched += [frozenset({("tags",)}), *touched]
        return work(lambda: list(waits(touched)))

    assert asked(400) < 2.2 * asked(200)
