"""What is compared where one circumstance changes under many grants is enough: the result is that of all pairs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.access import Access, PrincipalDirectory, difference
from reconciler.access.differences.affected import Affected
from reconciler.access.differences.difference import compare
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS, OnDatabase, OnOther, OnTag, OnTagPolicy, expression
from tests.access.building import (
    ANN,
    BOB,
    CONSUMER,
    EVE,
    GROUP,
    ORGANIZATION,
    OTHER,
    OWNER,
    SALES,
    SAVED,
    WORLD,
    Parts,
    accepted,
    access,
    admins,
    by_filter,
    catalog_policy,
    columns,
    give,
    link,
    named,
    opted,
    registered,
    role,
    row_filter,
    saved,
    table,
    tag,
    version,
    where,
)
from tests.access.strategies import EVERYBODY
from tests.access.test_laws import everything

OTHERS = "arn:aws:identitystore:::group/g-2"
"""A group that is opted in and was given nothing."""
DB, LOW = OnDatabase(OWNER, "db"), expression({"level": ("low",)})
ORGANIZED = OnTag(OWNER, "level", "low")
GRANTS: Parts = [
    give(CONSUMER, named()),
    give(CONSUMER, where(level="low")),
    give(CONSUMER, DB, "ALTER"),
    give(CONSUMER, OnTagPolicy(OWNER, "DATABASE", LOW), "DROP"),
    give(BOB, named("*"), by=CONSUMER),
    give(BOB, DB, "ALTER", by=CONSUMER),
    give(EVERYBODY, where(level="low"), by=CONSUMER),
    give(EVERYBODY, OnTagPolicy(OWNER, "DATABASE", LOW), "DROP", by=CONSUMER),
    give(OTHER, named("u")),
    give(EVE, named("u"), by=OTHER),
    give(ORGANIZATION, named()),
    give(ORGANIZATION, DB, "CREATE_TABLE"),
    give(f"arn:aws:iam::{CONSUMER}:role/carl", columns("c"), by=CONSUMER),
    give(f"arn:aws:iam::{CONSUMER}:role/carl", DB, "CREATE_TABLE", by=CONSUMER),
    give(f"arn:aws:iam::{CONSUMER}:role/dora", columns("b")),
    give(f"arn:aws:iam::{CONSUMER}:role/dora", ORGANIZED, "DESCRIBE"),
    give(GROUP, named(), "INSERT"),
    give(GROUP, DB, "DROP"),
    give(GROUP, columns("b"), by=CONSUMER),
    give(f"{OWNER}:IAMPrincipals", columns("c"), condition=SALES),
    give(f"{OWNER}:IAMPrincipals", DB, "CREATE_TABLE", condition=SALES),
    give(f"arn:aws:iam::{OWNER}:role/sam", SAVED),
    give(f"arn:aws:iam::{OWNER}:role/tag", OnTagPolicy(OWNER, "DATABASE", LOW), "ALTER"),
    give(f"arn:aws:iam::{OWNER}:role/tag", where(level="low")),
    give(f"arn:aws:iam::{OWNER}:role/row", by_filter("f")),
    give(f"arn:aws:iam::{OWNER}:role/who", OnOther(OWNER, "{}")),
    give(IAM_ALLOWED_PRINCIPALS, named("u"), "ALL"),
    opted(OTHERS, named("u")),
    tag("db.t.a", level="low"),
]
NAMES = ("carl", "dora", "sam", "tag", "row", "who")
PEOPLE = {f"arn:aws:iam::{CONSUMER if name in NAMES[:2] else OWNER}:role/{name}": name for name in NAMES}
KNOWN = replace(WORLD, principals={**WORLD.principals, **PEOPLE, EVE: "eve"})
"""Everybody is known in every state: whom a state does not know is told by the name of all IAM principals alone."""
TABLES: Parts = [table(keys="day"), table("u", "a b")]
CIRCUMSTANCES: dict[str, Parts] = {
    "accepted": [accepted()],
    "waiting": [accepted(pending=True)],
    "waiting beside what is there": [accepted(pending=True, arrived=("db", "db/t"))],
    "waiting, but not for the table": [accepted(pending=True, arrived=("*", "*/*"), waiting=("db/u",))],
    "accepted elsewhere": [accepted(OTHER)],
    "an old version": [version(1), accepted()],
    "an old version with a policy": [version(2), catalog_policy()],
    "a policy from before": [version(4), catalog_policy()],
    "a policy in other words": [version(1), catalog_policy(Principal="*")],
    "an expression": [saved(level="low")],
    "another expression": [saved(level="high")],
    "a role that may": [role(ANN, team="sales")],
    "a role that may not": [role(ANN, team="hr")],
    "a role of a project": [role(ANN, AmazonDataZoneProject="x")],
    "somebody is opted in": [opted(ANN, named("u"))],
    "all tables for somebody": [opted(f"arn:aws:iam::{OWNER}:role/tag", named("*"))],
    "all of the account": [opted(f"{OWNER}:IAMPrincipals", DB)],
    "a group is opted in": [opted(GROUP, named("u"))],
    "an account is opted in": [accepted(), opted(CONSUMER, DB)],
    "an account and somebody": [accepted(), opted(CONSUMER, DB), opted(BOB, DB, by=CONSUMER)],
    "a link": [link(), give(BOB, OnDatabase(CONSUMER, "rl_db"), "DESCRIBE", by=CONSUMER)],
    "the database is low": [tag("db", level="low")],
    "a table is low": [tag("db.u", level="low")],
    "another column is low": [tag("db.t.b", level="low")],
    "a column is high": [tag("db.t.a", level="high")],
    "a filter": [row_filter("f", "a = 1")],
    "another filter": [row_filter("f", "a = 2", "b")],
    "administrators": [admins(OWNER, ANN), admins(CONSUMER, BOB)],
    "a place": [registered(hybrid=True)],
    "a grant more": [give(EVE, columns("a"))],
    "another grant": [give(CONSUMER, named(), "ALTER")],
    "no table": [],
    "files": [table(keys="day", uri="s3://lake/t/")],
    "another column": [table(columns="a b c d", keys="day")],
    "rows by a policy": [table(keys="day", rest={"RLSProperties": "x"})],
    "a view": [table(keys="day", sort="VIRTUAL_VIEW")],
    "other keys": [table(columns="a b", keys="c day")],
    "open": [give(IAM_ALLOWED_PRINCIPALS, where(level="low"), "ALL")],
}
SILENT = ("accepted elsewhere", "a link", "a place")
"""Nothing follows from these by themselves."""
DIRECTORIES: dict[str, PrincipalDirectory] = {
    "one organization": replace(KNOWN, organizations={CONSUMER: "o-abcdefghij", OWNER: "o-abcdefghij"}),
    "the consumer alone": replace(KNOWN, organizations={CONSUMER: "o-abcdefghij"}),
    "other groups": replace(KNOWN, groups={ANN: (OTHERS,)}),
    "a group more": replace(KNOWN, groups={**WORLD.groups, EVE: (GROUP,)}),
}


@cache
def found(name: str) -> Access:
    """The state under a circumstance; without any where it has no name."""
    tables = [] if name == "no table" else TABLES
    return access(*tables, *GRANTS, *CIRCUMSTANCES.get(name, []), directory=DIRECTORIES.get(name, KNOWN))


def all_pairs(before: Access, after: Access) -> Affected:
    """As if anything could have changed for anybody; for whoever was opted in and given nothing, too."""
    found = everything(before, after)
    places = {*before.tables, *after.tables}
    opted_in = {name for state in (before, after) for _, name in state.state.opted_in}
    return Affected({**found.pairs, **{name: {*places} for name in opted_in}}, found.things)


def some_of(parts: Parts) -> st.SearchStrategy[Parts]:
    """Any of them, in the order in which they stand."""
    return st.sets(st.integers(0, len(parts) - 1)).map(lambda chosen: [parts[number] for number in sorted(chosen)])


a_state = st.builds(
    lambda grants, circumstances, directory: access(*TABLES, *grants, *circumstances, directory=directory),
    some_of(GRANTS),
    st.lists(st.sampled_from([*CIRCUMSTANCES.values()]), max_size=3).map(
        lambda those: [part for parts in those for part in parts]
    ),
    st.sampled_from([KNOWN, *DIRECTORIES.values()]),
)


@settings(max_examples=60, deadline=None)
@given(a_state, a_state)
def test_what_many_circumstances_do_together_is_told(before: Access, after: Access) -> None:
    assert difference(before, after) == compare(before, after, all_pairs(before, after))


@pytest.mark.parametrize("name", [name for name in CIRCUMSTANCES if "version" in name or "policy" in name])
def test_what_an_owners_settings_do_to_a_single_grant_is_told(name: str) -> None:
    """Beside another grant to the same account it would be looked at anyway."""
    for grant in GRANTS:
        for directory in (KNOWN, *DIRECTORIES.values()):
            before, after = (
                access(*TABLES, grant, accepted(), *more, directory=directory) for more in ([], CIRCUMSTANCES[name])
            )
            assert difference(before, after) == compare(before, after, all_pairs(before, after))


EVERY = (*CIRCUMSTANCES, *DIRECTORIES)


@pytest.mark.parametrize("name", EVERY)
def test_what_a_circumstance_does_to_anybody_is_told(name: str) -> None:
    other = EVERY[EVERY.index(name) - 1]
    for before, after in ((found(""), found(name)), (found(name), found("")), (found(other), found(name))):
        assert difference(before, after) == compare(before, after, all_pairs(before, after))
    if name not in SILENT:
        assert not difference(found(""), found(name)).is_empty


def test_what_a_member_of_a_group_comes_to_have_when_his_account_accepts_is_told() -> None:
    """A group of Identity Center has no account; its members have."""
    parts: Parts = [*TABLES, give(GROUP, named(), "INSERT")]
    gained = difference(access(*parts), access(*parts, accepted())).gained
    assert {(each.principal, each.change) for each in gained} == {(BOB, "raw-read"), (BOB, "unknown")}
