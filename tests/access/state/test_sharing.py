"""Across accounts: direct ∪ (what the account received ∩ what it passed on), organizations, acceptance, links."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.access.evaluation.grant_paths import links
from reconciler.model.lakeformation import ALL_TABLES, OnDatabase, Target
from tests.access.building import (
    ANN,
    BOB,
    CONSUMER,
    EVE,
    GROUP,
    ORGANIZATION,
    OTHER,
    OWNER,
    WORLD,
    T,
    accepted,
    access,
    admins,
    by_filter,
    columns,
    everything,
    give,
    link,
    named,
    on,
    row_filter,
    seen,
    table,
    tag,
    where,
)

UNIT = f"arn:aws:organizations::{OWNER}:ou/o-abcdefghij/ou-ab12-cdefghij"
MEMBER = replace(WORLD, organizations={CONSUMER: "o-abcdefghij"})
TOGETHER = replace(WORLD, organizations={CONSUMER: "o-abcdefghij", OWNER: "o-abcdefghij"})


def test_an_account_share_alone_is_read_by_nobody() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-prereqs.html"""
    assert on(BOB, table(), give(CONSUMER, named()), accepted()).is_nothing


def test_a_grant_in_the_account_alone_opens_nothing() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/granting-catalog-perms-TBAC.html"""
    assert on(BOB, table(), give(BOB, named(), by=CONSUMER), accepted()).is_nothing


def test_what_was_received_and_passed_on_is_read() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html"""
    found = on(BOB, table(), give(CONSUMER, named()), give(BOB, named(), by=CONSUMER), accepted())
    assert seen(found) == everything("a", "b", "c")


def test_of_columns_the_common_ones_are_read() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html"""
    parts = [table(), give(CONSUMER, columns("a", "b")), accepted()]
    assert seen(on(BOB, *parts, give(BOB, named(), by=CONSUMER))) == everything("a", "b")
    assert seen(on(BOB, *parts, give(BOB, columns("b", "c"), by=CONSUMER))) == everything("b")


def test_of_rows_those_are_read_that_both_filters_show() -> None:
    """The example dept='hr' AND country='us' of the page.

    https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html
    """
    filters = [row_filter("f", "a = 'hr'"), row_filter("g", "b = 'us'")]
    found = on(
        BOB, table(), *filters, give(CONSUMER, by_filter("f")), give(BOB, by_filter("g"), by=CONSUMER), accepted()
    )
    assert seen(found) == dict.fromkeys("abc", "(a = 'hr') AND (b = 'us')")


def test_of_permissions_the_common_ones_are_held() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html"""
    parts = [table(), give(CONSUMER, named(), "SELECT", "INSERT"), accepted()]
    assert on(BOB, *parts, give(BOB, named(), "INSERT", "DELETE", by=CONSUMER)).permissions == ("DESCRIBE", "INSERT")


def test_select_on_different_columns_is_no_select() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html"""
    parts = [table(), give(CONSUMER, columns("a")), give(BOB, columns("b"), by=CONSUMER), accepted()]
    found = on(BOB, *parts)
    assert (found.permissions, seen(found)) == (("DESCRIBE",), {})


def test_tag_policies_and_names_meet_on_the_table() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/granting-catalog-perms-TBAC.html"""
    parts = [table(), tag("db.t.a", level="low"), tag("db.t.b", level="low"), give(CONSUMER, where(level="low"))]
    assert seen(on(BOB, *parts, accepted(), give(BOB, named(), by=CONSUMER))) == everything("a", "b")


def test_direct_grants_need_no_share() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html"""
    found = on(BOB, table(), give(BOB, columns("a")), accepted())
    assert (found.verdict, seen(found)) == ("enforced", everything("a"))


def test_whether_a_direct_grant_waits_for_acceptance_is_unknown() -> None:
    """The page speaks of invitations to accounts only.

    https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html
    """
    found = on(BOB, table(), give(BOB, columns("a")))
    assert (found.verdict, seen(found), [*found.possible]) == ("unknown", {}, ["a"])
    assert on(BOB, table(), give(BOB, columns("a")), directory=TOGETHER).verdict == "enforced"


def test_direct_grants_and_the_share_add_up() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html"""
    shared = [*give(CONSUMER, columns("b")), *give(BOB, named(), by=CONSUMER)]
    assert seen(on(BOB, table(), give(BOB, columns("a")), shared, accepted())) == everything("a", "b")


