"""Grant before revoke where both may be about the same, and the other way round only where AWS refuses both at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.kinds.lakeformation import grant_order
from reconciler.kinds.lakeformation.grant_order import ordered
from reconciler.model.address import Address
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.lakeformation import (
    IAM_ALLOWED_PRINCIPALS,
    Grant,
    OnCatalog,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnLocation,
    OnTable,
    OnTag,
    OnTagPolicy,
    Target,
    expression,
)
from tests.estate import ANALYTICS, CENTRAL, bank
from tests.grants import atom

ARN = "arn:aws:iam::111111111111:role/a"
ORGANIZATION = "arn:aws:organizations::111111111111:organization/o-1"
CARD = {"credit-card"}
# What each is about: None is anything; names of databases, of a location, of a tag's value.
ABOUT: list[tuple[Target, set[str] | None]] = [
    (OnDatabase(CENTRAL, "credit-card"), CARD),
    (OnTable(CENTRAL, "credit-card", "credit_card"), CARD),
    (OnColumns(CENTRAL, "credit-card", "credit_card", ("age",)), CARD),
    (OnFilter(CENTRAL, "credit-card", "credit_card", "f"), CARD),
    (OnTable(CENTRAL, "fund-prices", "fund_price"), {"fund-prices"}),
    (OnTag(CENTRAL, "product", "credit-profile"), CARD),
    (OnTag(CENTRAL, "product", "nothing"), {"product=nothing"}),
    (OnTag(CENTRAL, "sensitivity", "credit-profile"), {"sensitivity=credit-profile"}),
    (OnTagPolicy(CENTRAL, "TABLE", expression({"product": ["credit-profile"], "sensitivity": ["public"]})), CARD),
    (OnTagPolicy(CENTRAL, "TABLE", expression({"product": ["credit-profile", "fund-prices"]})), {*CARD, "fund-prices"}),
    (OnTagPolicy(CENTRAL, "TABLE", expression({"product": ["credit-profile", "nothing"]})), None),
    (OnTagPolicy(CENTRAL, "TABLE", expression({"sensitivity": ["public"]})), None),
    (OnLocation(CENTRAL, "arn:aws:s3:::a"), {"a"}),
    (OnLocation(CENTRAL, "arn:aws:s3:::b"), {"b"}),
    (OnCatalog(CENTRAL), None),
]
ENTRY = st.tuples(
    st.sampled_from([ARN, IAM_ALLOWED_PRINCIPALS, ANALYTICS, ORGANIZATION]),
    st.sampled_from(ABOUT),
    st.sampled_from("+~-"),
    st.sampled_from([CENTRAL, ANALYTICS]),
)
Entry = tuple[str, tuple[Target, set[str] | None], str, str]


def changes(entries: Sequence[Entry]) -> dict[Address, tuple[Change, Entry]]:
    """One change of each atom."""
    found: dict[Address, tuple[Change, Entry]] = {}
    for entry in entries:
        who, (target, _), action, account = entry
        have = atom(Grant(who, target, "DESCRIBE"), account)
        change = Create(have) if action == "+" else Delete(have) if action == "-" else Update(have, have)
        found.setdefault(have.address, (change, entry))
    return found


def meet(one: set[str] | None, other: set[str] | None) -> bool:
    return one is None or other is None or bool(one & other)


def refused(one: Target, other: Target) -> bool:
    """Columns of a table beside the table itself, or beside other columns of it."""
    kinds = {type(one), type(other)}
    named = OnColumns in kinds and kinds <= {OnColumns, OnTable}
    return named and one != other and getattr(one, "table", 1) == getattr(other, "table", 2)


def expected(made: dict[Address, tuple[Change, Entry]]) -> set[tuple[Address, Address]]:
    """Every pair, looked at one by one."""
    pairs = set()
    for (new, (_, come)), (old, (_, gone)) in product(made.items(), made.items()):
        if come[2] == "-" or gone[2] != "-" or come[3] != gone[3] or not meet(come[1][1], gone[1][1]):
            continue
        closes_first = gone[0] == IAM_ALLOWED_PRINCIPALS and come[0] in (ANALYTICS, ORGANIZATION)
        if closes_first or (gone[0] == come[0] and refused(gone[1][0], come[1][0])):
            pairs.add((old, new))
        elif gone[0] in (come[0], IAM_ALLOWED_PRINCIPALS):
            pairs.add((new, old))
    return pairs


@given(st.lists(ENTRY, max_size=14))
@example([(IAM_ALLOWED_PRINCIPALS, ABOUT[1], "-", CENTRAL), (IAM_ALLOWED_PRINCIPALS, ABOUT[2], "+", CENTRAL)])
def test_the_order_is_that_of_every_pair(entries: list[Entry]) -> None:
    made = changes(entries)
    assert set(ordered([change for change, _ in made.values()], bank())) == expected(made)


@pytest.mark.parametrize("who", [ARN, IAM_ALLOWED_PRINCIPALS])
@pytest.mark.parametrize("most", [0, 5, 6])
def test_many_revokes_of_anything_wait_all_the_same(who: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two grants and three revokes that may be about anything: six pairs, or fewer by way of the first of them."""
    monkeypatch.setattr(grant_order, "MOST_PAIRS", most)
    anything: list[Target] = [OnTagPolicy(CENTRAL, "TABLE", expression({"sensitivity": [each]})) for each in "abc"]
    come: list[Target] = [OnDatabase(CENTRAL, "credit-card"), OnLocation(CENTRAL, "arn:aws:s3:::a")]
    entries: list[Entry] = [
        *((who, (each, None), "-", CENTRAL) for each in anything),
        *((who, (each, {"x"}), "+", CENTRAL) for each in come),
    ]
    made = changes(entries)
    first = {(one, other) for one, other in ordered([change for change, _ in made.values()], bank())}
    by_way = who != IAM_ALLOWED_PRINCIPALS and most < 6
    assert len(first) == (2 + 2 if by_way else 6)
    after: set[tuple[Address, Address]] = set(first)
    while more := {(a, d) for (a, b), (c, d) in product(after, after) if b == c} - after:
        after |= more
    assert after >= expected(made)


def test_a_revoke_of_one_account_says_nothing_of_another() -> None:
    made = changes([(ARN, ABOUT[0], "-", CENTRAL), (ARN, ABOUT[1], "+", ANALYTICS)])
    assert not [*ordered([change for change, _ in made.values()], bank())]
