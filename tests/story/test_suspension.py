"""An end and a suspension are applied without a question, whatever a hand gives besides; nothing comes back unasked."""

from __future__ import annotations

import pytest

from reconciler import pipeline
from reconciler.access import evaluate, principal_directory
from reconciler.plan.review import Review
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, Estate, bank, variant

MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
SCIENTIST = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/data-scientist"
HEAD = "apiVersion: meshform/v1\nkind: Suspension\nname: incident\nreason: Key found in a public place.\nby: ciso\n"


def suspending(subject: str, *more: tuple[str, str, str]) -> Mesh:
    return variant(*more, more={"suspensions/incident.yaml": f"{HEAD}{subject}\n"})


ENDED = variant((MODEL, "2027-06-30", "2026-11-21"))
REPORT = ("mesh.yaml", "undeclaredGrants: revoke", "undeclaredGrants: report")


@pytest.fixture
def estate(built: Estate) -> Estate:
    return built


def carried_out(estate: Estate, mesh: Mesh) -> Review:
    """Apply with no gate accepted; nothing is left to do."""
    review = estate.review(mesh)
    run = pipeline.apply_reviewed(review, estate.sessions)
    assert not run.failed
    left = estate.plan(mesh)
    assert left.is_empty
    assert left.is_complete
    return review


@pytest.mark.parametrize(
    "mesh",
    [
        ENDED,
        suspending("principal: analytics-coe/data-scientist"),
        suspending("subscription: credit-risk-model"),
        suspending("consumer: analytics-coe"),
        suspending("product: consumer-banking/credit-profile"),
        suspending("tag: {sensitivity: confidential}"),
    ],
    ids=["ended", "principal", "subscription", "consumer", "product", "tag"],
)
def test_it_is_applied_without_acceptance_and_the_analyst_reads_no_more(mesh: Mesh, estate: Estate) -> None:
    review = carried_out(estate, mesh)
    assert review.access is not None
    assert not [finding for finding in review.findings if finding.severity == "error"]
    assert {entry.principal for entry in review.access.lost} >= {SCIENTIST}
    assert not review.access.gained
    access = evaluate(estate.look(mesh), principal_directory(mesh))
    assert not [table for table in access.of(SCIENTIST) if {"amount", "credit_history"} & set(table.columns)]


def test_what_a_hand_gives_to_somebody_suspended_goes_though_such_grants_are_only_reported(estate: Estate) -> None:
    mesh = suspending("principal: analytics-coe/data-scientist", REPORT)
    carried_out(estate, mesh)
    estate.client("lakeformation", ANALYTICS).grant_permissions(
        Principal={"DataLakePrincipalIdentifier": SCIENTIST},
        Resource={"Database": {"Name": "rl_credit-card"}},
        Permissions=["DESCRIBE"],
    )
    plan = estate.plan(mesh)
    assert [step.change.action for step in plan.steps] == ["delete"]


def test_what_ended_is_not_opened_by_what_comes_after(estate: Estate) -> None:
    """Whoever revokes and ends: an unrelated change brings nothing back, and says nothing of it."""
    carried_out(estate, ENDED)
    after = variant((MODEL, "2027-06-30", "2026-11-21"), ("mesh.yaml", "description: ", "description: Now "))
    review = pipeline.review(after, observation=estate.look(after), base=ENDED, base_name="main")
    assert review.access is not None
    assert not review.access.gained


def test_a_suspension_that_ends_by_its_date_gives_back_only_when_somebody_says_so(estate: Estate) -> None:
    carried_out(estate, suspending("consumer: analytics-coe"))
    over = suspending("consumer: analytics-coe\nuntil: 2026-11-21")
    review = pipeline.review(over, observation=estate.look(over), base=over, base_name="main")
    assert "reopens-access" in {finding.rule for finding in review.findings if finding.severity == "error"}


def test_lifting_it_is_what_the_change_asks_for(estate: Estate) -> None:
    held = suspending("consumer: analytics-coe")
    carried_out(estate, held)
    review = pipeline.review(bank(), observation=estate.look(bank()), base=held, base_name="main")
    assert "reopens-access" not in {finding.rule for finding in review.findings}
    assert review.access is not None
    assert SCIENTIST in {entry.principal for entry in review.access.gained}
