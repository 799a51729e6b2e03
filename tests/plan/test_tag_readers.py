"""Every grant by tags that comes to match other columns follows a change of tags, wherever the tags lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.kinds import registry
from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.lakeformation.taggable import Place
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.lakeformation import Expression, Grant, OnTagPolicy
from reconciler.model.resource import Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.plan.tag_readers import following
from tests.spec.test_extents import NAMES, base, product, subscriptions, tables


def matched(terms: Expression, state: Snapshot) -> frozenset[Place]:
    """The columns that an expression matches."""
    put: dict[Place, dict[str, str]] = {}
    for each in state.of(TagAssignment):
        put.setdefault(each.spec.place, {})[each.spec.key] = each.spec.value
    found = set()
    for table in state.of(Table):
        for column in table.spec.columns:
            own = Place(table.spec.database, table.spec.table, column.name)
            places = (Place(own.database), Place(own.database, own.table), own)
            tags: Mapping[str, str] = {key: value for place in places for key, value in put.get(place, {}).items()}
            if all(tags.get(key) in values for key, values in terms):
                found.add(own)
    return frozenset(found)


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_grant_that_matches_other_columns_follows(data: st.DataObject) -> None:
    whole = data.draw(tables("whole"))
    known = {name: data.draw(tables(name)) for name in NAMES[:2]}
    asked = data.draw(subscriptions({**known, "whole": whole}))

    def state(parts: Mapping[str, object]) -> Snapshot:
        products = {"whole": product("whole", whole, "trade", database="own")}
        for name, own in parts.items():
            subject = data.draw(st.sampled_from((None, "trade", "people")))
            products[name] = product(name, own, subject, database="lake", extent="tables")  # type: ignore[arg-type]
        mesh = replace(base(), products=products, subscriptions=asked, written=asked)
        return compile_mesh(mesh, registry())

    before, after = state(known), state({**known, "a": data.draw(tables("a"))})
    changes: list[Change] = []
    for address in before.keys() | after.keys():
        have, want = before.get(address), after.get(address)
        if have is not None and want is not None and have.spec != want.spec:
            changes.append(Update(have, want))
        elif have is None or want is None:
            changes.append(Create(after[address]) if have is None else Delete(have))
    found = {each.address for each in following(changes, before, after)}
    there = matched((), before) & matched((), after)
    for each in (*before.of(Grant), *after.of(Grant)):
        target = each.spec.target
        if not isinstance(target, OnTagPolicy) or target.of != "TABLE":
            continue
        now, then = matched(target.terms, after) & there, matched(target.terms, before) & there
        assert each.address in found or now == then, each.address
