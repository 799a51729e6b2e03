"""Laws of the store of grants: whatever is granted and revoked, it holds exactly the atoms that it should."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.sandbox.services.lakeformation.grants import GrantStore
from reconciler.sandbox.services.lakeformation.permissions import split
from reconciler.sandbox.services.lakeformation.predicates import ALL_ROWS, atom, both, either
from reconciler.sandbox.services.lakeformation.resources import Columns, Database, Resource, Table, Tag, anchors

NOW = datetime(2025, 1, 1, tzinfo=UTC)
A, B = "111111111111", "222222222222"

RESOURCES: list[tuple[Resource, list[str]]] = [
    (Database(A, "d"), ["ALL", "ALTER", "DESCRIBE", "DROP"]),
    (Table(A, "d", "t"), ["ALL", "SELECT", "INSERT", "DESCRIBE"]),
    (Table(A, "d", None), ["SELECT", "DESCRIBE"]),
    (Columns(A, "d", "t", ("a",)), ["SELECT"]),
    (Tag(A, "k", "v"), ["ALTER", "ASSOCIATE", "DESCRIBE"]),
    (Tag(A, "k", "w"), ["DROP", "ASSOCIATE"]),
]
steps = st.sampled_from(RESOURCES).flatmap(
    lambda pair: st.tuples(
        st.booleans(),
        st.sampled_from([A, B]),
        st.sampled_from(["p", "q"]),
        st.just(pair[0]),
        st.sets(st.sampled_from(pair[1]), min_size=1),
        st.sets(st.sampled_from(pair[1])),
    )
)


@settings(max_examples=200, deadline=None)
@given(st.lists(steps, max_size=25))
def test_the_store_holds_exactly_what_was_granted_and_not_revoked(walk: list) -> None:
    store, atoms = GrantStore(), {}
    for granting, grantor, principal, resource, permissions, option in walk:
        for piece, held in split(resource, permissions):
            passed_on = held & option
            for permission in held:
                key = (grantor, principal, piece, permission)
                if granting:
                    atoms[key] = atoms.get(key, False) or permission in passed_on
                else:
                    atoms.pop(key, None)
            row = store.row(grantor, principal, piece)
            if granting:
                store.grant(grantor, principal, piece, held, passed_on, at=NOW, by=grantor)
            elif row:
                store.revoke(row, held, passed_on, at=NOW, by=grantor)
    rows = list(store.on(A))
    kept = {(r.grantor, r.principal, r.resource, p): p in r.grantable for r in rows for p in r.permissions}
    assert kept == atoms
    assert len(rows) == len({r.key for r in rows})
    for row in rows:
        assert row.permissions
        assert row.grantable <= row.permissions
        for anchor in anchors(row.resource):
            assert row in list(store.at(anchor))
            assert row in list(store.held([row.principal], anchor))


predicates = st.recursive(
    st.sampled_from([ALL_ROWS, atom("a"), atom("b"), atom("c")]),
    lambda inner: st.builds(either, inner, inner) | st.builds(both, inner, inner),
    max_leaves=6,
)


@settings(deadline=None)
@given(predicates, st.sets(st.sampled_from(["a", "b", "c"])))
def test_all_rows_absorb_in_a_union_and_vanish_in_an_intersection(predicate: frozenset, true: set[str]) -> None:
    """dg/data-filtering-notes"""
    assert either(predicate, ALL_ROWS) == ALL_ROWS
    assert both(predicate, ALL_ROWS) == predicate

    def holds(p: frozenset) -> bool:
        return any(clause <= true for clause in p)

    other = atom("b")
    assert holds(either(predicate, other)) == (holds(predicate) or holds(other))
    assert holds(both(predicate, other)) == (holds(predicate) and holds(other))
