"""Who must approve: by sensitivity, in words and in CODEOWNERS, so that GitHub asks the right people."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reconciler.errors import MeshformError
from reconciler.owners.approval import demands, subscription_demands
from reconciler.owners.codeowners import Team, codeowners, known_team
from reconciler.spec.mesh import Mesh
from tests.estate import bank, variant
from tests.life.play import subscription

HERE = "consumers/analytics-coe/subscriptions"
TEAM = Team("acme")
PRICES = "domains/asset-management/products/fund-prices.yaml"
RULER, DEALS, FUNDS = (
    "@acme/data-protection-office",
    "@acme/investment-banking-stewards",
    "@acme/asset-management-stewards",
)


def owner(mesh: Mesh, path: str) -> str:
    """Whom GitHub would ask about a path: the last line that fits."""
    found = ""
    for line in codeowners(mesh, "mesh", TEAM).splitlines():
        pattern, _, who = line.partition(" ")
        if not line.startswith("#") and _fits(pattern, path):
            found = who
    return found


def _fits(pattern: str, path: str) -> bool:
    """CODEOWNERS' patterns, as far as ours go: /anchored, folder/, * within a part, * for everything."""
    if pattern == "*":
        return True
    body = re.escape(pattern.removeprefix("/")).replace(r"\*", "[^/]*")
    return re.fullmatch(body + (".*" if pattern.endswith("/") else ""), path) is not None


def deals(place: str, clearance: str, /, **fields: str) -> tuple[Mesh, str]:
    path = f"{HERE}/{place}deals.yaml"
    return variant(more={path: subscription("deals", clearance, **fields)}), f"mesh/{path}"


def ways(mesh: Mesh, name: str) -> set[tuple[str, str]]:
    return {(demand.way, demand.who) for demand in subscription_demands(mesh, mesh.subscriptions[name])}


@pytest.mark.parametrize(
    ("product", "clearance", "way", "who"),
    [
        ("asset-management/fund-prices", "public, internal", "automatic", ""),
        ("asset-management/fund-prices", "internal, confidential", "owner", "asset-management-stewards"),
        ("asset-management/fund-prices", "confidential, restricted", "governance", "data-protection-office"),
        ("investment-banking/deal-pipeline", "internal", "owner", "investment-banking-stewards"),
        ("investment-banking/deal-pipeline", "restricted", "governance", "data-protection-office"),
    ],
)
def test_sensitivity_decides_who_approves(product: str, clearance: str, way: str, who: str) -> None:
    mesh, _ = deals("", clearance, product=product)
    assert ways(mesh, "deals") == {(way, who)}


def test_tables_by_name_are_judged_by_their_columns() -> None:
    fields = {"tables": "[{name: deal, columns: [deal_id, target]}]", "clearance": "{}"}
    mesh, _ = deals("", "", **fields)
    assert ways(mesh, "deals") == {("governance", "data-protection-office")}
    mesh, _ = deals("", "", **{**fields, "tables": "[{name: deal, columns: [deal_id]}]"})
    assert ways(mesh, "deals") == {("owner", "investment-banking-stewards")}


def test_what_reaches_no_product_yet_is_for_governance() -> None:
    fields = {"product": "~", "expression": "{subject: [deals], domain: [asset-management]}"}
    mesh, _ = deals("", "internal", **fields)
    assert ways(mesh, "deals") == {("governance", "data-protection-office")}


def test_every_changed_document_has_somebody_who_approves_it() -> None:
    after = variant(
        ("mesh.yaml", "deletes: 10", "deletes: 11"),
        ("lf-tags/subject.yaml", "Loans to people", "Credits to people"),
        ("accounts/analytics.yaml", "Where the", "There the"),
        ("consumers/analytics-coe/consumer.yaml", "resultsRetentionDays: 30", "resultsRetentionDays: 31"),
        ("domains/asset-management/domain.yaml", "Funds that", "All funds that"),
        (PRICES, "owner: asset-management-stewards", "owner: somebody-new"),
    )
    found = {(demand.document.kind, demand.who) for demand in demands(bank(), after)}
    assert found == {
        ("Mesh", "data-protection-office"),
        ("LFTag", "data-protection-office"),
        ("Account", "data-protection-office"),
        ("Consumer", "data-protection-office"),
        ("Domain", "asset-management-stewards"),
        ("Product", "asset-management-stewards"),
    }


