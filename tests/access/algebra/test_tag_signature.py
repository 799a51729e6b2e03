"""LF-tags: inheritance, expressions, and what a policy gives where all, some or no columns match."""

from __future__ import annotations

import pytest

from reconciler.access import TableId
from reconciler.access.algebra.tag_signature import signature_key, signature_of
from reconciler.model.lakeformation import OnTagPolicy, expression
from tests.access.building import ANN, OWNER, everything, give, named, on, seen, table, tag, where

EVERY_RIGHT = ("ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT")


def test_a_table_inherits_the_tags_of_its_database_and_a_column_those_of_its_table() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/tag-based-access-control.html"""
    parts = [table(), tag("db", team="x"), tag("db.t", level="low")]
    assert seen(on(ANN, *parts, give(ANN, where(team="x", level="low")))) == everything("a", "b", "c")


def test_a_tag_below_overrides_the_inherited_value_of_that_key_only() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-assigning-tags.html"""
    parts = [table(), tag("db", team="x", level="low"), tag("db.t.b", level="high")]
    assert seen(on(ANN, *parts, give(ANN, where(level="low")))) == everything("a", "c")
    assert seen(on(ANN, *parts, give(ANN, where(level="high")))) == everything("b")
    assert seen(on(ANN, *parts, give(ANN, where(team="x")))) == everything("a", "b", "c")


def test_removing_an_override_restores_the_inherited_value() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-assigning-tags.html"""
    grant = give(ANN, where(level="low"))
    assert seen(on(ANN, table(), tag("db", level="low"), tag("db.t", level="high"), grant)) == {}
    assert seen(on(ANN, table(), tag("db", level="low"), grant)) == everything("a", "b", "c")


def test_keys_are_joined_by_and_values_by_or() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-tag-considerations.html"""
    parts = [table(), tag("db.t", team="x"), tag("db.t.a", level="low"), tag("db.t.b", level="mid")]
    assert seen(on(ANN, *parts, give(ANN, where(team="x", level="low mid")))) == everything("a", "b")
    assert seen(on(ANN, *parts, give(ANN, where(team="y", level="low mid")))) == {}


def test_a_column_without_a_key_of_the_expression_does_not_match() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/managing-dl-tutorial.html"""
    assert seen(on(ANN, table(), tag("db.t.a", level="low"), give(ANN, where(level="low")))) == everything("a")


def test_a_star_is_the_key_with_any_value() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/granting-catalog-perms-TBAC.html"""
    parts = [table(), tag("db.t.a", level="low"), tag("db.t.b", level="high")]
    assert seen(on(ANN, *parts, give(ANN, where(level="*")))) == everything("a", "b")


def test_table_policies_are_judged_column_by_column() -> None:
    """The tutorial: the database is confidential=false, two columns sensitive=true, and just these two are read.

    https://docs.aws.amazon.com/lake-formation/latest/dg/managing-dl-tutorial.html
    """
    parts = [table(), tag("db", confidential="false"), tag("db.t.a", sensitive="true"), tag("db.t.c", sensitive="true")]
    assert seen(on(ANN, *parts, give(ANN, where(confidential="false", sensitive="true")))) == everything("a", "c")


def test_database_policies_open_no_table() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/managing-dl-tutorial.html"""
    policy = OnTagPolicy(OWNER, "DATABASE", (("team", ("x",)),))
    assert on(ANN, table(), tag("db", team="x"), give(ANN, policy, "ALL")).is_nothing


def test_a_partial_match_leaves_select_and_describe_of_all() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-tag-considerations.html"""
    found = on(ANN, table(), tag("db.t.a", level="low"), give(ANN, where(level="low"), "ALL"))
    assert found.permissions == ("DESCRIBE", "SELECT")
    assert seen(found) == everything("a")
    assert not found.raw_read


