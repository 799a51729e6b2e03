"""An object of a change says what the facts of that change say, however few of them were made."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.access import AccessDifference, changed_facts, difference, evaluate, principal_directory
from reconciler.kinds import registry
from reconciler.plan.compile import compile_mesh
from reconciler.policy.access_objects import change_objects
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
