"""Whoever may newly let others read is told with what; an account as a whole as far as nobody named there has it."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.access import AccessDifference, AccessEntry, difference
from reconciler.model.lakeformation import OnDatabase, OnLocation, OnTag, OnTagPolicy, Target, expression
from reconciler.model.resource import AnyResource
from tests.access.building import (
    ANN,
    BOB,
    CONSUMER,
    EVE,
    GROUP,
    ORGANIZATION,
    OTHER,
    OWNER,
    Parts,
    accepted,
    access,
    by_filter,
    columns,
    give,
    named,
    row_filter,
    table,
    tag,
    where,
)

WHOLES = (CONSUMER, OTHER, ORGANIZATION)
ROLES = (ANN, BOB, EVE, GROUP)
TARGETS: tuple[Target, ...] = (named(), named("*"), columns("a"), columns("b", excluded=True), where(level="low"))
RIGHTS = ("SELECT", "INSERT", "ALTER", "ALL")
HERE: Parts = [table(), tag("db.t", level="low"), row_filter("f", "a = 1", "a b"), accepted(CONSUMER), accepted(OTHER)]


def changed(before: list[AnyResource], after: list[AnyResource]) -> AccessDifference:
    return difference(access(*HERE, before), access(*HERE, after))


def told(found: AccessDifference, principal: str) -> list[AccessEntry]:
    return [each for each in found.passed_on if each.principal == principal]


def option(principal: str, target: Target, right: str) -> list[AnyResource]:
    return give(principal, target, right, grantable=True)


def takes(target: Target, right: str) -> bool:
    """Whether Lake Formation takes such a grant, and it is more than to see the table."""
    return right == "SELECT" or target in (named(), named("*"), where(level="low"))


CASES = [
    (principal, target, right, was)
    for principal, target, right, was in product((*WHOLES, *ROLES), TARGETS, RIGHTS, ("nothing", "without"))
    if takes(target, right)
]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CASES), st.sampled_from(CASES))
def test_every_grant_with_the_option_is_told(
    case: tuple[str, Target, str, str], beside: tuple[str, Target, str, str]
) -> None:
    principal, target, right, was = case
    before = [] if was == "nothing" else give(principal, target, right)
    # Others who get something at the same time hide nobody, unless they are of his account.
    others = option(*beside[:3]) if principal not in WHOLES or beside[0] in (ANN, ORGANIZATION) else []
    found = told(changed(before, [*option(principal, target, right), *others]), principal)
    assert found, "it is told"
    reads = {name for each in found for name in each.columns}
    if right in ("SELECT", "ALL"):
        assert reads, "with its columns"
    else:
        assert right in {name for each in found for name in each.permissions}


@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_what_is_given_without_the_option_to_people_is_not_passed_on(target: Target) -> None:
    assert changed([], give(BOB, target)).passed_on == ()


@pytest.mark.parametrize("target", TARGETS, ids=str)
@pytest.mark.parametrize("direct", [True, False])
def test_a_share_that_only_carries_what_somebody_named_reads_is_not_told(target: Target, direct: bool) -> None:
    reader = give(BOB, target, by=OWNER if direct else CONSUMER)
    assert changed([], [*option(CONSUMER, target, "SELECT"), *reader]).passed_on == ()
    # He may have had it before, in vain.
    assert changed(reader, [*option(CONSUMER, target, "SELECT"), *reader]).passed_on == ()


@pytest.mark.parametrize("reads", [give(EVE, named()), give(ANN, named())], ids=["another account", "the owner"])
def test_only_those_of_the_account_carry_its_share(reads: list[AnyResource]) -> None:
    assert told(changed([], [*option(CONSUMER, named(), "SELECT"), *reads]), CONSUMER)


def test_of_an_account_only_what_nobody_has_is_told() -> None:
    share = option(CONSUMER, named(), "SELECT")
    (some,) = changed([], [*share, *give(BOB, columns("a"), by=CONSUMER)]).passed_on
    assert some.columns == ("b", "c")
    (rows,) = changed([], [*share, *give(BOB, by_filter("f"), by=CONSUMER)]).passed_on
    assert rows.columns == ("a", "b", "c"), "he reads some rows only"
    writes = option(CONSUMER, named(), "INSERT")
    (more,) = changed([], [*share, *writes, *give(BOB, named(), by=CONSUMER)]).passed_on
    assert (more.columns, more.permissions, more.change) == ((), ("INSERT",), "permissions")


def test_an_organization_is_told_whoever_reads() -> None:
    found = changed([], [*option(ORGANIZATION, named(), "SELECT"), *give(BOB, named(), by=CONSUMER)])
    assert [each.columns for each in told(found, ORGANIZATION)] == [("a", "b", "c")]


THINGS = (OnDatabase(OWNER, "db"), OnTagPolicy(OWNER, "DATABASE", expression({"level": ("low",)})))


def test_to_see_a_database_and_tags_comes_with_every_share_of_an_account() -> None:
    tags = option(CONSUMER, OnTag(OWNER, "level", "low"), "ASSOCIATE")
    seen = option(CONSUMER, THINGS[0], "DESCRIBE")
    assert changed([], [*tags, *seen, *option(CONSUMER, named(), "DESCRIBE")]).passed_on == ()
    assert told(changed([], option(BOB, THINGS[0], "DESCRIBE")), BOB), "a role needs none of it"


@pytest.mark.parametrize(
    ("thing", "right"),
    [(THINGS[0], "CREATE_TABLE"), (OnLocation(OWNER, "arn:aws:s3:::lake/t"), "DATA_LOCATION_ACCESS")],
)
def test_rights_on_other_things_are_told_unless_somebody_of_the_account_has_them(thing: Target, right: str) -> None:
    share = option(CONSUMER, thing, right)
    (entry,) = changed([], share).passed_on
    assert right in entry.permissions[0]
    assert changed([], [*share, *give(BOB, thing, right, by=CONSUMER)]).passed_on == ()
    (mine,) = told(changed([], option(BOB, thing, right)), BOB)
    assert mine.thing


def test_a_table_that_comes_under_an_option_by_tags_is_told() -> None:
    by_tags = option(ANN, where(level="high"), "SELECT")
    assert changed(by_tags, by_tags).passed_on == ()
    (entry,) = changed(by_tags, [*by_tags, *tag("db.t.b", level="high")]).passed_on
    assert (entry.principal, entry.columns) == (ANN, ("b",))
