"""What an account passed on is void only where it is certain that it is given nothing of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.kinds import addresses
from reconciler.kinds.lakeformation.grant import VOID, GrantKind
from reconciler.kinds.lakeformation.shares import Shares
from reconciler.kinds.lakeformation.stuck_lists import Stuck
from reconciler.kinds.territory import ownership_of
from reconciler.model.lakeformation import (
    Grant,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnTable,
    OnTag,
    OnTagPolicy,
    Target,
    expression,
)
from reconciler.model.read_scope import ReadScope
from reconciler.model.resource import Gap, Observation, Resource, Snapshot
from tests.estate import ANALYTICS, BANKING, CENTRAL, bank, placement, specs
from tests.grants import atom

ANALYST = f"arn:aws:iam::{ANALYTICS}:role/analyst"
LOANS = OnTable(CENTRAL, "credit-card", "credit_card")
DURATION = OnColumns(CENTRAL, "credit-card", "credit_card", ("duration",))
FUNDS = OnTable(CENTRAL, "fund-prices", "fund_price")
DATABASE = OnDatabase(CENTRAL, "credit-card")
EVERYTHING = "arn:aws:organizations::111111111111:organization/o-bank"


def policy(product: str) -> OnTagPolicy:
    return OnTagPolicy(CENTRAL, "TABLE", expression({"product": [product]}))


def shared(target: Target, to: str = ANALYTICS) -> Resource[Grant]:
    return atom(Grant(to, target, "SELECT", grantable=True))


def is_void(
    passed_on: Target,
    *given: Resource[Grant],
    wanted: tuple[Resource[Grant], ...] = (),
    account: str = ANALYTICS,
    gaps: tuple[Gap, ...] = (),
    read_scope: ReadScope | None = None,
) -> bool:
    have = atom(Grant(ANALYST, passed_on, "SELECT"), account)
    stuck = Shares(bank(), Snapshot(wanted), Observation(Snapshot(given), gaps, read_scope)).stuck(have)
    return stuck is not None and stuck.is_void


@pytest.mark.parametrize("passed_on", [LOANS, DURATION, DATABASE, policy("credit-profile")])
def test_of_nothing_that_is_given_nothing_is_passed_on(passed_on: Target) -> None:
    assert is_void(passed_on)
    assert is_void(passed_on, shared(passed_on, BANKING)), "another account has it"
    assert is_void(passed_on, shared(FUNDS)), "it is about something else"
    assert is_void(passed_on, shared(policy("fund-prices")))


@pytest.mark.parametrize("passed_on", [LOANS, DURATION, DATABASE, policy("credit-profile")])
@pytest.mark.parametrize(
    "given",
    [
        *(shared(target) for target in (LOANS, DURATION, DATABASE, policy("credit-profile"), policy("*"))),
        shared(OnTagPolicy(CENTRAL, "TABLE", expression({"sensitivity": ["internal"]}))),
        shared(LOANS, EVERYTHING),
    ],
)
def test_what_may_be_given_of_it_now_or_by_the_mesh_keeps_it_alive(passed_on: Target, given: Resource[Grant]) -> None:
    assert not is_void(passed_on, given)
    assert not is_void(passed_on, wanted=(given,))


def test_by_lf_tags_is_taken_back_what_was_passed_on_by_them_and_nothing_else() -> None:
    may_describe = atom(Grant(ANALYTICS, OnTag(CENTRAL, "product", "credit-profile"), "DESCRIBE", grantable=True))
    assert not is_void(policy("credit-profile"), may_describe)
    assert is_void(policy("fund-prices"), may_describe)
    assert is_void(LOANS, may_describe)


def test_what_was_not_seen_as_a_whole_says_nothing() -> None:
    assert not is_void(LOANS, gaps=(Gap(addresses.GRANT, placement(CENTRAL), "denied"),))
    assert is_void(LOANS, gaps=(Gap(addresses.GRANT, placement(BANKING), "denied"),))
    assert not is_void(LOANS, read_scope=ReadScope("main", {(addresses.GRANT, placement(CENTRAL)): None}))


TWO = OnColumns(CENTRAL, "credit-card", "credit_card", ("duration", "purpose"))
OTHERS = (
    OnColumns(CENTRAL, "credit-card", "another", ("duration", "purpose")),
    OnTable(CENTRAL, "credit-card", "another"),
    OnFilter(CENTRAL, "credit-card", "another", "some"),
)
ANY_COLUMN = (
    LOANS,
    DATABASE,
    policy("credit-profile"),
    OnTable(CENTRAL, "credit-card", "*"),
    OnFilter(CENTRAL, "credit-card", "credit_card", "some"),
    OnColumns(CENTRAL, "credit-card", "credit_card", ("savings",), excluded=True),
)


def stuck_of(*given: Resource[Grant], passed_on: Target = TWO) -> Stuck | None:
    have = atom(Grant(ANALYST, passed_on, "SELECT"), ANALYTICS)
    return Shares(bank(), Snapshot(), Observation(Snapshot(given))).stuck(have)


def test_a_list_is_stuck_where_the_account_is_not_given_all_of_it() -> None:
    found = Stuck(is_all=True, lists=(("duration", "purpose"),), given=frozenset({"duration"}))
    assert stuck_of(shared(DURATION)) == found
    assert not found.is_void
    assert stuck_of(shared(TWO)) is None
    of_two = replace(TWO, lists=(("duration",), ("duration", "purpose")))
    assert stuck_of(shared(DURATION), passed_on=of_two) == replace(found, is_all=False)
    assert stuck_of(shared(DURATION), passed_on=replace(DURATION, excluded=True)) is None


@pytest.mark.parametrize("other", OTHERS, ids=str)
def test_columns_are_given_by_what_is_on_their_table(other: Target) -> None:
    assert stuck_of(shared(DURATION), shared(other)) == stuck_of(shared(DURATION))
    assert is_void(TWO, shared(other))


@pytest.mark.parametrize("other", ANY_COLUMN, ids=str)
def test_what_may_be_any_column_leaves_none_stuck_where_it_lets_read(other: Target) -> None:
    assert stuck_of(shared(DURATION), shared(other)) is None
    assert stuck_of(shared(DURATION), atom(Grant(ANALYTICS, other, "DESCRIBE"))) is not None


def test_only_what_is_passed_on_of_the_central_catalog_is_void() -> None:
    assert not is_void(LOANS, account=CENTRAL)
    assert not is_void(OnDatabase(ANALYTICS, "rl_credit-card"))


def test_what_is_void_stays_and_says_why() -> None:
    databases = Snapshot([*specs("database").values()])
    have = atom(Grant(ANALYST, LOANS, "SELECT"), ANALYTICS)
    for given, note in (((), VOID), ((shared(LOANS),), "")):
        found = Snapshot([*databases.values(), *given])
        shares = Shares(bank(), Snapshot(), Observation(found))
        owner = GrantKind().owner(have, ownership_of(bank(), databases, found, shares.stuck))
        assert (owner.is_ours, owner.note) == (True, note)