def test_a_share_that_is_not_accepted_is_not_visible() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/accepting-ram-invite.html"""
    assert on(BOB, table(), give(CONSUMER, named()), give(BOB, named(), by=CONSUMER)).is_nothing


def test_a_share_within_an_organization_needs_no_acceptance() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html"""
    parts = [table(), give(CONSUMER, named()), give(BOB, named(), by=CONSUMER)]
    assert seen(on(BOB, *parts, directory=TOGETHER)) == everything("a", "b", "c")
    assert on(BOB, *parts, directory=MEMBER).is_nothing


def test_a_share_within_an_organization_that_has_not_arrived_makes_the_answer_unknown() -> None:
    """An association takes its time there, too.

    https://docs.aws.amazon.com/ram/latest/APIReference/API_ResourceShareAssociation.html
    """
    parts = [table(), accepted(pending=True)]
    shared = [*give(CONSUMER, named()), *give(BOB, named(), by=CONSUMER)]
    assert on(BOB, *parts, shared, directory=TOGETHER).verdict == "unknown"
    assert on(BOB, *parts, give(BOB, named()), directory=TOGETHER).verdict == "unknown"


def test_an_invitation_that_waits_makes_the_answer_unknown() -> None:
    """Which grants are in the share that waits is not read.

    https://docs.aws.amazon.com/lake-formation/latest/dg/accepting-ram-invite.html
    """
    found = on(BOB, table(), give(CONSUMER, named()), give(BOB, named(), by=CONSUMER), accepted(pending=True))
    assert found.verdict == "unknown"
    assert "has not accepted every share" in found.reasons[0]


@pytest.mark.parametrize(
    ("grant", "arrived", "waiting", "certain"),
    [
        (named(), {"db/t"}, {"db/u"}, True),
        (named(), {"db/t"}, {"*/*"}, True),
        (named(), {"db/t"}, {""}, True),
        (named(), {"db/t"}, {"db/*"}, False),
        (named(), {"db/u"}, {"other/t"}, False),
        (named(), set(), {"db/u"}, False),
        (named(), {"db/u"}, {"db/t"}, False),
        (named(ALL_TABLES), {"db/*"}, {"db/t"}, True),
        (named(ALL_TABLES), {"db/t"}, {"db/u"}, False),
        (where(x="1"), {"*/*"}, {"db/u"}, True),
        (where(x="1"), {"*/*"}, {"db/t"}, False),
        (where(x="1"), {"*/*", "db/t"}, {"*/*"}, False),
        (where(x="1"), {"*/*"}, {""}, False),
        (where(x="1"), {"db/t"}, {"db/u"}, True),
    ],
)
def test_what_a_share_that_waits_does_not_carry_is_not_in_doubt(
    grant: Target, arrived: set[str], waiting: set[str], certain: bool
) -> None:
    """Shares list what they carry: https://docs.aws.amazon.com/ram/latest/APIReference/API_ResourceShareAssociation.html"""
    parts = [table(), tag("db", x="1"), give(CONSUMER, grant), give(BOB, grant, by=CONSUMER)]
    found = on(BOB, *parts, accepted(pending=True, arrived=arrived, waiting=waiting))
    assert (found.verdict == "enforced", bool(found.columns)) == (certain, certain)
    assert [*found.possible] == ["a", "b", "c"]


def test_what_waits_is_may_though_the_same_is_read_already() -> None:
    """Two grants on one table: by one of them it is surely read, by the other perhaps in more rows."""
    parts = [table(), row_filter("f", "a = 1"), give(BOB, named(), by=CONSUMER)]
    shares = [give(CONSUMER, by_filter("f")), give(CONSUMER, named(ALL_TABLES))]
    found = on(BOB, *parts, *shares, accepted(pending=True, arrived={"db/t"}, waiting={"db/*"}))
    assert seen(found) == {}
    found = on(BOB, *parts, *shares, accepted(pending=True, arrived={"db/*"}, waiting={"db/t"}))
    assert (found.verdict, seen(found)) == ("enforced", everything("a", "b", "c"))


