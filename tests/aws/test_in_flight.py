"""How many writes go at the same time: more while it goes well, half where writers collide, never none."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from reconciler.aws.in_flight import MOST, InFlight


def write(in_flight: InFlight, *, collides: bool = False) -> None:
    """One request, with as many others under way as there is room for."""
    others = [in_flight.one() for _ in range(in_flight.room - 1)]
    for other in others:
        other.__enter__()
    with in_flight.one():
        pass
    if collides:
        in_flight.collided()
    for other in others:
        other.__exit__(StopIteration, StopIteration(), None)


def played(writes: int, refuses: Callable[[int], bool]) -> tuple[int, int]:
    """The room after so many writes to an AWS that refuses so many at the same time, and how many were refused."""
    in_flight, refused = InFlight(), 0
    for _ in range(writes):
        collides = refuses(in_flight.room)
        write(in_flight, collides=collides)
        refused += collides
    return in_flight.room, refused


def test_where_nothing_collides_sixteen_go_at_the_same_time() -> None:
    assert InFlight().room == 2
    assert played(150, lambda _: False) == (MOST, 0)


def test_where_everything_collides_one_is_left_and_few_are_sent_in_vain() -> None:
    room, refused = played(4000, lambda room: room > 1)
    assert room == 1
    assert refused < 4000 * 0.01


def test_where_some_go_together_it_stays_near_that_number() -> None:
    room, refused = played(4000, lambda room: room > 6)
    assert 3 <= room <= 6
    assert refused < 4000 * 0.05


@given(st.lists(st.booleans(), max_size=200))
def test_there_is_always_room_for_one_and_never_for_more_than_sixteen(collisions: list[bool]) -> None:
    in_flight = InFlight()
    for collides in collisions:
        write(in_flight, collides=collides)
        assert 1 <= in_flight.room <= MOST


def test_a_crowd_that_collides_at_once_halves_once() -> None:
    in_flight = InFlight()
    while in_flight.room < MOST:
        write(in_flight)
    with in_flight.one(), in_flight.one():
        in_flight.collided()
        in_flight.collided()
    assert in_flight.room == MOST // 2


def test_who_writes_alone_learns_nothing_about_others() -> None:
    in_flight = InFlight()
    for _ in range(100):
        with in_flight.one():
            pass
    assert in_flight.room == 2
