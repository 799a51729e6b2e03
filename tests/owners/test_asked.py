"""The comment says whom GitHub does not ask by itself, by CODEOWNERS as it is at the base."""

from __future__ import annotations

import pytest

from reconciler.owners.asked import unasked
from reconciler.owners.codeowners import codeowners
from reconciler.owners.handles import Handles
from tests.estate import bank, variant
from tests.life.play import subscription
from tests.owners.changes import HERE

FUNDS = {"product": "asset-management/fund-prices"}
STEWARDS = "investment-banking-stewards"


def of(place: str, clearance: str, /, **fields: str) -> frozenset[str]:
    after = variant(more={f"{HERE}/{place}new.yaml": subscription("new", clearance, **fields)})
    return unasked(bank(), after, codeowners(bank(), "mesh", Handles("acme")), "mesh")


@pytest.mark.parametrize(
    ("place", "clearance", "fields", "expected"),
    [
        ("investment-banking/", "internal", {}, set()),
        ("asset-management/fund-prices/", "confidential", FUNDS, set()),
        ("asset-management/fund-prices/automatic/", "internal", FUNDS, set()),
        ("else/", "internal", {}, {STEWARDS}),
        ("", "internal", {}, {STEWARDS}),
        ("investment-banking/", "restricted", {}, {"data-protection-office"}),
    ],
)
def test_who_must_approve_and_is_not_asked_is_named(
    place: str, clearance: str, fields: dict[str, str], expected: set[str]
) -> None:
    assert of(place, clearance, **fields) == expected


def test_taking_away_what_was_automatic_asks_an_owner_whom_github_does_not_ask() -> None:
    path = f"{HERE}/asset-management/fund-prices/automatic/new.yaml"
    before = variant(more={path: subscription("new", "internal", **FUNDS)})
    file = codeowners(before, "mesh", Handles("acme"))
    assert unasked(before, bank(), file, "mesh") == {"asset-management-stewards"}
    assert unasked(before, bank(), "* @somebody\n", "mesh") == frozenset(), "not our file"


def test_where_github_asks_another_team_for_governance_the_one_of_the_documents_is_named() -> None:
    after = variant(("mesh.yaml", "deletes: 10", "deletes: 11"))
    assert unasked(bank(), after, codeowners(bank(), "mesh", Handles("acme")), "mesh") == frozenset()
    other = codeowners(bank(), "mesh", Handles("acme", "rulers"))
    assert unasked(bank(), after, other, "mesh") == {"data-protection-office"}
