"""Whoever comes to read the most sensitive is told, whoever else reads the same values in another way already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from reconciler.access import AccessFact, ChangedFact
from reconciler.plan.gates.opens_most_sensitive import findings
from reconciler.plan.review import Review
from tests.estate import variant
from tests.owners.asking import CREDIT
from tests.plan.test_gates import CASES, review, wanted

MADE = CASES["opens-most-sensitive"]()
GAINED = [*MADE.gained_facts(sensitivity="restricted")]


def told(*facts: ChangedFact, passed_on: Iterable[AccessFact] = ()) -> int:
    """How much is told of these facts."""
    reviewed = SimpleNamespace(
        known_before=None,
        mesh=MADE.mesh,
        access=None,
        gained_facts=lambda **_: iter(facts),
        passed_on_facts=lambda: iter(passed_on),
    )
    return len([*findings(cast("Review", reviewed))])


@pytest.mark.parametrize("path", ["lake-formation", "open", "raw-read"])
@pytest.mark.parametrize("read_before", [False, True])
def test_a_way_that_shows_nothing_new_hides_no_other_reader(path: str, read_before: bool) -> None:
    (first, *_) = GAINED
    changed = replace(first, fact=replace(first.fact, path=path), readable_before=read_before)
    is_told = path == "lake-formation" or not read_before
    assert told(changed) == is_told
    other = replace(first, fact=replace(first.fact, principal="other", name="other"))
    assert told(changed, other) == is_told + 1


@pytest.mark.parametrize("sort", ["account", "organization"])
def test_an_account_as_a_whole_reads_nothing(sort: str) -> None:
    (first, *_) = GAINED
    assert told(replace(first, fact=replace(first.fact, principal_type=sort))) == 0


@pytest.mark.parametrize("sort", ["account", "organization", "other"])
def test_whoever_may_let_others_read_is_told_but_the_account_of_the_data(sort: str) -> None:
    fact = replace(GAINED[0].fact, principal_type=sort)
    assert told(passed_on=[fact]) == 1
    assert told(passed_on=[fact, replace(fact, column="other")]) == 1
    assert told(passed_on=[replace(fact, account=fact.producer)]) == 0
    assert told(passed_on=[replace(fact, sensitivity="internal")]) == 0
    assert told(passed_on=[replace(fact, permission="DESCRIBE")]) == 0


def test_what_stays_with_the_account_of_the_data_is_not_told() -> None:
    (first, *_) = GAINED
    assert told(replace(first, fact=replace(first.fact, account=first.fact.producer))) == 0


LOADER = "writers: [{name: loader, role: loader, create: true, trust: [%s], permissions: [%s]}]\n"


@pytest.mark.parametrize(
    ("trust", "is_told"),
    [
        ("arn:aws:iam::999999999999:root", True),
        ("arn:aws:iam::222222222222:root", False),
        ("glue.amazonaws.com", False),
    ],
)
def test_what_a_role_gains_leaves_the_account_if_others_may_act_as_it(trust: str, is_told: bool) -> None:
    """First whom it lets in, while it reads nothing; then the most sensitive columns."""
    before, after = (
        variant((CREDIT, "kind: Product\n", f"kind: Product\n{LOADER % (trust, rights)}"))
        for rights in ("CREATE_TABLE", "CREATE_TABLE, SELECT")
    )
    said = [each.message for each in review(after, wanted(before), before).findings if "most-sens" in each.rule]
    told = "consumer-banking/loader (as which anybody of 999999999999 may act) would read the restricted columns"
    assert bool([each for each in said if each.startswith(told)]) is is_told
    assert bool(said) is is_told