@pytest.mark.parametrize("right", ["ALTER", "DROP", "INSERT", "DELETE"])
def test_a_partial_match_leaves_describe_of_writing(right: str) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-tag-considerations.html"""
    found = on(ANN, table(), tag("db.t.a", level="low"), give(ANN, where(level="low"), right))
    assert found.permissions == ("DESCRIBE",)
    assert seen(found) == {}


def test_a_match_of_all_columns_gives_as_much_as_a_grant_on_the_table() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-tag-considerations.html"""
    found = on(ANN, table(), tag("db.t", level="low"), give(ANN, where(level="low"), "ALL"))
    assert found.permissions == ("ALL", *EVERY_RIGHT)


def test_all_columns_matching_by_their_own_tags_is_a_match_of_the_table() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-tag-considerations.html"""
    own = [tag(f"db.t.{name}", level="low") for name in "abc"]
    assert "INSERT" in on(ANN, table(), *own, give(ANN, where(level="low"), "INSERT")).permissions


def test_a_table_that_matches_without_a_matching_column_is_seen_and_not_read() -> None:
    """Not documented; the least is taken: lake-formation.md 2.2.

    https://docs.aws.amazon.com/lake-formation/latest/dg/lf-tag-considerations.html
    """
    own = [tag(f"db.t.{name}", level="high") for name in "abc"]
    found = on(ANN, table(), tag("db.t", level="low"), *own, give(ANN, where(level="low"), "SELECT", "INSERT"))
    assert (found.permissions, seen(found)) == (("DESCRIBE",), {})


def test_a_table_without_columns_is_seen_and_not_read() -> None:
    """Not documented; the least is taken.

    https://docs.aws.amazon.com/lake-formation/latest/dg/lf-tag-considerations.html
    """
    found = on(ANN, table(columns=""), tag("db.t", level="low"), give(ANN, where(level="low"), "ALL"))
    assert (found.permissions, seen(found)) == (("DESCRIBE",), {})
    assert seen(on(ANN, table(columns=""), give(ANN, named()))) == {}


def test_policies_of_one_principal_add_up() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-tag-considerations.html"""
    parts = [table(), tag("db.t.a", level="low"), tag("db.t.b", level="high")]
    both = [*give(ANN, where(level="low")), *give(ANN, where(level="high"))]
    assert seen(on(ANN, *parts, both)) == everything("a", "b")


def test_policies_and_named_grants_add_up() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-metadata.html"""
    parts = [table(), tag("db.t.a", level="low")]
    found = on(ANN, *parts, give(ANN, where(level="low")), give(ANN, named(), "INSERT"))
    assert found.permissions == ("DESCRIBE", "INSERT", "SELECT")
    assert seen(found) == everything("a")


def test_tags_are_of_their_own_table_and_catalog() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-tag-considerations.html"""
    parts = [table(), table("u"), tag("db.t", level="low"), give(ANN, where(level="low"))]
    assert on(ANN, *parts, place=TableId(OWNER, "db", "u")).is_nothing


@pytest.mark.parametrize("values", [(), ("low",), ("low", "high"), ("*",), ("mid",)])
@pytest.mark.parametrize("team", [(), ("x",), ("*",), ("y",)])
def test_a_match_is_that_of_each_column_and_of_the_table_by_itself(
    values: tuple[str, ...], team: tuple[str, ...]
) -> None:
    """Of an expression without any key nothing matches."""
    asked = {key: those for key, those in (("level", values), ("team", team)) if those}
    own = (("level", "low"), ("team", "x"))
    columns = ((), (("level", "high"),), (("level", "low"),), (("team", "y"),), (("other", "z"),))
    signature = signature_of(signature_key(own, columns, 1, False))

    def matches(tags: dict[str, str]) -> bool:
        return bool(asked) and all(key in tags and ("*" in those or tags[key] in those) for key, those in asked.items())

    found = signature.match(expression(asked))
    assert found.columns == sum(matches(dict((*own, *its))) << number for number, its in enumerate(columns))
    assert found.table == matches(dict(own))
    for key in ("level", "team", "other", "none"):
        assert signature.values(key) == tuple(dict((*own, *its)).get(key) for its in columns)
    for number, its in enumerate(columns):
        assert signature.tags(number) == tuple(sorted(dict((*own, *its)).items()))
    assert (signature.data, signature.keys, signature.all) == (0b1111, 0b10000, 0b11111)
