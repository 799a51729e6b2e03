"""Policies over a plan see its numbers, as the gates count them, and stop it when they are beyond what is allowed."""

from __future__ import annotations

from collections import Counter

import pytest

from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.model.resource import Observation
from reconciler.plan.compile import compile_mesh
from reconciler.plan.counted import counted
from reconciler.plan.review import Review
from reconciler.policy.check import checked
from reconciler.report.drift import broken_invariants
from reconciler.spec.approval import levels
from reconciler.spec.mesh import Mesh
from tests.estate import TODAY, variant
from tests.policy.handbook import document

MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"


def held_to(expression: str, **without: bool) -> tuple[Mesh, Mesh]:
    """The mesh with the subscription and the mesh without it, both with a policy over plans."""
    more = {"policies/p.yaml": document("p", f'object: plan\nvalidations: [{{expression: "{expression}"}}]')}
    return variant(more=more), variant(without=[MODEL], more=more)


def planned(mesh: Mesh, found: Mesh) -> Review:
    return pipeline.review(mesh, observation=Observation(compile_mesh(found, registry())))


def test_a_plan_is_counted_as_its_steps_and_facts_say() -> None:
    for mesh, before in (held_to("true"), held_to("true")[::-1]):
        reviewed = planned(mesh, before)
        assert reviewed.access is not None
        found = counted((step.change for step in reviewed.steps), reviewed.access, mesh, before)
        actions = Counter(step.change.action for step in reviewed.steps)
        assert (found.create, found.update, found.delete) == tuple(actions[a] for a in ("create", "update", "delete"))
        assert found.create + found.delete > 0
        gained = {each.fact.column for each in reviewed.gained_facts() if each.fact.is_reading_of_people}
        assert sum(found.columns_opened.values()) == len(gained), "one table, so that names are columns"
        assert bool(found.principals_gaining) == bool(gained)
        assert (found.principals_gaining, found.principals_losing) in ((1, 0), (0, 1))
        assert set(found.columns_opened) >= {"", *levels(mesh)}, "an expression needs not ask for a key"


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("plan.principals_gaining <= 1", True),
        ("plan.principals_gaining == 0", False),
        ("plan.columns_opened['confidential'] <= 2", False),
        ("plan.columns_opened['confidential'] == 3", True),
        ("plan.columns_opened['restricted'] == 0", True),
        ("plan.columns_opened[''] == 0", True),
        ("plan.columns_opened.exists(label, plan.columns_opened[label] > 50)", False),
        ("plan.delete == 0 && plan.update < 100", True),
        ("plan.create < 1", False),
    ],
)
def test_what_a_policy_over_plans_denies_stops_it(expression: str, holds: bool) -> None:
    mesh, before = held_to(expression)
    reviewed = planned(mesh, before)
    found = [each for each in reviewed.findings if each.rule == "policy/p"]
    assert [(each.severity, each.message.partition(":")[0]) for each in found] == [("error", "the plan")][: not holds]
    asked = pipeline.review(mesh, base=before, base_name="main")
    assert bool([each for each in asked.findings if each.rule == "policy/p"]) == (not holds)


def test_it_is_never_so_already_and_no_drift() -> None:
    """Numbers of a plan are of this plan: what was like that before is no excuse."""
    mesh, _ = held_to("plan.create + plan.update + plan.delete > 0")
    (finding,) = [each for each in planned(mesh, mesh).findings if each.rule == "policy/p"]
    assert finding.severity == "error"
    assert broken_invariants(planned(mesh, mesh)) == ()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("validations: [{expression: plan.creates < 1}]", "no field creates (did you mean create?)"),
        ("validations: [{expression: \"plan.columns_opened['restrictd'] < 1\"}]", "did you mean restricted"),
        ("validations: [{expression: \"'restrictd' in plan.columns_opened\"}]", "did you mean restricted"),
        ("validations: [{expression: \"plan.columns_opened['restricted'] < 'a'\"}]", "no matching overload"),
        ("validations: [{expression: plan.create == 'a'}]", "no matching overload"),
    ],
)
def test_expressions_over_plans_are_held_to_their_types(body: str, words: str) -> None:
    text = document("p", f"object: plan\n{body}")
    found = checked(variant(more={"policies/p.yaml": text}), lambda _: text, TODAY)[1]
    assert found
    assert words in found[0].message


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        ("{create: 3, columns_opened: {restricted: 1}}", "break"),
        ("{columns_opened: {restricted: 0, '': 4}}", "allow"),
        ("{columns_opened: {restricted: x}}", "holds whole numbers"),
        ("{columns_opened: 3}", "columns_opened is a mapping"),
    ],
)
def test_examples_give_numbers(given: str, outcome: str) -> None:
    expected = outcome if outcome in ("break", "allow") else "allow"
    body = "object: plan\nvalidations: [{expression: \"plan.columns_opened['restricted'] == 0\"}]\n"
    body += f"tests: [{{name: a, given: {given}, expect: {expected}}}]"
    text = document("p", body)
    found = checked(variant(more={"policies/p.yaml": text}), lambda _: text, TODAY)[1]
    assert [outcome in each.message for each in found] == [True] * (outcome != expected)
