"""Our answer beside AWS's: the same is no finding, and anything more or less on either side is one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.access import TableAccess, evaluate
from reconciler.access.queries.verify import verify
from reconciler.model.lakeformation import Grant, OnColumns, OnTable
from reconciler.model.resource import Snapshot
from tests.access.building import WORLD
from tests.access.strategies import a_state


def listed(found: TableAccess) -> list[Grant]:
    """What we say of a pair, as AWS lists it."""
    place = found.table_view.id
    table = OnTable(place.catalog, place.database, place.table)
    some = OnColumns(place.catalog, place.database, place.table, tuple(found.columns))
    return [Grant(found.principal, some if each == "SELECT" else table, each) for each in found.permissions]


@settings(max_examples=40)
@given(a_state, st.booleans())
def test_only_what_differs_is_told(found: Snapshot, is_admin: bool) -> None:
    for pair in evaluate(found, WORLD).pairs():
        if not pair.table_view.columns:
            continue
        rows, view = listed(pair), pair.table_view
        table = OnTable(view.id.catalog, view.id.database, view.id.table)
        implied = [Grant(pair.principal, table, "DESCRIBE")]
        assert not [*verify(pair, rows + (implied if is_admin else []), is_admin=is_admin)]
        for left in rows:
            fewer = [each for each in rows if each != left]
            # ALL is every other one, and every other one is to see the table.
            if left.permission != "DESCRIBE" and "ALL" not in pair.permissions:
                assert [*verify(pair, fewer + (implied if is_admin else []), is_admin=is_admin)]
            assert not [*verify(pair, fewer, in_part=True)], "what is listed in part leaves things out"
        if pair.beyond is None and len(pair.columns) < len(view.columns):
            told = [*verify(pair, [*rows, Grant(pair.principal, table, "SELECT")])]
            assert any("only AWS lists" in each.message for each in told)
