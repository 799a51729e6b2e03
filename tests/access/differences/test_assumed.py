"""Whom a role's trust policy lets act as it comes to have what the role has; whom it lets no more has it no more."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.access import AccessDifference, AccessEntry, changed_facts, difference
from reconciler.access.differences.assumed import outsiders
from reconciler.kinds import addresses
from reconciler.kinds.glue.glue_job import GlueJob
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.s3.bucket_policy import BucketPolicy
from reconciler.model.address import Address
from reconciler.model.lakeformation import OnDatabase
from reconciler.model.resource import AnyResource, Resource
from tests.access.building import (
    ANN,
    BOB,
    EVE,
    OTHER,
    OWNER,
    access,
    admins,
    columns,
    give,
    named,
    placement,
    registered,
)
from tests.access.building import table as a_table
from tests.estate import bank

HOME, AWAY = f"arn:aws:iam::{OWNER}:root", f"arn:aws:iam::{OTHER}:root"
WORD = {"StringEquals": {"sts:ExternalId": "word"}}
DENIED = {"Effect": "Deny", "Principal": {"AWS": ANN}, "Action": "sts:AssumeRole"}
MAKER = f"arn:aws:iam::{OWNER}:role/maker"


def lets(*who: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": {"AWS": [*who]}, "Action": "sts:AssumeRole", **more}


def role(*statements: dict[str, Any], of: str = ANN, policy: dict[str, Any] | None = None) -> AnyResource:
    """A role that lets these act as it."""
    trust = json.dumps({"Statement": [*statements]})
    spec = Role("/", trust, json.dumps({"Statement": [policy]}) if policy else "")
    return Resource(Address(addresses.IAM_ROLE, placement(OWNER), of.rpartition("/")[2]), spec, handle=of)


def between(before: list[AnyResource], after: list[AnyResource]) -> AccessDifference:
    """Two states in which Ann reads two columns and may change the table."""
    there = [a_table(), *give(ANN, columns("a", "b")), *give(ANN, named(), "DROP")]
    return difference(access(*there, *before), access(*there, *after))


def told(entries: tuple[AccessEntry, ...]) -> dict[str, tuple[tuple[str, ...], str]]:
    """Who, with the columns and whether it is certain."""
    return {each.principal: (each.columns, each.verdict) for each in entries}


SURE, PERHAPS = (("a", "b"), "enforced"), (("a", "b"), "unknown")


@pytest.mark.parametrize(
    ("before", "after", "gained", "lost"),
    [
        ([lets(HOME)], [lets(HOME, AWAY)], {AWAY: SURE}, {}),
        ([lets(HOME)], [lets(HOME, OTHER)], {AWAY: SURE}, {}),
        ([lets(HOME)], [lets(HOME, BOB)], {BOB: SURE}, {}),
        ([lets(BOB)], [lets(EVE)], {EVE: SURE}, {BOB: SURE}),
        ([lets(HOME)], [lets("*")], {"*": SURE}, {HOME: PERHAPS}),
        ([lets(HOME)], [lets(HOME, MAKER)], {MAKER: PERHAPS}, {}),
        ([lets(MAKER)], [lets(HOME)], {HOME: SURE}, {MAKER: PERHAPS}),
        ([lets(HOME)], [lets(HOME), lets(AWAY, Condition=WORD)], {AWAY: PERHAPS}, {}),
        ([lets(AWAY, Condition=WORD)], [lets(AWAY)], {AWAY: PERHAPS}, {}),
        ([lets(AWAY)], [lets(AWAY, Condition=WORD)], {}, {AWAY: PERHAPS}),
        ([lets(HOME), DENIED], [lets(HOME)], {HOME: PERHAPS}, {}),
        ([lets(HOME)], [lets(HOME), DENIED], {}, {HOME: PERHAPS}),
        ([lets(HOME)], [lets(HOME), lets(HOME, Condition=WORD)], {}, {}),
        ([lets(HOME)], [lets(AWAY, HOME, Action="sts:TagSession"), lets(HOME)], {}, {}),
    ],
)
def test_whoever_comes_or_goes_is_told_and_what_depends_may_be(
    before: list[Any], after: list[Any], gained: dict[str, Any], lost: dict[str, Any]
) -> None:
    found = between([role(*before)], [role(*after)])
    assert told(found.gained) == gained
    assert told(found.lost) == lost
    back = between([role(*after)], [role(*before)])
    assert (told(back.gained).keys(), told(back.lost).keys()) == (lost.keys(), gained.keys())
    assert all((each.reasons != ()) == (each.verdict == "unknown") for each in (*found.gained, *found.lost))


def test_services_and_who_signs_in_elsewhere_are_told_too() -> None:
    for sort, name, who in (
        ("Service", "glue.amazonaws.com", "glue.amazonaws.com"),
        ("Federated", "accounts.google.com", "federated:accounts.google.com"),
    ):
        found = between([role(lets(AWAY))], [role(lets(AWAY), {**lets(), "Principal": {sort: name}})])
        assert told(found.gained) == {who: SURE}
        (entry,) = found.gained
        assert entry.account == (OWNER if sort == "Service" else "")
        assert entry.label == f"{who} as owner/ann"


def test_of_a_role_that_comes_or_goes_those_of_other_accounts_are_told() -> None:
    made = between([], [role(lets(HOME, MAKER, AWAY), {**lets(), "Principal": {"Service": "glue.amazonaws.com"}})])
    assert told(made.gained) == {AWAY: SURE}
    gone = between([role(lets(HOME, AWAY))], [])
    assert told(gone.lost) == {AWAY: SURE}


def test_an_entry_says_as_which_role_and_all_that_the_role_may() -> None:
    (entry,) = between([role(lets(HOME))], [role(lets(HOME, AWAY))]).gained
    assert entry.label == "anybody of other as owner/ann"
    assert (entry.account, entry.new_account, entry.holder) == (OTHER, True, ANN)
    assert {*entry.permissions} == {"DESCRIBE", "DROP", "SELECT"}
    assert entry.via[0] == "the trust policy of owner/ann lets anybody of other"
    assert any("grants SELECT" in each for each in entry.via)
    assert entry.as_json()["assumed"] == ANN


def test_what_somebody_has_himself_is_not_told_again() -> None:
    own = give(MAKER, columns("a"))
    found = difference(
        access(a_table(), *give(ANN, columns("a", "b")), *own, role(lets(BOB))),
        access(a_table(), *give(ANN, columns("a", "b")), *own, role(lets(BOB, MAKER))),
    )
    (entry,) = found.gained
    assert (entry.principal, entry.columns) == (MAKER, ("b",))


def test_rights_ways_past_lake_formation_and_administration_come_with_the_role() -> None:
    reads = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::lake/*"}
    there = [
        a_table(uri="s3://lake/t"),
        *give(ANN, OnDatabase(OWNER, "db"), "CREATE_TABLE"),
        admins(OWNER, ANN),
    ]
    before, after = (access(*there, role(lets(*who), policy=reads)) for who in ((HOME,), (HOME, AWAY)))
    found = difference(before, after)
    assert {(each.principal, each.change, each.path) for each in found.gained} == {
        (AWAY, "rights", ""),
        (AWAY, "path", "files-by-policy"),
    }
    assert found.admins_gained == ((OWNER, AWAY),)
    assert difference(after, before).admins_lost == ((OWNER, AWAY),)


def test_as_which_role_a_role_may_act_in_turn_is_told() -> None:
    """Named in its own account a role needs no more; by the account's name its own policies have to let it, too."""
    may = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": ANN}
    perhaps = {**may, "Condition": WORD}
    for onward, policy, verdict in (
        (MAKER, None, "enforced"),
        (HOME, None, None),
        (HOME, may, "enforced"),
        (HOME, perhaps, "unknown"),
        (AWAY, may, None),
    ):
        found = between(
            [role(lets(onward)), role(lets(HOME), of=MAKER, policy=policy)],
            [role(lets(onward)), role(lets(HOME, EVE), of=MAKER, policy=policy)],
        )
        assert [(each.principal, each.holder, each.verdict) for each in found.gained] == (
            [(EVE, ANN, verdict)] if verdict else []
        )


