"""Rights on databases, the catalog, data locations and LF-tags: who has them, what changes, as facts and in words."""

from __future__ import annotations

import pytest

from reconciler.access import AccessDifference, changed_facts, difference, facts_of
from reconciler.access.evaluation.rights import RightsIndex
from reconciler.model.lakeformation import (
    OnCatalog,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnLocation,
    OnSavedExpression,
    OnTable,
    OnTag,
    OnTagPolicy,
    Target,
    expression,
)
from reconciler.model.resource import AnyResource
from reconciler.report.access_lines import gained, lost
from tests.access.building import (
    ANN,
    BOB,
    CONSUMER,
    OWNER,
    A,
    Parts,
    accepted,
    access,
    give,
    link,
    named,
    saved,
    table,
    tag,
)
from tests.estate import bank

DB = OnDatabase(OWNER, "db")
WHERE = OnTagPolicy(OWNER, "DATABASE", expression({"level": ("low",)}))
PLACE = OnLocation(OWNER, "arn:aws:s3:::lake/raw")


def held(principal: str, *parts: AnyResource | list[AnyResource]) -> dict[str, bool]:
    """The permissions of a principal on whatever, and whether each is certain."""
    return {right.permission: not right.reasons for right in RightsIndex(access(*parts)).of(principal).values()}


def changed(before: Parts, after: Parts) -> AccessDifference:
    """The difference of two states."""
    return difference(access(*before), access(*after))


@pytest.mark.parametrize(
    ("permission", "comes"),
    [
        ("CREATE_TABLE", {"CREATE_TABLE", "DESCRIBE"}),
        ("DESCRIBE", {"DESCRIBE"}),
        ("ALL", {"ALL", "ALTER", "CREATE_TABLE", "DESCRIBE", "DROP"}),
    ],
)
def test_what_comes_with_a_permission_on_a_database(permission: str, comes: set[str]) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html"""
    assert set(held(ANN, table(), give(ANN, DB, permission))) == comes


@pytest.mark.parametrize("target", [WHERE, OnSavedExpression(OWNER, "DATABASE", "mine")])
def test_databases_by_their_tags(target: Target) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/granting-catalog-perms-TBAC.html"""
    parts: Parts = [table(), saved(level="low"), give(ANN, target, "ALTER")]
    assert held(ANN, *parts) == {}
    assert held(ANN, *parts, tag("db", level="low")) == {"ALTER": True, "DESCRIBE": True}
    assert held(ANN, *parts, tag("db.t", level="low")) == {}


@pytest.mark.parametrize(
    ("pairs", "matches"),
    [
        ({"level": "low"}, True),
        ({"level": "high"}, False),
        ({"level": "low high"}, True),
        ({"team": "*"}, True),
        ({"other": "*"}, False),
        ({"level": "low", "team": "x"}, True),
        ({"level": "low", "team": "y"}, False),
        ({"level": "high", "team": "*"}, False),
        ({"level": "low", "other": "*"}, False),
    ],
)
def test_databases_have_every_key_of_an_expression_with_one_of_its_values(pairs: dict[str, str], matches: bool) -> None:
    terms = expression({key: values.split() for key, values in pairs.items()})
    parts: Parts = [table(), tag("db", level="low", team="x"), table("z", database="bare")]
    parts += [tag("half", level="low"), table("z", database="half")]
    rights = RightsIndex(access(*parts, give(ANN, OnTagPolicy(OWNER, "DATABASE", terms), "ALTER"))).of(ANN)
    found = {thing.database for thing, _ in rights if isinstance(thing, OnDatabase)}
    half = set(pairs) == {"level"} and matches
    assert found == ({"db"} if matches else set()) | ({"half"} if half else set())


