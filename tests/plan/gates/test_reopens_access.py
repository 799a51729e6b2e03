"""Whoever is suspended gains nothing in silence, though what he gains is asked for by the name of all of an account."""

from __future__ import annotations

import pytest

from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.model.finding import Finding
from reconciler.model.resource import Observation
from reconciler.plan.compile import compile_mesh
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, Edit, variant

CONSUMER = "consumers/analytics-coe/consumer.yaml"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
HEAD = "apiVersion: meshform/v1\nkind: Suspension\nname: incident\nreason: Key found in a public place.\nby: ciso\n"
EVERYBODY: tuple[Edit, ...] = (
    (CONSUMER, "workgroup:\n", "  - {name: everybody, description: All of them., wholeAccount: true}\nworkgroup:\n"),
    (REPORT, "principals: [credit-analyst]", "principals: [everybody]"),
)
SUSPENDED = {
    "analytics-coe/credit-analyst": "analytics-coe/credit-analyst",
    "analytics-coe/data-scientist": "analytics-coe/data-scientist",
    f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/credit-analyst": "analytics-coe/credit-analyst",
}


def suspending(principal: str, *edits: Edit) -> Mesh:
    return variant(*edits, more={"suspensions/incident.yaml": f"{HEAD}principal: {principal}\n"})


def stopped(head: Mesh, found: Mesh, base: Mesh | None) -> list[Finding]:
    observation = Observation(compile_mesh(found, registry()))
    name = "main" if base is not None else ""
    review = pipeline.review(head, observation=observation, base=base, base_name=name)
    return [each for each in review.findings if each.rule == "reopens-access" and "is suspended" in each.message]


@pytest.mark.parametrize("has_base", [True, False])
@pytest.mark.parametrize("principal", SUSPENDED)
def test_what_he_gains_with_the_whole_account_is_accepted_by_name(principal: str, has_base: bool) -> None:
    before, after = suspending(principal), suspending(principal, *EVERYBODY)
    (finding,) = stopped(after, before, before if has_base else None)
    assert finding.severity == "error"
    assert finding.message.startswith(f"{SUSPENDED[principal]} is suspended and would get 14 columns of credit-card")


@pytest.mark.parametrize("principal", SUSPENDED)
def test_nothing_is_said_where_he_gains_nothing_or_is_suspended_no_more(principal: str) -> None:
    before = suspending(principal)
    assert not stopped(before, before, before)
    assert not stopped(before, variant(), variant())
    assert not stopped(variant(*EVERYBODY), before, before)