def test_nothing_changed_nothing_asked() -> None:
    assert demands(bank(), bank()) == ()


def test_a_new_subscription_in_the_products_folder_asks_its_owner() -> None:
    assert owner(bank(), f"mesh/{HERE}/deal-pipeline/new.yaml") == DEALS
    assert owner(bank(), f"mesh/{HERE}/fund-prices/new.yaml") == FUNDS
    assert owner(bank(), f"mesh/{HERE}/fund-prices/automatic/new.yaml") == ""
    assert owner(bank(), f"mesh/{HERE}/new.yaml") == RULER


@pytest.mark.parametrize(
    ("place", "clearance", "product", "expected"),
    [
        ("deal-pipeline/", "internal", "investment-banking/deal-pipeline", DEALS),
        ("deal-pipeline/", "restricted", "investment-banking/deal-pipeline", RULER),
        ("deal-pipeline/", "internal, confidential", "asset-management/fund-prices", FUNDS),
        ("fund-prices/automatic/", "internal", "asset-management/fund-prices", ""),
        ("fund-prices/automatic/", "confidential", "asset-management/fund-prices", FUNDS),
        ("fund-prices/automatic/", "internal", "investment-banking/deal-pipeline", DEALS),
        ("", "internal", "investment-banking/deal-pipeline", DEALS),
    ],
)
def test_a_subscription_always_has_the_right_owner(place: str, clearance: str, product: str, expected: str) -> None:
    mesh, path = deals(place, clearance, product=product)
    assert owner(mesh, path) == expected


@pytest.mark.parametrize("place", ["deal-pipeline/", "fund-prices/automatic/", ""])
def test_whoever_takes_a_wrong_folder_changes_codeowners_which_governance_owns(place: str) -> None:
    before, right = codeowners(bank(), "mesh", TEAM), place == "deal-pipeline/"
    mesh, _ = deals(place, "internal")
    assert (codeowners(mesh, "mesh", TEAM) == before) is right
    wider, _ = deals(place, "internal, restricted")
    assert (codeowners(wider, "mesh", TEAM) == before) is (place == "")  # where governance is asked in any case
    assert owner(bank(), ".github/CODEOWNERS") == RULER


def test_documents_and_everything_else_have_owners() -> None:
    for path, who in {
        "mesh/mesh.yaml": RULER,
        "mesh/lf-tags/sensitivity.yaml": RULER,
        "mesh/accounts/new.yaml": RULER,
        "mesh/policies/new.yaml": RULER,
        "mesh/consumers/analytics-coe/consumer.yaml": RULER,
        ".github/workflows/apply.yml": RULER,
        "Makefile": RULER,
        "mesh/domains/asset-management/domain.yaml": FUNDS,
        "mesh/domains/asset-management/policies/new.yaml": FUNDS,
        f"mesh/{PRICES}": FUNDS,
    }.items():
        assert owner(bank(), path) == who


def test_owners_are_teams_users_or_addresses_and_nothing_else() -> None:
    assert TEAM.handle("stewards") == "@acme/stewards"
    assert TEAM.handle("@ada") == "@ada"
    assert TEAM.handle("@other/team") == "@other/team"
    assert TEAM.handle("ada@example.com") == "ada@example.com"
    for nobody in ("Ada Lovelace", "", "a b@c.d e", "x # comment", "ada\n* @mallory"):
        with pytest.raises(MeshformError, match="nobody at GitHub"):
            TEAM.handle(nobody)


def test_a_file_name_cannot_add_an_owner() -> None:
    path = f"{HERE}/x @mallory y.yaml"
    mesh = variant(more={path: subscription("deals", "internal")})
    with pytest.raises(MeshformError, match="CODEOWNERS"):
        codeowners(mesh, "mesh", TEAM)


@pytest.mark.parametrize("team", [Team("acme"), Team("acme", "rulers")])
def test_the_file_remembers_whom_it_was_made_for(team: Team) -> None:
    assert known_team(codeowners(bank(), "mesh", team)) == team
    assert known_team("* @somebody\n") is None


def test_the_file_of_this_repository_is_as_its_mesh_says() -> None:
    text = (Path(__file__).parents[2] / ".github" / "CODEOWNERS").read_text(encoding="utf-8")
    team = known_team(text)
    assert team is not None
    assert codeowners(bank(), "mesh", team) == text
