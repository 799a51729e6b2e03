"""The digest of what is accepted is that of the literal requests, the access and the findings, for one commit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.model.plan import Plan
from reconciler.model.resource import Observation
from reconciler.plan.accepting import gate_digest, stopping
from reconciler.plan.compile import compile_mesh
from reconciler.plan.requested_access import requested_in
from reconciler.report.json_v1 import plan_json
from tests.estate import bank, variant
from tests.life.play import subscription
from tests.plan.test_gates import CASES

RULE = "opens-most-sensitive"


def digest(clearance: str = "restricted", name: str = "s", commit: str = "a", purpose: str = "To read.") -> str:
    document = subscription(name, clearance, purpose=purpose)
    head = variant(more={f"consumers/analytics-coe/subscriptions/{name}.yaml": document})
    return gate_digest(pipeline.review(head, observation=Observation(compile_mesh(bank(), registry()))), RULE, commit)


def test_it_changes_with_what_would_be_done_and_with_the_commit_and_with_nothing_else() -> None:
    assert digest() == digest(purpose="To read it again.")
    assert len({digest(), digest("restricted, confidential"), digest(commit="b")}) == 3


def test_every_part_of_it_counts() -> None:
    """The mesh, the plan, who gains and loses what, and each finding of the rule: other findings are not of it."""
    made = CASES[RULE]()
    mine, *rest = (each for each in made.findings if each.rule == RULE)
    other = replace(mine, rule="another")
    named = replace(made.mesh, settings=made.mesh.settings.model_copy(update={"name": "another"}))
    otherwise = (
        replace(made, mesh=named),
        replace(made, plan=Plan(())),
        replace(made, access=None),
        replace(made, access=CASES["lowers-label"]().access),
        replace(made, findings=(*made.findings, replace(mine, message="More."))),
        replace(made, findings=(*rest, other)),
    )
    assert len({gate_digest(each, RULE, "a") for each in (made, *otherwise)}) == 1 + len(otherwise)
    same = (
        replace(made, findings=(*made.findings, other)),
        replace(made, findings=(*made.findings, replace(mine, severity="warning", message="More."))),
        replace(made, findings=tuple(reversed(made.findings))),
    )
    assert {gate_digest(each, RULE, "a") for each in same} == {gate_digest(made, RULE, "a")}


def test_what_stops_apply_is_told_by_rule_and_without_a_plan_nothing_is() -> None:
    offline = pipeline.review(bank(), base=bank())
    assert stopping(offline) == ()


@pytest.mark.soak
@pytest.mark.parametrize("rule", CASES)
def test_what_the_pull_request_shows_is_what_apply_finds_and_accepts(rule: str) -> None:
    """A pull request knows its base; apply knows only what the reviewed plan asked for. Both come to one digest."""
    made = CASES[rule]()
    if made.observation is None:
        return
    shown = pipeline.review(made.mesh, observation=made.observation, base=bank())
    found = pipeline.review(made.mesh, observation=made.observation, requested_access=requested_in([plan_json(shown)]))
    rules = {each.rule for each in stopping(shown)}
    assert rules == {each.rule for each in stopping(found)}
    for each in rules:
        assert gate_digest(shown, each, "a") == gate_digest(found, each, "a")