def test_of_what_an_account_received_only_what_it_passed_on() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html"""
    parts: Parts = [table(), give(CONSUMER, DB, "CREATE_TABLE"), give(BOB, DB, "CREATE_TABLE", "ALTER", by=CONSUMER)]
    assert held(BOB, *parts) == {}
    assert held(BOB, *parts, accepted()) == {"CREATE_TABLE": True, "DESCRIBE": True}
    assert held(BOB, *parts, accepted(pending=True)) == {"CREATE_TABLE": False, "DESCRIBE": False}
    assert held(CONSUMER, *parts) == {"CREATE_TABLE": True, "DESCRIBE": True}


@pytest.mark.parametrize(
    ("target", "permission", "said"),
    [
        (DB, "CREATE_TABLE", "CREATE_TABLE, DESCRIBE on database db"),
        (OnCatalog(OWNER), "CREATE_DATABASE", "CREATE_DATABASE on the catalog"),
        (PLACE, "DATA_LOCATION_ACCESS", "DATA_LOCATION_ACCESS on the location s3://lake/raw"),
        (OnTag(OWNER, "level", "low"), "ASSOCIATE", "ASSOCIATE, DESCRIBE on the LF-tag level=low"),
    ],
)
def test_what_somebody_gains_and_loses_is_told(target: Target, permission: str, said: str) -> None:
    before, after = [table()], [table(), give(ANN, target, permission)]
    assert [*gained(changed([*before], [*after]))] == [f"owner/ann may {said}"]
    assert [*lost(changed([*after], [*before]))] == [f"owner/ann may no longer {said}"]
    assert changed([*after], [*after]).is_empty


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (OnTable(OWNER, "db", "t"), "table t"),
        (OnTable(OWNER, "db", "*"), "all tables of db"),
        (OnColumns(OWNER, "db", "t", (A, "b")), "columns a, b of t"),
        (OnColumns(OWNER, "db", "t", (A,), excluded=True), "all columns but a of t"),
        (OnFilter(OWNER, "db", "t", "some"), "the filter some of t"),
        (OnTagPolicy(OWNER, "TABLE", expression({"level": ("low",)})), "tables where level=low"),
    ],
    ids=str,
)
def test_what_may_be_passed_on_is_said_as_people_say_it(target: Target, said: str) -> None:
    found = access(table(), give(ANN, target, "SELECT", grantable=True))
    (right,) = RightsIndex(found).of(ANN).values()
    (fact,) = [each for each in facts_of(found, bank()) if each.thing]
    assert (fact.thing, fact.permission, fact.grantable, right.grantable) == (said, "SELECT", True, True)
    by_tags = isinstance(target, OnTagPolicy)
    assert (fact.database, fact.table) == (("", "") if by_tags else ("db", "*" if said.startswith("all t") else "t"))
    assert fact.via == (f"owner grants SELECT on {target} to owner/ann, to pass on",)


def test_who_has_a_right_twice_has_it_once_by_every_grant_and_surely_if_any_is_sure() -> None:
    perhaps = give(f"{OWNER}:IAMPrincipals", DB, "ALTER", condition="who knows", grantable=True)
    for more, certain in (([], False), (give(ANN, DB, "ALTER"), True), (give(ANN, DB, "DROP"), False)):
        rights = RightsIndex(access(table(), perhaps, more)).of(ANN)
        alter, sight = rights[DB, "ALTER"], rights[DB, "DESCRIBE"]
        assert (not alter.reasons, alter.grantable, sight.grantable) == (certain, True, False)
        assert len(sight.given) == len({*sight.given}) == (2 if more else 1)
        assert not sight.reasons if more else sight.reasons
        assert len(alter.given) == (2 if certain else 1)
    both = RightsIndex(access(table(), perhaps, give(ANN, DB, "ALL", condition="nor this"))).of(ANN)[DB, "ALTER"]
    assert len(both.reasons) == 2


def test_only_what_was_granted_may_be_passed_on_not_what_comes_with_it() -> None:
    rights = RightsIndex(access(table(), give(ANN, DB, "CREATE_TABLE", grantable=True))).of(ANN)
    assert {key[1]: right.grantable for key, right in rights.items()} == {"CREATE_TABLE": True, "DESCRIBE": False}
    every = RightsIndex(access(table(), give(ANN, DB, "ALL", grantable=True))).of(ANN)
    assert len(every) == 5
    assert all(each.grantable for each in every.values())
    shared: Parts = [table(), give(CONSUMER, DB, "ALL", grantable=True), accepted()]
    passed = RightsIndex(access(*shared, give(BOB, DB, "ALTER", by=CONSUMER))).of(BOB)
    assert not any(each.grantable for each in passed.values())


def test_of_rights_only_those_about_what_was_asked_are_told() -> None:
    index = RightsIndex(access(table(), give(ANN, DB, "ALTER"), give(ANN, PLACE, "DATA_LOCATION_ACCESS")))
    assert {key[0] for key in index.of(ANN, {PLACE})} == {PLACE}
    assert {key[0] for key in index.of(ANN, {DB})} == {DB}
    assert index.of(ANN, set()) == {}


def test_values_of_a_tag_that_come_together_are_one_thing() -> None:
    given = [each for value in ("low", "high") for each in give(ANN, OnTag(OWNER, "level", value), "DESCRIBE")]
    assert [*gained(changed([], [given]))] == ["owner/ann may DESCRIBE on the LF-tag level in (high, low)"]


def test_the_grant_option_is_told_and_is_a_fact() -> None:
    plain, option = give(ANN, DB, "ALTER"), give(ANN, DB, "ALTER", grantable=True)
    found = changed([table(), plain], [table(), option])
    assert [*gained(found)] == ["owner/ann may ALTER with grant option on database db"]
    (changed_fact,) = changed_facts(found, bank())
    fact = changed_fact.fact
    assert (fact.permission, fact.grantable, fact.thing) == ("ALTER", True, "database db")
    assert changed_fact.change == "rights"


def test_to_see_a_database_or_link_is_not_told_of_who_reads_its_tables() -> None:
    parts: Parts = [table(), accepted(), link(), give(CONSUMER, DB, "DESCRIBE"), give(CONSUMER, named())]
    reads: Parts = [
        give(BOB, named(), by=CONSUMER),
        give(BOB, DB, "DESCRIBE", by=CONSUMER),
        give(BOB, OnDatabase(CONSUMER, "rl_db"), "DESCRIBE", by=CONSUMER),
    ]
    assert [entry.change for entry in changed(parts, [*parts, *reads]).gained] == ["columns"]
    two: Parts = [*parts, table("u")]
    assert [entry.change for entry in changed(two, [*two, *reads]).gained] == ["columns"]
    assert [entry.change for entry in changed(parts, [*parts, reads[1]]).gained] == ["rights"]


def test_a_tag_on_a_database_opens_rights_by_tags() -> None:
    parts: Parts = [table(), give(ANN, WHERE, "CREATE_TABLE")]
    (entry,) = changed(parts, [*parts, tag("db", level="low")]).gained
    assert (entry.change, entry.where, entry.permissions) == ("rights", "database db", ("CREATE_TABLE", "DESCRIBE"))
    assert entry.via == (f"owner grants CREATE_TABLE on databases of {OWNER} where level=low to owner/ann",)


def test_rights_are_facts_of_a_state() -> None:
    state = access(table(), give(ANN, PLACE, "DATA_LOCATION_ACCESS"), give(ANN, DB, "DROP"))
    told = {(each.permission, each.thing, each.database) for each in facts_of(state, bank())}
    assert told == {
        ("DATA_LOCATION_ACCESS", "the location s3://lake/raw", ""),
        ("DROP", "database db", "db"),
        ("DESCRIBE", "database db", "db"),
    }


OF_TABLES = [
    OnTable(OWNER, "db", "t"),
    OnTable(OWNER, "db", "*"),
    OnColumns(OWNER, "db", "t", (A,)),
    OnColumns(OWNER, "db", "t", (A,), excluded=True),
    OnFilter(OWNER, "db", "t", "some"),
    OnTagPolicy(OWNER, "TABLE", expression({"level": ("low",)})),
]


@pytest.mark.parametrize("target", OF_TABLES, ids=str)
@pytest.mark.parametrize("before", [[], ["as it was"]], ids=["new", "read before"])
def test_who_may_newly_pass_on_what_he_reads_of_a_table_is_told(target: Target, before: list[str]) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/granting-catalog-permissions.html"""
    had: Parts = [table(), give(ANN, target, "SELECT")] if before else [table()]
    has: Parts = [table(), give(ANN, target, "SELECT", grantable=True)]
    (entry,) = [each for each in changed(had, has).gained if each.change == "rights"]
    assert (entry.principal, entry.permissions) == (ANN, ("SELECT with grant option",))
    assert [each.permissions for each in changed(has, had).lost if each.change == "rights"] == [entry.permissions]
    assert changed(has, has).is_empty
    assert [fact.thing for fact in facts_of(access(*has), bank()) if fact.grantable] == [entry.thing]
    assert any("owner/ann" in line and "SELECT with grant option" in line for line in gained(changed(had, has)))


@pytest.mark.parametrize("target", OF_TABLES, ids=str)
def test_what_a_whole_account_may_pass_on_is_told_as_what_it_was_shared(target: Target) -> None:
    difference_ = changed([table()], [table(), give(CONSUMER, target, "SELECT", grantable=True)])
    assert [each for each in (*difference_.gained, *difference_.shared) if each.change == "rights"] == []
