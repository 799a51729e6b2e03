"""A share that waits to be accepted makes answers unsure; it takes nothing away, and repairing it reopens nothing."""

from __future__ import annotations

from reconciler import pipeline
from reconciler.report.text import first_screen_text
from tests.estate import ANALYTICS, Estate, bank


def test_what_somebody_may_have_all_along_is_neither_lost_nor_reopened(built: Estate) -> None:
    built.client("lakeformation").grant_permissions(
        Principal={"DataLakePrincipalIdentifier": ANALYTICS},
        Resource={"Table": {"DatabaseName": "credit-card", "Name": "credit_card"}},
        Permissions=["SELECT"],
    )
    reviewed = pipeline.review(bank(), observation=built.look(), base=bank())
    assert not [each for each in reviewed.findings if each.rule == "reopens-access"]
    first, *_ = first_screen_text(reviewed)
    assert "may" in first
    assert "gain 17" not in first
