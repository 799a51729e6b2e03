"""An object of a change says what the facts of that change say, however few of them were made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.access import AccessDifference, changed_facts, difference, evaluate, principal_directory
from reconciler.kinds import registry
from reconciler.plan.compile import compile_mesh
from reconciler.policy.access_objects import BY_WAYS, EVERY, change_objects
from reconciler.spec.mesh import Mesh
from tests.estate import bank, mesh_of, variant
from tests.kinds.full import full

MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
CHANGES = [
    variant(without=[MODEL]),
    variant((MODEL, "[internal, confidential]", "[internal, confidential, restricted]")),
    variant((MODEL, "[internal, confidential]", "[public]")),
    mesh_of(full()),
]


def between(one: Mesh, other: Mesh) -> AccessDifference:
    return difference(
        evaluate(compile_mesh(one, registry()), principal_directory(one)),
        evaluate(compile_mesh(other, registry()), principal_directory(other)),
    )


@pytest.mark.parametrize("head", CHANGES)
@pytest.mark.parametrize("back", [False, True])
def test_objects_say_what_facts_say(head: Mesh, back: bool) -> None:
    one, other = (head, bank()) if back else (bank(), head)
    found = between(one, other)
    said: dict[Any, tuple[set[str], set[str], set[str]]] = {}
    for each in changed_facts(found, other, one):
        fact = each.fact
        key = (each.gained, fact.principal, fact.database, fact.table or fact.thing, fact.path)
        columns, values, before = said.setdefault(key, (set(), set(), set()))
        if fact.is_reading:
            columns.add(fact.column)
            values.add(fact.sensitivity)
        before.add(each.sensitivity_before)
    things = {
        (each.gained, each.principal, each.database, each.table, each.path): each
        for each in change_objects(found, other, one)
    }
    assert said
    assert {key: columns for key, (columns, _, _) in said.items()} == {
        key: set(each.columns) for key, each in things.items()
    }
    for key, (_, values, before) in said.items():
        assert set(things[key].sensitivities) == values - {""}
        assert set(things[key].before) == before - {""}


@pytest.mark.parametrize("head", CHANGES)
@pytest.mark.parametrize("back", [False, True])
def test_what_nobody_wants_is_left_out_and_nothing_else(head: Mesh, back: bool) -> None:
    """The short way, without a look at the grants, says the same in every field but those that hang on them."""
    one, other = (head, bank()) if back else (bank(), head)
    found = between(one, other)
    long, short = ([*change_objects(found, other, one, wanted=wanted)] for wanted in (EVERY, EVERY - BY_WAYS))
    unsaid = {"certain": True, "subscriptions": (), "purpose": "", "expires": ""}
    assert long
    assert [replace(each, **unsaid) for each in short] == [replace(each, **unsaid) for each in long]


def test_rights_on_a_database_are_asked_for_under_the_table_that_they_have_not() -> None:
    asked: set[tuple[str, str, str]] = set()

    def requested(*where: str) -> bool:
        asked.add(where)  # type: ignore[arg-type]
        return False

    found = between(bank(), mesh_of(full()))
    assert {each.requested for each in change_objects(found, mesh_of(full()), bank(), requested)} == {False}
    entries = (*found.gained, *found.lost, *found.shared, *found.unshared)
    assert {(each.principal, each.place.database, each.place.table) for each in entries} <= asked
