"""How much a plan may take away: at each limit nothing is said, and beyond it what and how much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.access import AccessEntry
from reconciler.access.differences.access_entry import ChangeType
from reconciler.kinds.glue.table import Table
from reconciler.model.change import Create, Delete
from reconciler.model.lakeformation import Grant, OnTable
from reconciler.model.plan import Plan, Step
from reconciler.model.resource import AnyResource, Observation, Snapshot
from reconciler.plan.gates.mass_delete import _principals, _readers, _resources
from reconciler.plan.review import Review
from reconciler.spec.mesh import Mesh
from tests.access.building import T
from tests.estate import ANALYTICS, BANKING, CENTRAL, bank, variant
from tests.grants import atom
from tests.plan.test_gates import MODEL, REPORT, review, wanted
from tests.plan.test_requested_access import entry

(LIKE, *_) = wanted().of(Table)
COUNT = st.integers(0, 14)
SHARE = st.sampled_from([0.0, 0.25, 0.5, 1.0])


def some(number: int, name: str) -> list[AnyResource]:
    """So many tables."""
    return [replace(LIKE, address=LIKE.address._replace(name=f"{name}.{each}")) for each in range(number)]


def grants(number: int, name: str) -> list[AnyResource]:
    """So many of what is only somebody's access."""
    return [atom(Grant(CENTRAL, OnTable(CENTRAL, name, f"t{each}"), "SELECT")) for each in range(number)]


def limited(deletes: int, share: float) -> Mesh:
    mesh = bank()
    limits = mesh.settings.limits.model_copy(update={"deletes": deletes, "delete_share": share})
    return replace(mesh, settings=mesh.settings.model_copy(update={"limits": limits}))


@given(COUNT, COUNT, st.integers(0, 3), COUNT, SHARE)
def test_resources_are_counted_and_access_is_not(gone: int, stay: int, access: int, most: int, share: float) -> None:
    kept = [*some(stay, "kept"), *grants(access, "kept")]
    leaves = [*some(gone, "gone"), *grants(access, "gone")]
    new = [*some(3, "new"), *grants(2, "new")]
    steps = [*(Step(Delete(each), ()) for each in leaves), *(Step(Create(each), ()) for each in new)]
    made = Review(limited(most, share), Snapshot([*kept, *new]), Plan((tuple(steps),)))
    number = [f"The plan deletes {gone} resources; the mesh allows {most} without asking (limits.deletes)."]
    told = number if gone > most else []
    assert [*_resources(made)] == told
    every = gone + stay
    words = f"The plan deletes {gone} of {every} resources; the mesh allows a share of {share:g} without asking"
    told += [f"{words} (limits.deleteShare)."] if every >= 10 and gone > share * every else []
    assert [*_resources(replace(made, observation=Observation(Snapshot([*kept, *leaves]))))] == told


def losing(account: str, database: str, *, whole: bool = True, change: ChangeType = "columns") -> AccessEntry:
    lost = entry(change, "ab", "SELECT", readable=2 if whole else 3)
    principal, place = f"arn:aws:iam::{account}:role/x", T._replace(catalog=CENTRAL, database=database)
    return replace(lost, principal=principal, place=place)


def said(*lost: object, share: float = 0.3, most: int = 10) -> list[str]:
    reviewed = SimpleNamespace(mesh=limited(10, share), access=SimpleNamespace(lost=lost))
    return [*_readers(cast("Review", reviewed), most)]


ACCOUNTS = [f"90000000000{number}" for number in range(5)]
PAIRS = st.sets(st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from("abcdefg")))


@given(PAIRS, SHARE, st.integers(5, 15))
def test_accounts_that_read_nothing_more_are_told_before_what_they_read(
    pairs: set[tuple[str, str]], share: float, most: int
) -> None:
    """One account reads on: that of the example's consumers."""
    gone = {account for account, _ in pairs}
    found = said(*(losing(*pair) for pair in sorted(pairs)), share=share, most=most)
    if len(gone) >= 2 and len(gone) > share * (len(gone) + 1):
        (words,) = found
        assert words.startswith(
            f"{len(gone)} of {len(gone) + 1} accounts that read would have nothing to read any more"
        )
    elif len(pairs) > max(most, 10) and len(pairs) > share * (len(pairs) + 1):
        (words,) = found
        assert words.startswith(f"{len(pairs)} of {len(pairs) + 1} products that accounts read would be taken")
    else:
        assert found == []


@pytest.mark.parametrize("number", [10, 11, 12])
@pytest.mark.parametrize("most", [5, 10, 11])
def test_of_one_account_products_are_counted(number: int, most: int) -> None:
    found = said(*(losing(ANALYTICS, f"d{each}") for each in range(number)), most=most)
    assert len(found) == (number > max(most, 10))


def test_who_keeps_something_of_it_or_has_made_it_loses_nothing() -> None:
    def counted() -> Iterator[int]:
        others = [losing(account, "a") for account in ACCOUNTS[:1]]
        yield len(said(*others, losing(ACCOUNTS[1], "a")))
        yield len(said(*others, losing(ACCOUNTS[1], "a", whole=False)))
        yield len(said(*others, losing(ACCOUNTS[1], "a", change="unknown")))
        yield len(said(*others, losing(BANKING, "credit-card")))
        yield len(said(*others, losing(ANALYTICS, "a")))

    assert [*counted()] == [1, 0, 0, 0, 0]
    eleven = [losing(ANALYTICS, f"d{each}") for each in range(10)]
    assert said(*eleven, losing(ANALYTICS, "credit-card")) == [], "a subscription still gives it"


@pytest.mark.parametrize(
    ("without", "who"), [((), ""), ((MODEL,), "1 principal"), ((MODEL, REPORT), "2 principals")], ids=str
)
def test_people_who_lose_something_are_counted(without: tuple[str, ...], who: str) -> None:
    limits = "limits: {deletes: 10, deleteShare: 0.3"
    mesh = variant(("mesh.yaml", limits, f"{limits}, principalsLosing: 0"), without=without)
    words = f"{who} would lose access; the mesh allows 0 by one plan (limits.principalsLosing)."
    assert [*_principals(review(mesh))] == ([words] if who else [])
