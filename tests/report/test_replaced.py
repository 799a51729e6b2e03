"""A permission that goes is told as a loss exactly where nothing takes its place and nothing else gives the same."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds import addresses
from reconciler.model.address import Placement
from reconciler.model.change import Change, Create, Delete
from reconciler.model.lakeformation import Grant, OnColumns, OnTable, OnTagPolicy, Target, expression
from reconciler.model.resource import Resource
from reconciler.report.replaced import replaced

HERE = Placement("111111111111", "eu-west-1")


def tagged(*values: str, of: str = "a") -> OnTagPolicy:
    return OnTagPolicy("1", "TABLE", expression({"product": [of], "sensitivity": values}))


def step(sort: type[Create] | type[Delete], target: Target, who: str = "x", permission: str = "SELECT") -> Change:
    grant = Grant(who, target, permission)
    return sort(Resource(addresses.grant(HERE, grant), grant))


TABLE, COLUMNS, OTHER = OnTable("1", "d", "t"), OnColumns("1", "d", "t", ("c",)), OnTable("1", "d", "u")
SAME = [
    (tagged("internal"), tagged("internal", "secret")),
    (tagged("internal", "secret"), tagged("internal")),
    (COLUMNS, TABLE),
    (TABLE, COLUMNS),
]
DIFFERENT = [
    (tagged("internal"), tagged("secret")),
    (tagged("internal"), tagged("internal", of="b")),
    (tagged("internal"), TABLE),
    (TABLE, OTHER),
]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_one_that_comes_for_the_same_takes_its_place(old: Target, new: Target) -> None:
    gone, come = step(Delete, old), step(Create, new)
    assert replaced([gone, come]).by == {gone.address: come}
    assert not replaced([gone, step(Create, new, who="y")]).by
    assert not replaced([gone, step(Create, new, permission="INSERT")]).by


@pytest.mark.parametrize(("old", "new"), DIFFERENT)
def test_one_that_comes_for_something_else_does_not(old: Target, new: Target) -> None:
    assert not replaced([step(Delete, old), step(Create, new)]).by


def test_each_takes_the_place_of_one_only() -> None:
    gone = [step(Delete, tagged("internal")), step(Delete, tagged("secret"))]
    assert len(replaced([*gone, step(Create, tagged("internal", "secret"))]).by) == 1


def test_one_that_stays_covers_what_it_gives_and_nothing_else() -> None:
    wide, narrow = tagged("internal", "secret"), tagged("internal")
    for (kept, covers), old in product([(wide, True), (tagged("secret"), False), (TABLE, False)], [narrow]):
        gone = step(Delete, old)
        found = replaced([gone], [Grant("x", kept, "SELECT")]).covered
        assert found == ({gone.address} if covers else set())
        assert not replaced([gone], [Grant("y", kept, "SELECT")]).covered
    assert replaced([step(Delete, COLUMNS)], [Grant("x", TABLE, "SELECT")]).covered
    assert not replaced([step(Delete, TABLE)], [Grant("x", COLUMNS, "SELECT")]).covered


def test_what_goes_itself_covers_nothing() -> None:
    """As where everything is taken down that is wanted all the same."""
    gone = [step(Delete, tagged("internal")), step(Delete, tagged("internal", "secret"))]
    wanted = [Grant("x", tagged("internal"), "SELECT"), Grant("x", tagged("internal", "secret"), "SELECT")]
    assert not replaced(gone, wanted).covered


VALUES = st.sets(st.sampled_from("abc"), min_size=1, max_size=2).map(sorted)
TARGETS = st.one_of(
    st.dictionaries(st.sampled_from(["product", "sensitivity"]), VALUES, min_size=1).map(
        lambda terms: OnTagPolicy("1", "TABLE", expression(terms))
    ),
    st.sampled_from([TABLE, COLUMNS, OTHER]),
)
SOME = st.lists(TARGETS, max_size=6, unique=True)


@given(SOME, SOME, SOME)
def test_it_is_found_as_if_each_were_compared_with_each(
    gone: list[Target], come: list[Target], kept: list[Target]
) -> None:
    changes = [*(step(Delete, each) for each in gone), *(step(Create, each) for each in come)]
    by, covered = {}, set()
    free = list(come)
    for old in gone:
        alike = [new for new in free if replaced([step(Delete, old), step(Create, new)]).by]
        if alike:
            by[step(Delete, old).address] = step(Create, alike[0])
            free.remove(alike[0])
        elif any(
            replaced([step(Delete, old)], [Grant("x", each, "SELECT")]).covered for each in kept if each not in gone
        ):
            covered.add(step(Delete, old).address)
    found = replaced(changes, [Grant("x", each, "SELECT") for each in kept])
    assert (found.by, found.covered) == (by, covered)
