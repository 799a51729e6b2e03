"""Every grant by tags that comes to match other columns follows a change of tags, wherever the tags lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.kinds import registry
from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.lakeformation.taggable import Place
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.lakeformation import Expression, Grant, OnTagPolicy
from reconciler.model.resource import AnyResource, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.plan.tag_readers import following
from tests.access.building import ANN, give, named, state, table, tag, where
from tests.spec.test_extents import NAMES, base, product, subscriptions, tables


def matched(terms: Expression, state: Snapshot) -> frozenset[Place]:
    """The columns that an expression matches."""
    put: dict[Place, dict[str, str]] = {}
    for each in state.of(TagAssignment):
        put.setdefault(each.spec.place, {})[each.spec.key] = each.spec.value
    found = set()
    for each in state.of(Table):
        for column in each.spec.columns:
            own = Place(each.spec.database, each.spec.table, column.name)
            places = (Place(own.database), Place(own.database, own.table), own)
            tags: Mapping[str, str] = {key: value for place in places for key, value in put.get(place, {}).items()}
            if all(tags.get(key) in values or (key in tags and "*" in values) for key, values in terms):
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


PLACES = ("db", "db.t", "db.t.a", "other", "other.v")
POLICIES = (
    where(level="low"),
    where(level="low high"),
    where(level="*", team="x"),
    where(level="low", team="x"),
    where(level="low", team="*"),
    where(team="y", level="high", zone="z"),
)


@settings(max_examples=40)
@given(st.integers(0))
def test_of_several_keys_those_that_stay_say_where_a_grant_reaches(seed: int) -> None:
    """Whatever comes to match other columns follows; nothing follows that can match nothing where something changes."""
    chance = Random(seed)
    there = [table("t"), table("v", database="other"), *(give(ANN, each) for each in POLICIES), give(ANN, named())]

    def a_tag(at: str) -> list[AnyResource]:
        return tag(at, **dict([chance.choice([("level", "low"), ("level", "high"), ("team", "x"), ("zone", "z")])]))

    before = state(*there, *(a_tag(chance.choice(PLACES)) for _ in range(5)))
    for at in PLACES:
        (moved,) = a_tag(at)
        key, database = moved.spec.key, moved.spec.place.database
        after = state(*[each for each in before.values() if each.address != moved.address], moved)
        change = Update(before[moved.address], moved) if moved.address in before else Create(moved)
        found = {each.spec.target.terms for each in following([change], before, after)}
        borne = {(each.spec.key, each.spec.value, each.spec.place.database) for each in before.of(TagAssignment)}
        keys = {each[0] for each in borne}
        for policy in POLICIES:
            terms = policy.terms
            if matched(terms, before) != matched(terms, after):
                assert terms in found
            rest = [(name, values) for name, values in terms if name != key and "*" not in values and name in keys]
            can_match = all(any((name, value, database) in borne for value in values) for name, values in rest)
            assert (terms in found) == (can_match and key in dict(terms)), (terms, moved)


def test_without_a_tag_that_changes_nothing_follows() -> None:
    there = state(table("t"), give(ANN, where(level="low")), tag("db", level="low"))
    assert [*following([Create(table("u"))], there)] == []