def test_a_share_is_for_its_account_only() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html"""
    parts = [table(), give(CONSUMER, named()), accepted(), accepted(OTHER)]
    assert on(EVE, *parts, give(EVE, named(), by=OTHER)).is_nothing
    assert on(EVE, *parts, give(EVE, named(), by=CONSUMER)).is_nothing
    assert on(ANN, *parts, give(ANN, named(), by=CONSUMER)).is_nothing


def test_a_share_with_an_organization_reaches_its_accounts() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html"""
    parts = [table(), give(ORGANIZATION, named()), give(BOB, named(), by=CONSUMER)]
    assert seen(on(BOB, *parts, directory=MEMBER)) == everything("a", "b", "c")
    assert on(BOB, *parts, directory=WORLD).is_nothing
    assert on(BOB, *parts, directory=replace(WORLD, organizations={CONSUMER: "o-abcdefghi"})).is_nothing


def test_whether_an_account_belongs_to_a_unit_is_unknown() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html"""
    parts = [table(), give(UNIT, named()), give(BOB, named(), by=CONSUMER)]
    found = on(BOB, *parts, directory=MEMBER)
    assert (found.verdict, len(found.reasons)) == ("unknown", 1)
    assert (seen(found), [*found.possible]) == ({}, ["a", "b", "c"])
    assert on(BOB, *parts, directory=WORLD).is_nothing


def test_iam_principals_of_an_account_are_its_users_and_roles() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html"""
    everybody = give(f"{OWNER}:IAMPrincipals", columns("a"))
    assert seen(on(ANN, table(), everybody, give(ANN, columns("b")))) == everything("a", "b")
    assert on(BOB, table(), everybody).is_nothing
    theirs = give(f"{CONSUMER}:IAMPrincipals", columns("a"))
    assert seen(on(BOB, table(), accepted(), theirs)) == everything("a")


def test_an_account_may_pass_on_to_all_its_iam_principals() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html"""
    local = give(f"{CONSUMER}:IAMPrincipals", named(), by=CONSUMER)
    assert seen(on(BOB, table(), give(CONSUMER, columns("a")), local, accepted())) == everything("a")


def test_grants_to_identity_center_across_accounts_are_unknown() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/identity-center-lf-notes.html"""
    found = on(GROUP, table(), give(CONSUMER, named()), give(GROUP, named(), by=CONSUMER), accepted())
    assert found.verdict == "unknown"
    assert on(GROUP, table(), give(GROUP, named())).verdict == "enforced"


@pytest.mark.parametrize(("sees", "names"), [((), []), ((BOB,), ["rl_db"])])
def test_a_link_shows_only_to_those_who_may_describe_it(sees: tuple[str, ...], names: list[str]) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/resource-links-about.html"""
    described = [each for who in sees for each in give(who, OnDatabase(CONSUMER, "rl_db"), "DESCRIBE", by=CONSUMER)]
    found = access(table(), link(), described)
    assert [each.name for each in links(found, BOB, T)] == names


@pytest.mark.parametrize(("region", "leads"), [("", True), ("eu-west-1", True), ("us-east-1", False)])
def test_a_link_leads_to_its_own_region_unless_it_names_another(region: str, leads: bool) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/data-access-across-region.html"""
    here = link()
    found = access(table(), replace(here, spec=replace(here.spec, region=region)))
    assert bool(links(found, BOB, T, seen=False)) == leads


def test_a_grant_on_a_link_opens_nothing_of_its_target() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/resource-links-about.html"""
    described = give(BOB, OnDatabase(CONSUMER, "rl_db"), "DESCRIBE", by=CONSUMER)
    assert on(BOB, table(), link(), described, give(CONSUMER, named()), accepted()).is_nothing


def test_administrators_read_nothing_but_may_grant_themselves() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html"""
    found = access(table(), admins(OWNER, ANN))
    assert found.on(ANN, T).is_nothing
    assert found.self_granters(T) == (ANN,)
