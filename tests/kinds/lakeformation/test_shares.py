"""What an account passed on is void only where it is certain that it is given nothing of it."""

from __future__ import annotations

import pytest

from reconciler.kinds import addresses
from reconciler.kinds.lakeformation.grant import VOID, GrantKind
from reconciler.kinds.lakeformation.shares import Shares
from reconciler.kinds.territory import ownership_of
from reconciler.model.lakeformation import Grant, OnColumns, OnDatabase, OnTable, OnTag, OnTagPolicy, Target, expression
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
    return Shares(bank(), Snapshot(wanted), Observation(Snapshot(given), gaps, read_scope)).is_void(have)


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


def test_only_what_is_passed_on_of_the_central_catalog_is_void() -> None:
    assert not is_void(LOANS, account=CENTRAL)
    assert not is_void(OnDatabase(ANALYTICS, "rl_credit-card"))


def test_what_is_void_stays_and_says_why() -> None:
    databases = Snapshot([*specs("database").values()])
    have = atom(Grant(ANALYST, LOANS, "SELECT"), ANALYTICS)
    for given, note in (((), VOID), ((shared(LOANS),), "")):
        found = Snapshot([*databases.values(), *given])
        shares = Shares(bank(), Snapshot(), Observation(found))
        owner = GrantKind().owner(have, ownership_of(bank(), databases, found, shares.is_void))
        assert (owner.is_ours, owner.note) == (True, note)
