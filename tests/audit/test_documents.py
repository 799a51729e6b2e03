"""What reports say of subscriptions, exceptions and policies, and which part of the mesh they are about."""

from __future__ import annotations

from datetime import date

import pytest

from reconciler.audit.documents import exceptions_report, subscriptions_report
from reconciler.audit.report import Part, provenance
from reconciler.history.event import Event
from reconciler.spec.mesh import Mesh
from tests.estate import TODAY, edited, mesh_of

MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
WHOLE = Part()
SUSPENSION = """apiVersion: meshform/v1
kind: Suspension
name: leak
%s
reason: A leak.
by: governance
"""


def mesh(*edits: tuple[str, str, str], suspended: str = "") -> Mesh:
    more = {"suspensions/leak.yaml": SUSPENSION % suspended} if suspended else None
    return mesh_of(edited(*edits, more=more))


def status(found: Mesh, day: date = TODAY) -> str:
    rows = subscriptions_report(found, day, WHOLE).rows
    return str({row["subscription"]: row["status"] for row in rows}["credit-risk-model"])


@pytest.mark.parametrize(
    ("expires", "told"),
    [("2027-06-30", "active"), ("2026-12-01", "ending"), ("2026-11-22", "ending"), ("2026-11-21", "ended")],
)
def test_the_end_of_a_subscription_is_told(expires: str, told: str) -> None:
    assert status(mesh((MODEL, "2027-06-30", expires))) == told


def test_a_subscription_without_an_end_is_told_so() -> None:
    assert status(mesh((MODEL, "expires: 2027-06-30\n", ""))) == "without end"


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("subscription: credit-risk-model", "suspended"),
        ("consumer: analytics-coe", "suspended"),
        ("tag: {sensitivity: confidential}", "suspended in part"),
        ("subscription: portfolio-report", "active"),
    ],
)
def test_what_is_suspended_is_told(what: str, told: str) -> None:
    assert status(mesh(suspended=what)) == told


def test_a_suspension_is_among_the_exceptions() -> None:
    (row,) = exceptions_report(mesh(suspended="consumer: analytics-coe"), TODAY, WHOLE).rows
    assert (row["kind"], row["of"], row["status"], row["until"]) == (
        "Suspension", "consumer analytics-coe", "in force", "no end",
    )  # fmt: skip


def test_a_part_is_what_was_asked_for_and_says_so() -> None:
    found = mesh()
    every = subscriptions_report(found, TODAY, WHOLE).rows
    some = subscriptions_report(found, TODAY, Part(label="confidential"))
    assert {row["subscription"] for row in some.rows} == {"credit-risk-model"}
    assert {row["subscription"] for row in every} == {"credit-risk-model", "portfolio-report"}
    assert some.about[-1] == "Of label confidential."
    assert subscriptions_report(found, TODAY, Part(domain="asset-management")).rows == ()


def test_the_last_change_that_is_still_there_tells_where_a_document_comes_from() -> None:
    asked = Event("2026-11-03", "asked", "Subscription a", change="added", pull_request=7, approved_by=("ines", "bo"))
    later = Event("2026-11-04", "asked", "Subscription a", change="changed", pull_request=9, commit="c" * 40)
    gone = Event("2026-11-05", "asked", "Subscription a", change="removed", pull_request=11)
    assert provenance([asked]).of("Subscription", "a")["approver"] == "ines, bo"
    assert provenance([asked, later]).of("Subscription", "a")["pull_request"] == "#9"
    assert set(provenance([asked, later, gone]).of("Subscription", "a").values()) == {""}