def test_facts_say_who_has_it_as_which_role() -> None:
    found = between([role(lets(HOME))], [role(lets(HOME, AWAY))])
    facts = [each.fact for each in changed_facts(found, bank())]
    assert {(each.principal, each.assumed, each.account, each.account_name) for each in facts} == {
        (AWAY, ANN, OTHER, "other")
    }
    assert {each.column for each in facts if each.is_reading} == {"a", "b"}
    assert {each.permission for each in facts} == {"SELECT", "DROP"}
    assert all(each.certain for each in facts)
    doubtful = between([role(lets(HOME))], [role(lets(HOME), lets(AWAY, Condition=WORD))])
    assert not any(each.fact.certain for each in changed_facts(doubtful, bank()))


def test_who_of_other_accounts_stands_behind_a_role_is_known() -> None:
    there = access(role(lets(HOME, MAKER, AWAY, EVE)))
    assert outsiders(there, ANN) == ("other/eve", "anybody of other")
    assert outsiders(there, BOB) == ()


SERVES = "arn:aws:iam::1:role/r"
"""The role with which `registered` registers places."""


def reads_files(action: str = "s3:GetObject", on: str = "lake/*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": f"arn:aws:s3:::{on}", **more}


def test_whoever_is_let_act_as_the_role_that_serves_the_files_reads_them_all() -> None:
    """Lake Formation's own role: nobody reads as it, so of the role itself nothing is told."""
    there = [a_table(uri="s3://lake/t"), registered()]
    before, after = (
        access(*there, role(lets(*who), of=SERVES, policy=reads_files())) for who in ((HOME,), (HOME, AWAY))
    )
    (entry,) = difference(before, after).gained
    assert (entry.principal, entry.path, entry.columns) == (AWAY, "files-by-policy", ("a", "b", "c"))
    (lost,) = difference(after, before).lost
    assert lost.principal == AWAY
    assert {each.fact.column for each in changed_facts(difference(before, after), bank())} == {"a", "b", "c"}
    assert not difference(before, before).gained


