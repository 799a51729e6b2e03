"""Lists that nobody can take back are shown with what they still give; the rest is compared as ever."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.kinds.lakeformation.stuck_lists import Stuck, parted
from reconciler.model.lakeformation import Grant, OnColumns, OnTable
from reconciler.model.resource import Resource
from tests.estate import ANALYTICS, CENTRAL
from tests.grants import atom

ANALYST = f"arn:aws:iam::{ANALYTICS}:role/analyst"
COLUMNS = st.lists(st.sampled_from("abcd"), min_size=1, unique=True).map(lambda each: tuple(sorted(each)))
Lists = list[tuple[str, ...]]


def columns(*lists: tuple[str, ...]) -> Resource[Grant]:
    every = tuple(sorted({column for each in lists for column in each}))
    target = OnColumns(CENTRAL, "credit-card", "credit_card", every, lists=lists if len(lists) > 1 else ())
    return atom(Grant(ANALYST, target, "SELECT"), ANALYTICS)


@given(lists=st.lists(COLUMNS, min_size=1, max_size=3, unique=True), given=COLUMNS, wanted=st.none() | COLUMNS)
@example(lists=[("a", "b")], given=("b",), wanted=None)
@example(lists=[("a", "b")], given=("b",), wanted=("b",))
def test_of_every_list_either_it_is_taken_back_or_it_is_told_what_it_gives(
    lists: Lists, given: tuple[str, ...], wanted: tuple[str, ...] | None
) -> None:
    stuck_lists = tuple(each for each in lists if not set(each) <= set(given))
    stuck = Stuck(len(stuck_lists) == len(lists), stuck_lists, frozenset(given)) if stuck_lists else None
    found = parted(columns(wanted) if wanted else None, columns(*lists), lambda _: stuck)
    if stuck is None:
        assert found is None
        return
    assert found is not None
    rest, stays = found
    free = {each for each in lists if set(each) <= set(given)}
    in_stuck = {column for each in stuck_lists for column in each}
    asked = set(wanted or ())
    left = {column for each in free for column in each} | (in_stuck & set(given) & asked)
    assert (set(rest.spec.target.columns) if rest else set()) == left
    assert not rest or set(rest.spec.target.lists) == free
    more = in_stuck & set(given) - asked
    assert stays.is_drift == bool(more)
    assert set(stays.resource.spec.target.columns) == in_stuck
    assert not more or f"still gives {', '.join(sorted(more))}," in stays.reason
    assert ", ".join(sorted(in_stuck - set(given))) in stays.reason


def test_of_anything_but_columns_nothing_is_parted() -> None:
    have = atom(Grant(ANALYST, OnTable(CENTRAL, "credit-card", "credit_card"), "SELECT"), ANALYTICS)
    assert parted(None, have, lambda _: Stuck(is_all=True)) is None
