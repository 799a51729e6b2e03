"""A link stands for one database of the central catalog; it is made anew rather than turned elsewhere."""

from __future__ import annotations

from reconciler.kinds.glue.resource_link import ResourceLink, ResourceLinkKind, address
from reconciler.model.resource import Resource, Snapshot
from reconciler.plan.scope import land_of
from tests.estate import ANALYTICS, BANKING, CENTRAL, MARKETS, bank, cell, specs, variant

KIND = ResourceLinkKind()


def link(name: str, database: str, catalog: str = CENTRAL) -> Resource[ResourceLink]:
    return Resource(address(cell(ANALYTICS), name), ResourceLink(catalog, database))


def test_producers_and_subscribers_have_links() -> None:
    wanted = {(want.address.cell.account, want.address.name) for want in KIND.desired(bank())}
    assert wanted == {
        (BANKING, "rl_credit-card"),
        (BANKING, "rl_fund-prices"),
        (MARKETS, "rl_deal-pipeline"),
        (ANALYTICS, "rl_credit-card"),
    }


def test_the_central_account_needs_no_link_to_itself() -> None:
    mesh = variant(
        ("consumers/analytics-coe/consumer.yaml", "account: analytics", "account: central"),
        ("accounts/central.yaml", "parts: [central]", "parts: [central, consumer]"),
    )
    assert CENTRAL not in {want.address.cell.account for want in KIND.desired(mesh)}


def test_a_link_that_points_elsewhere_is_made_anew() -> None:
    calls = KIND.update(link("rl_credit-card", "theirs"), link("rl_credit-card", "credit-card"))
    assert [call.operation for call in calls] == ["DeleteDatabase", "CreateDatabase"]
    assert "glue:UpdateDatabase" not in KIND.writes


def test_only_links_of_our_name_to_our_databases_are_ours() -> None:
    land = land_of(bank(), Snapshot([*specs("database").values()]), Snapshot())
    assert KIND.claim(link("rl_credit-card", "credit-card"), land).ours
    assert not KIND.claim(link("my_credit", "credit-card"), land).ours
    assert KIND.claim(link("my_credit", "credit-card"), land).shown
    assert not KIND.claim(link("rl_theirs", "theirs"), land).ours
    assert not KIND.claim(link("rl_credit-card", "credit-card", "999999999999"), land).ours


def test_a_link_to_a_database_that_is_gone_is_shown() -> None:
    found = Snapshot([*specs("database").values()])
    claim = KIND.claim(link("rl_gone", "gone"), land_of(bank(), Snapshot(), found))
    assert (claim.ours, claim.shown, claim.reason) == (False, True, "a link to a database that is gone")
    unseen = land_of(bank(), Snapshot(), Snapshot())
    assert not KIND.claim(link("rl_gone", "gone"), unseen).shown
