"""Who must approve: by sensitivity, in words and in CODEOWNERS, so that GitHub asks the right people."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import MeshformError
from reconciler.owners.approval import demands, subscription_demands
from reconciler.owners.codeowners import codeowners, known_handles
from reconciler.owners.handles import Handles
from reconciler.owners.resolve import resolver
from reconciler.spec.mesh import Mesh
from tests.estate import EXAMPLE, bank, variant
from tests.life.play import subscription
from tests.owners.changes import HERE

TEAM_OF_TWO = "apiVersion: meshform/v1\nkind: Team\nname: few\ndescription: Two.\nmembers: [ada, grace]\n"
HANDLES = Handles("acme")
DEAL, FUND = "investment-banking/deal-pipeline/", "asset-management/fund-prices/"
PRICES = "domains/asset-management/products/fund-prices.yaml"
RULER, DEALS, FUNDS = (
    "@example-bank/data-protection-office",
    "@example-bank/investment-banking-stewards",
    "@example-bank/asset-management-stewards",
)


def owner(mesh: Mesh, path: str) -> str:
    """Whom GitHub would ask about a path."""
    return " ".join(resolver(codeowners(mesh, "mesh", HANDLES)).owners(path))


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


def test_rights_beyond_reading_ask_the_owner_and_whoever_guards_what_lies_beside() -> None:
    rights = {"permissions": "[SELECT, DESCRIBE, INSERT]"}
    mesh, _ = deals("", "internal", product="asset-management/fund-prices", **rights)
    assert ways(mesh, "deals") == {("owner", "asset-management-stewards")}
    mesh, _ = deals("", "internal", **rights)
    assert ways(mesh, "deals") == {("owner", "investment-banking-stewards"), ("governance", "data-protection-office")}


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
    assert owner(bank(), f"mesh/{HERE}/{DEAL}new.yaml") == DEALS
    assert owner(bank(), f"mesh/{HERE}/{FUND}new.yaml") == FUNDS
    assert owner(bank(), f"mesh/{HERE}/{FUND}automatic/new.yaml") == ""
    assert owner(bank(), f"mesh/consumers/somebody/subscriptions/{FUND}automatic/new.yaml") == ""
    assert owner(bank(), f"mesh/{HERE}/new.yaml") == RULER


@pytest.mark.parametrize(
    ("place", "clearance", "product", "expected"),
    [
        (DEAL, "internal", "investment-banking/deal-pipeline", DEALS),
        (DEAL, "restricted", "investment-banking/deal-pipeline", RULER),
        ("else/", "internal, confidential", "asset-management/fund-prices", FUNDS),
        (f"{FUND}automatic/", "internal", "asset-management/fund-prices", ""),
        (FUND, "internal", "asset-management/fund-prices", ""),
        ("deal-pipeline/", "internal", "investment-banking/deal-pipeline", DEALS),
        ("fund-prices/", "internal, confidential", "asset-management/fund-prices", FUNDS),
        ("", "internal", "investment-banking/deal-pipeline", DEALS),
    ],
)
def test_a_subscription_always_has_the_right_owner(place: str, clearance: str, product: str, expected: str) -> None:
    mesh, path = deals(place, clearance, product=product)
    assert owner(mesh, path) == expected


@pytest.mark.parametrize("who", ["asset-management-stewards", "flows"])
@pytest.mark.parametrize("rule", ["{mode: automatic}", "{mode: owner, automaticUpTo: internal}", "{mode: owner}"])
@pytest.mark.parametrize("place", [FUND, "fund-prices/"])
def test_a_folder_is_right_for_what_is_put_there_later(who: str, rule: str, place: str) -> None:
    """GitHub reads the file as it was before. Nothing of a folder of its own that nobody uses yet is known."""
    first, later = (f"{HERE}/{place}{name}.yaml" for name in ("first", "later"))
    edits = [
        (PRICES, "approval: {mode: owner, automaticUpTo: internal}", f"approval: {rule}"),
        (PRICES, "owner: asset-management-stewards", f"owner: {who}"),
    ]
    asked = {"product": "asset-management/fund-prices"}
    there = {first: subscription("first", "confidential", **asked)}
    before = variant(*edits, more=there)
    after = variant(*edits, more={**there, later: subscription("later", "confidential", **asked)})
    wanted = {one for way, owner in ways(after, "later") if way != "automatic" for one in HANDLES.of(after, owner)}
    assert set(owner(before, f"mesh/{later}").split()) == wanted
    assert wanted == (set() if "automatic}" in rule else {*HANDLES.of(after, who)})


def test_a_contract_is_whose_the_product_is_that_is_made_by_it() -> None:
    path, contract = PRICES, "domains/asset-management/contracts/funds.odcs.yaml"
    text = (EXAMPLE / PRICES).read_text(encoding="utf-8")
    columns = text[text.index("    columns:\n") : text.index("freshness:")]
    body = "apiVersion: v3.1.0\nkind: DataContract\nid: f\nversion: 1.0.0\nstatus: active\nschema:\n"
    body += "  - {name: fund_price, properties: [{name: isin, logicalType: string}]}\n"
    said = (path, columns, "    contract: ../contracts/funds.odcs.yaml\n")
    assert owner(variant(said, more={contract: body}), f"mesh/{contract}") == FUNDS
    other = variant(said, (path, "owner: asset-management-stewards", "owner: flows"), more={contract: body})
    assert owner(other, f"mesh/{contract}") == owner(other, f"mesh/{path}") == "@acme/flows"


@pytest.mark.parametrize("folder", ["", "/", "a/mesh", "/a/mesh/", "X/meshX"])
def test_the_folder_of_the_mesh_is_all_that_its_place_changes(folder: str) -> None:
    root = f"/{folder.strip('/')}" if folder.strip("/") else ""
    assert codeowners(bank(), folder, HANDLES) == codeowners(bank(), "mesh", HANDLES).replace("\n/mesh/", f"\n{root}/")


def test_of_several_owners_all_are_asked() -> None:
    fields = {"product": "~", "expression": "{domain: [investment-banking, consumer-banking]}"}
    mesh, path = deals("", "internal", **fields)
    assert owner(mesh, path).split() == ["@example-bank/consumer-banking-stewards", DEALS]


def test_an_automatic_folder_takes_only_what_asks_nobody() -> None:
    path = f"{HERE}/{FUND}automatic/deals.yaml"
    fields = {"product": "asset-management/fund-prices"}
    variant(more={path: subscription("deals", "internal", **fields)})
    for wrong in (
        subscription("deals", "internal, confidential", **fields),
        subscription("deals", "internal", **fields, permissions="[SELECT, DESCRIBE, INSERT]"),
        subscription("deals", "internal"),
    ):
        with pytest.raises(AssertionError, match="asks-somebody"):
            variant(more={path: wrong})


@pytest.mark.parametrize("place", ["asset-management/", "asset-management/fund-prices/", "fund-prices/"])
def test_nobody_chooses_another_owner_by_the_folder(place: str) -> None:
    with pytest.raises(AssertionError, match="asks-somebody-else"):
        deals(place, "internal")


def test_a_new_product_leaves_the_file_as_it_is() -> None:
    before = codeowners(bank(), "mesh", HANDLES)
    text = (EXAMPLE / PRICES).read_text(encoding="utf-8")
    text = text.replace("fund-prices", "fund-flows").replace("fund_price", "fund_flow")
    mesh = variant(more={PRICES.replace("fund-prices", "fund-flows"): text})
    assert "fund-flows" in mesh.products
    assert codeowners(mesh, "mesh", HANDLES) == before
    other = variant(
        more={PRICES.replace("fund-prices", "fund-flows"): text.replace("asset-management-stewards", "flows")}
    )
    assert owner(other, f"mesh/{PRICES.replace('fund-prices', 'fund-flows')}") == "@acme/flows"


@pytest.mark.parametrize("place", [DEAL, "else/", ""])
def test_whoever_takes_a_wrong_folder_changes_codeowners_which_governance_owns(place: str) -> None:
    before, right = codeowners(bank(), "mesh", HANDLES), place == DEAL
    mesh, _ = deals(place, "internal")
    assert (codeowners(mesh, "mesh", HANDLES) == before) is right
    wider, _ = deals(place, "internal, restricted")
    assert (codeowners(wider, "mesh", HANDLES) == before) is (place != DEAL)  # where governance is asked in any case
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


def test_owners_are_documents_teams_users_or_addresses_and_nothing_else() -> None:
    mesh = variant(more={"teams/few.yaml": TEAM_OF_TWO})
    assert HANDLES.of(mesh, "data-protection-office") == ("@example-bank/data-protection-office",)
    assert HANDLES.of(mesh, "few") == ("@ada", "@grace")
    assert HANDLES.of(mesh, "stewards") == ("@acme/stewards",)
    for handle in ("@ada", "@other/team", "ada@example.com"):
        assert HANDLES.of(mesh, handle) == (handle,)
    for nobody in ("Ada Lovelace", "", "a b@c.d e", "x # comment", "ada\n* @mallory"):
        with pytest.raises(MeshformError, match="nobody at the forge"):
            HANDLES.of(mesh, nobody)


def test_a_file_name_cannot_add_an_owner() -> None:
    path = f"{HERE}/x @mallory y.yaml"
    mesh = variant(more={path: subscription("deals", "internal")})
    with pytest.raises(MeshformError, match="CODEOWNERS"):
        codeowners(mesh, "mesh", HANDLES)


@pytest.mark.parametrize("handles", [Handles("acme"), Handles("acme", "rulers")])
def test_the_file_remembers_whom_it_was_made_for(handles: Handles) -> None:
    assert known_handles(codeowners(bank(), "mesh", handles)) == handles
    assert known_handles("* @somebody\n") is None


def test_the_file_of_this_repository_is_as_its_mesh_says() -> None:
    text = (Path(__file__).parents[2] / ".github" / "CODEOWNERS").read_text(encoding="utf-8")
    team = known_handles(text)
    assert team is not None
    assert codeowners(bank(), "mesh", team) == text
