"""A link stands for one database of the central catalog; it is made anew rather than turned elsewhere."""

from __future__ import annotations

from reconciler.aws.reader import AwsReader
from reconciler.kinds import addresses
from reconciler.kinds.glue.resource_link import ResourceLink, ResourceLinkKind
from reconciler.kinds.territory import ownership_of
from reconciler.model.resource import Resource, Snapshot
from tests.estate import ANALYTICS, BANKING, CENTRAL, MARKETS, Estate, bank, placement, specs, variant

KIND = ResourceLinkKind()


def link(name: str, database: str, catalog: str = CENTRAL) -> Resource[ResourceLink]:
    return Resource(addresses.resource_link(placement(ANALYTICS), name), ResourceLink(catalog, database))


def test_producers_and_subscribers_have_links() -> None:
    wanted = {(want.address.placement.account, want.address.name) for want in KIND.desired(bank())}
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
    assert CENTRAL not in {want.address.placement.account for want in KIND.desired(mesh)}


def test_a_link_that_points_elsewhere_is_made_anew() -> None:
    calls = KIND.update(link("rl_credit-card", "theirs"), link("rl_credit-card", "credit-card"))
    assert [call.operation for call in calls] == ["GrantPermissions", "DeleteDatabase", "CreateDatabase"]
    assert "glue:UpdateDatabase" not in KIND.writes


def test_only_links_of_our_name_to_our_databases_are_ours() -> None:
    ownership = ownership_of(bank(), Snapshot([*specs("database").values()]), Snapshot())
    assert KIND.owner(link("rl_credit-card", "credit-card"), ownership).is_ours
    assert not KIND.owner(link("my_credit", "credit-card"), ownership).is_ours
    assert KIND.owner(link("my_credit", "credit-card"), ownership).note
    assert not KIND.owner(link("rl_theirs", "theirs"), ownership).is_ours
    assert not KIND.owner(link("rl_credit-card", "credit-card", "999999999999"), ownership).is_ours


def test_a_link_to_a_database_that_is_gone_is_shown() -> None:
    found = Snapshot([*specs("database").values()])
    owner = KIND.owner(link("rl_gone", "gone"), ownership_of(bank(), Snapshot(), found))
    assert (owner.is_ours, owner.note) == (False, "a link to a database that is gone")
    unseen = ownership_of(bank(), Snapshot(), Snapshot())
    assert not KIND.owner(link("rl_gone", "gone"), unseen).note


def test_a_link_that_another_role_made_is_dropped_too(built: Estate) -> None:
    """The name of the apply role may change, and a link is its maker's: others are refused without DROP."""
    maker = KIND.observe(AwsReader(built.sessions), placement(ANALYTICS), bank())
    assert {each.spec.maker for each in maker} == {f"arn:aws:iam::{ANALYTICS}:role/OrganizationAccountAccessRole"}
    (have,) = [each for each in built.look().found.of(ResourceLink) if each.address.placement.account == ANALYTICS]
    grant, drop = KIND.delete(have)
    assert grant.params["Permissions"] == ["DROP"]
    assert grant.params["Principal"]["DataLakePrincipalIdentifier"] == have.spec.maker
    assert drop.operation == "DeleteDatabase"
    bare = variant(without=("consumers/",))
    built.repair(bare)
    built.repair()
