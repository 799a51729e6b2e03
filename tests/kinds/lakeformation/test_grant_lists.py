"""Lists of columns: several rows of AWS are one atom, which comes apart into the same rows."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds.lakeformation.grant_lists import joined, lists, within
from reconciler.model.lakeformation import Grant, OnColumns, OnTable

COLUMNS = st.lists(st.sampled_from("abcd"), min_size=1, unique=True).map(sorted).map(tuple)


def row(columns: tuple[str, ...], *, excluded: bool = False, grantable: bool = False) -> Grant:
    return Grant("who", OnColumns("1", "d", "t", columns, excluded), "SELECT", grantable)


@given(
    st.lists(st.tuples(COLUMNS, st.booleans()), min_size=1, max_size=4, unique_by=lambda each: each[0]), st.booleans()
)
def test_rows_come_apart_as_they_came_whatever_their_order(
    rows: list[tuple[tuple[str, ...], bool]], excluded: bool
) -> None:
    """What they open together is what one after the other opens; who may pass on any may pass on the atom."""
    kept = [row(columns, excluded=excluded, grantable=grantable) for columns, grantable in rows]
    for order in list(permutations(kept))[:6]:
        atom, *others = order
        for other in others:
            atom = joined(atom, other)
        opened = [set(columns) for columns, _ in rows]
        assert isinstance(atom.target, OnColumns)
        assert set(atom.target.columns) == (set.intersection(*opened) if excluded else set.union(*opened))
        assert atom.target.columns == tuple(sorted(atom.target.columns))
        assert atom.grantable == any(grantable for _, grantable in rows)
        apart = [each.target.columns for each in lists(atom) if isinstance(each.target, OnColumns)]
        assert sorted(apart) == sorted(columns for columns, _ in rows)
        assert (
            all(isinstance(each.target, OnColumns) and each.target.lists == () for each in lists(atom))
            or len(rows) == 1
        )


def test_what_names_no_columns_is_one_row() -> None:
    whole = Grant("who", OnTable("1", "d", "t"), "SELECT")
    assert lists(whole) == (whole,)
    both = joined(whole, Grant("who", OnTable("1", "d", "t"), "SELECT", True))
    assert both == Grant("who", OnTable("1", "d", "t"), "SELECT", True)
    assert joined(row(("a",)), whole).target == row(("a",)).target
    assert joined(whole, row(("a",))).target == whole.target


@given(COLUMNS, COLUMNS, st.booleans())
def test_a_row_is_within_what_opens_no_less(one: tuple[str, ...], other: tuple[str, ...], excluded: bool) -> None:
    """Of lists that leave out, only the same one: which columns there will be nobody knows."""
    found = within(row(one, excluded=excluded).target, row(other, excluded=excluded).target)
    assert found == (one == other if excluded else set(one) <= set(other))
