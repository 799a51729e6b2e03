"""Whoever is suspended gains nothing in silence, though what he gains is asked for by the name of all of an account."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from reconciler import pipeline
from reconciler.access import AccessEntry
from reconciler.kinds import registry
from reconciler.model.finding import Finding
from reconciler.model.lakeformation import Grant, OnTable, OnTagPolicy, Target, expression
from reconciler.model.last_change import LastChange
from reconciler.model.resource import AnyResource, Observation, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.plan.gates.reopens_access import _parts, findings, last_change
from reconciler.plan.review import Review
from reconciler.spec.mesh import Mesh
from tests.access.building import ANN, BOB, CONSUMER, OWNER
from tests.estate import ANALYTICS, CENTRAL, Edit, bank, variant
from tests.grants import atom
from tests.plan.test_gates import changed, review, without_grants_of_the_scientist
from tests.plan.test_requested_access import entry

COE = "consumers/analytics-coe/consumer.yaml"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
HEAD = "apiVersion: meshform/v1\nkind: Suspension\nname: incident\nreason: Key found in a public place.\nby: ciso\n"
EVERYBODY: tuple[Edit, ...] = (
    (COE, "workgroup:\n", "  - {name: everybody, description: All of them., wholeAccount: true}\nworkgroup:\n"),
    (REPORT, "principals: [credit-analyst]", "principals: [everybody]"),
)
SUSPENDED = {
    "analytics-coe/credit-analyst": "analytics-coe/credit-analyst",
    "analytics-coe/data-scientist": "analytics-coe/data-scientist",
    f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/credit-analyst": "analytics-coe/credit-analyst",
}


def suspending(principal: str, *edits: Edit) -> Mesh:
    return variant(*edits, more={"suspensions/incident.yaml": f"{HEAD}principal: {principal}\n"})


def stopped(head: Mesh, found: Mesh, base: Mesh | None) -> list[Finding]:
    observation = Observation(compile_mesh(found, registry()))
    name = "main" if base is not None else ""
    review = pipeline.review(head, observation=observation, base=base, base_name=name)
    return [each for each in review.findings if each.rule == "reopens-access" and "is suspended" in each.message]


@pytest.mark.parametrize("has_base", [True, False])
@pytest.mark.parametrize("principal", SUSPENDED)
def test_what_he_gains_with_the_whole_account_is_accepted_by_name(principal: str, has_base: bool) -> None:
    before, after = suspending(principal), suspending(principal, *EVERYBODY)
    (finding,) = stopped(after, before, before if has_base else None)
    assert finding.severity == "error"
    assert finding.message.startswith(f"{SUSPENDED[principal]} is suspended and would get 14 columns of credit-card")


@pytest.mark.parametrize("principal", SUSPENDED)
def test_nothing_is_said_where_he_gains_nothing_or_is_suspended_no_more(principal: str) -> None:
    before = suspending(principal)
    assert not stopped(before, before, before)
    assert not stopped(before, variant(), variant())
    assert not stopped(variant(*EVERYBODY), before, before)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (entry("rows", "ab", "SELECT"), "rows of db.t"),
        (entry("columns", "a", "SELECT"), "1 column of db.t (a)"),
        (entry("columns", "abcdef", "SELECT"), "6 columns of db.t (a, b, c, d, e, f)"),
        (entry("columns", "abcdefg", "SELECT"), "7 columns of db.t (a, b, c, d, e, f and 1 more)"),
        (entry("permissions", "", "ALTER", "DROP"), "ALTER, DROP on db.t"),
        (entry("rights", "", "DESCRIBE", thing="database db"), "DESCRIBE on database db"),
        (entry("unknown", "", reasons=("x", "y")), "access to db.t (x; y)"),
        (entry("unknown", ""), "access to db.t (unknown)"),
    ],
)
def test_what_somebody_would_get_is_said_in_words(given: AccessEntry, words: str) -> None:
    assert [*_parts([given])] == [words]


APPLY = f"arn:aws:sts::{CENTRAL}:assumed-role/{bank().settings.roles.apply}/run"
HAND = LastChange("arn:aws:iam::111111111111:role/hand", datetime(2026, 11, 20, 9, tzinfo=UTC))
LATER = replace(HAND, at=datetime(2026, 11, 21, 8, tzinfo=UTC))


def left(target: Target, changed: LastChange | None, who: str = BOB) -> AnyResource:
    return replace(atom(Grant(who, target, "SELECT")), changed=changed)


def known_of(*there: AnyResource) -> LastChange | None:
    seen = Observation(Snapshot(sorted(there, key=lambda each: each.address)))
    return last_change(Review(bank(), Snapshot(), observation=seen), BOB, [entry("columns", "a")])


def test_who_changed_last_by_hand_what_is_left_is_told() -> None:
    on, tags = OnTable(OWNER, "db", "u"), OnTagPolicy(OWNER, "TABLE", expression({"a": ["b"]}))
    assert known_of(left(on, HAND)) == HAND
    assert known_of(left(tags, HAND)) == HAND, "it may be about any database"
    assert known_of(left(on, HAND, CONSUMER)) == HAND, "his account's"
    assert known_of(left(on, HAND), left(tags, LATER)) == known_of(left(on, LATER), left(tags, HAND)) == LATER
    assert known_of(left(on, replace(HAND, at=None)), left(tags, HAND)) == HAND
    ours = (left(on, replace(LATER, by=None)), left(on, replace(LATER, by=APPLY)), left(on, None))
    others = (left(on, HAND, ANN), left(OnTable(OWNER, "other", "t"), HAND))
    assert [known_of(each) for each in (*ours, *others)] == [None] * 5
    assert last_change(Review(bank(), Snapshot()), BOB, [entry("columns", "a")]) is None


def test_what_was_perhaps_there_may_come_back() -> None:
    """What is surely gained and was perhaps had before is not said to be given anew."""
    made = review(bank(), changed(without_grants_of_the_scientist), bank())
    assert made.access is not None
    unsure = tuple(replace(each, change="unknown") for each in made.access.gained)
    for lost, verb in (((), "would"), (made.access.gained, "would"), (unsure, "may"), (unsure[1:], "would")):
        (said,) = (
            each.message
            for each in findings(replace(made, access=replace(made.access, lost=lost)))
            if "data-scientist" in each.message
        )
        assert f"data-scientist {verb} get back" in said
