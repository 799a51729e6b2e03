"""Every subscription that is meant is asked about once a round, until it is confirmed in that very round."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.recertification import current_round, unanswered
from reconciler.spec.mesh import Mesh
from tests.estate import edited, mesh_of
from tests.spec.test_terms import TODAY

MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
APPROVAL = "approval: {by: consumer-banking-stewards, at: 2026-11-16, ticket: DATA-101}"
FIRST = date(2027, 1, 1)
ROUNDS = f"recertification: {{first: {FIRST}, every: 100d}}\nlimits:"


def held(confirmed: date | None = None, more: str = "", expires: str = "", today: date = TODAY) -> Mesh:
    rounds = f"recertification: {{first: {FIRST}, every: 100d, answer: 20d{more}}}\nlimits:"
    edits = [("mesh.yaml", "limits:", rounds)]
    if confirmed:
        edits.append((MODEL, "purpose:", f"confirmed: {{by: x, at: {confirmed}}}\npurpose:"))
    if expires:
        edits.append((MODEL, "2027-06-30", expires))
    return mesh_of(edited(*edits), today)


def asked(mesh: Mesh, today: date, written: dict[str, date] | None = None) -> set[str]:
    held_now = current_round(mesh, today)
    return {each.subscription.name for each in unanswered(mesh, held_now, today, written or {})} if held_now else set()


@settings(max_examples=30)
@given(st.integers(-300, 900), st.integers(0, 1100))
def test_an_answer_counts_for_the_round_in_which_it_is_given(offset: int, ago: int) -> None:
    today = FIRST + timedelta(days=offset)
    confirmed = today - timedelta(days=ago)
    mesh = held(confirmed, expires="2040-01-01", today=max(today, TODAY))
    found = current_round(mesh, today)
    if found is None:
        assert today < FIRST
        return
    assert found.begins <= today < found.begins + timedelta(days=100)
    assert (found.begins - FIRST).days % 100 == 0
    assert ("credit-risk-model" in asked(mesh, today)) == (max(confirmed, date(2026, 11, 16)) < found.begins)


def test_what_ends_within_the_round_or_came_in_it_is_not_asked_about() -> None:
    today = FIRST + timedelta(days=5)
    assert asked(held(), today) == {"credit-risk-model", "portfolio-report"}
    assert asked(held(expires="2027-01-21"), today) == {"portfolio-report"}
    assert asked(held(expires="2027-01-22"), today) == {"credit-risk-model", "portfolio-report"}
    unsaid = mesh_of(edited(("mesh.yaml", "limits:", ROUNDS), (MODEL, APPROVAL, "")))
    assert asked(unsaid, today, {"credit-risk-model": FIRST}) == {"portfolio-report"}
    assert asked(unsaid, today, {"credit-risk-model": TODAY}) == {"credit-risk-model", "portfolio-report"}
    both = {"credit-risk-model": FIRST, "portfolio-report": FIRST}
    assert asked(held(), today, both) == {"credit-risk-model", "portfolio-report"}, "an approval says more than a file"


def test_an_approval_of_a_day_to_come_is_no_answer() -> None:
    today = FIRST + timedelta(days=5)
    later = mesh_of(edited(("mesh.yaml", "limits:", ROUNDS), (MODEL, "at: 2026-11-16", "at: 2040-01-01")))
    assert "credit-risk-model" in asked(later, today)


def test_below_the_sensitivity_nobody_is_asked() -> None:
    today = FIRST + timedelta(days=5)
    assert asked(held(more=", sensitivity: confidential"), today) == {"credit-risk-model"}
    assert asked(held(more=", sensitivity: internal"), today) == {"credit-risk-model", "portfolio-report"}
    assert asked(held(more=", sensitivity: restricted"), today) == set()


def test_the_owner_of_the_data_is_asked_even_where_nobody_has_to_approve() -> None:
    today = FIRST + timedelta(days=5)
    mesh = held()
    found = current_round(mesh, today)
    assert found is not None
    owners = {each.owners for each in unanswered(mesh, found, today, {})}
    assert owners == {("consumer-banking-stewards",)}
