"""The digest of what is accepted is that of the literal requests, the access and the findings, for one commit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.model.plan import Plan
from reconciler.model.resource import Observation, Snapshot
from reconciler.plan.accepting import gate_digest, stopping
from reconciler.plan.compile import compile_mesh
from reconciler.plan.requested_access import requested_in
from reconciler.report.json_v1 import plan_json
from reconciler.spec.mesh import Mesh
from tests.estate import Edit, Files, bank, edited, example, mesh_of, variant
from tests.life.play import subscription
from tests.plan.test_gates import CASES

RULE = "opens-most-sensitive"
POLICY = """\
apiVersion: meshform/v1
kind: Policy
name: nobody-loses
description: Nobody loses what a report gives.
owner: data-protection-office
object: change
matchConditions:
  - {name: lost, expression: "!change.gained"}
validations:
  - {expression: "!('portfolio-report' in change.subscriptions)", message: The report is regulatory.}
"""


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
    """A pull request knows its base; apply knows what was applied last and what the reviewed plan asked for."""
    made = CASES[rule]()
    if made.observation is not None:
        assert_apply_finds(bank(), made.mesh, made.observation)


SUBSCRIPTIONS = tuple(each for each in example() if "/subscriptions/" in each)
FUNDS = "domains/asset-management/domain.yaml"
PROFILE = "domains/consumer-banking/products/credit-profile.yaml"
LABELS = "lf-tags/sensitivity.yaml"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
TERM: Edit = (LABELS, "{value: internal, ", "{value: internal, term: {longest: 180d, from: 2026-11-01}, ")
AGE = """        description: "Age in years"
        tags: {sensitivity: restricted}"""
RECIPE = "# The core banking" + example()[PROFILE].partition("# The core banking")[2].partition("approval: {mode")[0]
#: By the rule that stops it: the mesh that was applied last, and the one that a pull request makes of it.
PULL_REQUESTS: dict[str, tuple[str, Files, Files]] = {
    "a subscription beyond a term": ("new-beyond-term", edited(TERM, without=(REPORT,)), edited(TERM)),
    "a longer one": (
        "new-beyond-term",
        edited(TERM),
        edited(TERM, (REPORT, "expires: 2027-12-31", "expires: 2030-12-31")),
    ),
    "a steward": (
        "more-than-reading",
        edited(),
        edited((FUNDS, "[asset-management-steward]", "[asset-management-steward, mallory]")),
    ),
    "a recipe": ("shifted-columns", edited((PROFILE, RECIPE, "")), edited()),
    "a lower label, and a new highest one": (
        "lowers-label",
        edited(),
        edited(
            (LABELS, "owner: data", "  - {value: secret, description: More.}\nowner: data"),
            (PROFILE, AGE, AGE.replace("restricted", "internal")),
        ),
    ),
    "a policy over the change": (
        "policy/nobody-loses",
        edited(more={"policies/p.yaml": POLICY}),
        edited(more={"policies/p.yaml": POLICY}, without=(REPORT,)),
    ),
}


@pytest.mark.parametrize("name", PULL_REQUESTS)
def test_what_stops_a_pull_request_stops_apply(name: str) -> None:
    rule, before, after = PULL_REQUESTS[name]
    base, mesh = mesh_of(before), mesh_of(after)
    assert rule in assert_apply_finds(base, mesh, Observation(compile_mesh(base, registry())))


def assert_apply_finds(base: Mesh, mesh: Mesh, observation: Observation) -> set[str]:
    """Apply finds what the pull request shows, with one digest, whatever the plan says that was asked for."""
    shown = pipeline.review(mesh, observation=observation, base=base)
    rules = {each.rule for each in stopping(shown)}
    asked = requested_in([plan_json(shown)])
    for said in (asked, None):
        found = pipeline.review(mesh, observation=observation, requested_access=said, applied=base)
        assert rules == {each.rule for each in stopping(found)}
        for each in rules:
            assert gate_digest(shown, each, "a") == gate_digest(found, each, "a")
    return rules


def test_a_plan_that_somebody_has_written_asks_for_no_more_than_the_documents() -> None:
    """Of what a hand has closed: the plan is a file, and which one is taken is the forge's affair."""
    made = CASES["reopens-access"]()
    assert made.observation is not None
    bare = mesh_of(edited(without=SUBSCRIPTIONS))
    forged = requested_in([plan_json(pipeline.review(made.mesh, observation=Observation(Snapshot()), base=bare))])
    for said in (forged, None):
        found = pipeline.review(made.mesh, observation=made.observation, requested_access=said, applied=made.mesh)
        assert "reopens-access" in {each.rule for each in stopping(found)}
