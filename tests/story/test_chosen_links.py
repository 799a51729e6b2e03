"""A consumer chooses the name of a link: it replaces the usual one, its reader loses nothing, and drift stays none."""

from __future__ import annotations

from reconciler.bootstrap.scopes import scope
from tests.estate import ANALYTICS, CENTRAL, Estate, bank, variant, wave_of

CHOSEN = variant(
    ("consumers/analytics-coe/consumer.yaml", "notify:", "links: {credit-profile: credit_of_bank}\nnotify:")
)
READER = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/data-scientist"


def links(estate: Estate) -> dict[str, str]:
    """The links of the consumer's account and where they lead."""
    found = estate.client("glue", ANALYTICS).get_databases(CatalogId=ANALYTICS)["DatabaseList"]
    return {row["Name"]: row["TargetDatabase"]["DatabaseName"] for row in found if "TargetDatabase" in row}


def test_the_chosen_name_takes_the_place_of_the_usual_one(built: Estate) -> None:
    assert links(built) == {"rl_credit-card": "credit-card"}
    built.repair(CHOSEN)
    assert links(built) == {"credit_of_bank": "credit-card"}
    assert list(built.plan(CHOSEN).steps) == []
    lake = built.aws.world.lakeformation
    assert lake.read_access(READER, CENTRAL, "credit-card", "credit_card").columns
    built.repair(bank())
    assert links(built).get("rl_credit-card") == "credit-card"


def test_links_into_hybrid_domains_have_chosen_names_too(estate: Estate) -> None:
    hybrid = ("domains/consumer-banking/domain.yaml", "account:", "hybrid: true\naccount:")
    chosen = ("consumers/analytics-coe/consumer.yaml", "notify:", "links: {credit-profile: credit_of_bank}\nnotify:")
    mesh = variant(hybrid, chosen)
    plan = estate.plan(mesh)
    waves = wave_of(plan)
    link = next(each for each in waves if each.kind == "resource-link" and each.name == "credit_of_bank")
    seen = [each for each in waves if each.kind == "grant" and "credit_of_bank to" in each.name]
    opted = [each for each in waves if each.kind == "opt-in" and each.placement.account == ANALYTICS]
    assert opted
    assert seen
    assert all(
        waves[link] < waves[grant] < waves[each] for grant in seen for each in opted if READER in str(grant) + str(each)
    )
    estate.repair(mesh)
    assert links(estate) == {"credit_of_bank": "credit-card"}
    estate.repair(variant(hybrid))
    assert links(estate)["rl_credit-card"] == "credit-card"
    # A link carries no mark: what was chosen before is told, and left to people.
    told = {each.resource.address.name: each.reason for each in estate.plan(variant(hybrid)).foreign}
    assert "not ours" in told["credit_of_bank"]


def test_the_apply_role_may_make_the_chosen_link_and_no_other_name() -> None:
    named = scope(CHOSEN, CHOSEN.accounts["analytics"], "glue:CreateDatabase").resources
    assert any(name.endswith(":database/credit_of_bank") for name in named)
    assert not any(name.endswith(":database/*") for name in named)