def a_job(script: str) -> AnyResource:
    """A job that runs as Ann."""
    spec = GlueJob("ann", script, "{}", "G.1X", 2, "")
    return Resource(Address(addresses.GLUE_JOB, placement(OWNER), "job"), spec)


@pytest.mark.parametrize(
    ("script", "policy", "verdict"),
    [
        ("s3://scripts/ann/job.py", reads_files("s3:PutObject", "scripts/*"), "enforced"),
        ("s3://scripts/ann/job.py", reads_files("s3:PutObject", "scripts/*", Condition=WORD), "unknown"),
        ("s3://scripts/ann/job.py", reads_files("s3:PutObject", "scripts/eve/*"), None),
        ("s3://scripts/ann/job.py", reads_files("s3:GetObject", "scripts/*"), None),
    ],
)
def test_whoever_may_change_what_a_job_does_acts_as_its_role(script: str, policy: Any, verdict: str | None) -> None:
    bucket = Resource(Address(addresses.BUCKET_POLICY, placement(OWNER), "scripts"), BucketPolicy(()))
    there = [
        a_table(),
        *give(ANN, columns("a", "b")),
        role(lets(HOME)),
        bucket,
        role(lets(HOME), of=MAKER, policy=policy),
    ]
    before, after = access(*there, a_job("s3://own/job.py")), access(*there, a_job(script))
    found = [each for each in difference(before, after).gained if each.principal == MAKER]
    assert [(each.holder, each.columns, each.verdict) for each in found] == (
        [(ANN, ("a", "b"), verdict)] if verdict else []
    )
    assert all(each.via[0].startswith("owner/maker may put another script") for each in found)
    assert len(difference(after, before).lost) == len(found)
