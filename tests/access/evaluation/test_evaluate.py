"""Grants by name: tables, all tables, columns, data filters, views; what each permission implies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.model.lakeformation import OnDatabase, OnFilter
from tests.access.building import (
    ANN,
    BOB,
    CONSUMER,
    OWNER,
    accepted,
    access,
    by_filter,
    columns,
    everything,
    give,
    named,
    on,
    row_filter,
    seen,
    table,
    tag,
    where,
)


@pytest.mark.parametrize("right", ["SELECT", "ALTER", "DROP", "DELETE", "INSERT"])
def test_every_permission_on_a_table_implies_describe(right: str) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html"""
    assert on(ANN, table(), give(ANN, named(), right)).permissions == tuple(sorted(("DESCRIBE", right)))


def test_describe_gives_no_data() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html"""
    assert seen(on(ANN, table(), give(ANN, named(), "DESCRIBE"))) == {}


def test_all_is_every_permission() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html"""
    found = on(ANN, table(), give(ANN, named(), "ALL"))
    assert found.permissions == ("ALL", "ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT")
    assert seen(found) == everything("a", "b", "c")


def test_a_grant_on_all_tables_reaches_every_table_and_view_of_the_database() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/views-notes.html"""
    wild = give(ANN, named("*"))
    assert seen(on(ANN, table(), wild)) == everything("a", "b", "c")
    assert seen(on(ANN, table(sort="VIRTUAL_VIEW"), wild)) == everything("a", "b", "c")
    assert on(ANN, table(), give(ANN, named("*", "other"))).is_nothing


def test_a_grant_on_the_database_opens_no_table() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html"""
    assert on(ANN, table(), give(ANN, OnDatabase(OWNER, "db"), "ALL")).is_nothing


def test_listed_columns_are_read_and_no_others() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html"""
    assert seen(on(ANN, table(), give(ANN, columns("a", "gone")))) == everything("a")


def test_excluded_columns_are_not_read_and_all_others_are() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html"""
    assert seen(on(ANN, table(), give(ANN, columns("a", excluded=True)))) == everything("b", "c")


def test_a_field_of_a_struct_counts_as_its_column_and_one_left_out_leaves_the_rest() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering.html"""
    for names, excluded, read in (
        (('"a"."zip"', "c"), False, "ac"),
        (('"a"."zip"."x"',), False, "a"),
        (('"a"."zip"', "c"), True, "ab"),
        (('"gone"."zip"',), True, "abc"),
    ):
        parts = [table(), row_filter("f", "", *names, excluded=excluded), give(ANN, by_filter("f"))]
        assert seen(on(ANN, *parts)) == everything(*read)


def test_a_table_that_carries_the_tag_whose_columns_all_say_otherwise_can_be_seen() -> None:
    """Not documented; the least: https://docs.aws.amazon.com/lake-formation/latest/dg/lf-tag-considerations.html"""
    parts = [table(), tag("db.t", level="high", team="x"), *(tag(f"db.t.{name}", level="mid") for name in "abc")]
    for pairs, rights in (
        ({"level": "high"}, ("DESCRIBE",)),
        ({"level": "high", "team": "*"}, ("DESCRIBE",)),
        ({"level": "low"}, ()),
        ({"level": "high", "team": "y"}, ()),
        ({"level": "low", "team": "*"}, ()),
        ({"other": "*", "level": "high"}, ()),
        ({"level": "mid"}, ("DESCRIBE", "SELECT")),
    ):
        assert on(ANN, *parts, give(ANN, where(**pairs))).permissions == rights


def test_what_stands_in_another_region_than_the_catalog_is_about_links_alone() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/data-access-across-region.html"""
    here, (elsewhere,) = give(ANN, columns("a")), give(ANN, named(), "SELECT")
    for region in ("ap-south-1", "us-east-1"):
        place = elsewhere.address.placement._replace(region=region)
        away = replace(elsewhere, address=elsewhere.address._replace(placement=place))
        found = on(ANN, table(), away, *here, give(ANN, columns("a"), "DESCRIBE"), give(ANN, named("*"), "ALTER"))
        assert (seen(found), found.permissions) == (everything("a"), ("ALTER", "DESCRIBE", "SELECT"))


def test_partition_keys_come_with_any_column() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html"""
    parted = table(keys="day")
    assert seen(on(ANN, parted, give(ANN, columns("a")))) == everything("a", "day")
    assert seen(on(ANN, parted, give(ANN, columns("day", excluded=True)))) == everything("a", "b", "c", "day")
    assert seen(on(ANN, parted, tag("db.t.a", level="low"), give(ANN, where(level="low")))) == everything("a", "day")


def test_partition_keys_do_not_make_a_match_partial() -> None:
    """They cannot be held back, so their tags do not count: docs.../lf-permissions-reference.html"""
    own = [tag(f"db.t.{name}", level="low") for name in "abc"]
    found = on(ANN, table(keys="day"), *own, give(ANN, where(level="low"), "INSERT"))
    assert found.permissions == ("DESCRIBE", "INSERT")


def test_a_filter_gives_its_columns_and_its_rows() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering.html"""
    parts = [table(keys="day"), row_filter("f", "b = 1", "a"), give(ANN, by_filter("f"))]
    assert seen(on(ANN, *parts)) == {"a": "b = 1", "day": "b = 1"}


def test_a_filter_may_exclude_columns() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering.html"""
    parts = [table(), row_filter("f", "b = 1", "a", excluded=True), give(ANN, by_filter("f"))]
    assert seen(on(ANN, *parts)) == {"b": "b = 1", "c": "b = 1"}


def test_filters_add_up_cell_by_cell() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html"""
    filters = [row_filter("f", "b = 1", "a", "b"), row_filter("g", "b = 2", "b", "c")]
    given = [*give(ANN, by_filter("f")), *give(ANN, by_filter("g"))]
    assert seen(on(ANN, table(), *filters, given)) == {"a": "b = 1", "b": "(b = 1) OR (b = 2)", "c": "b = 2"}


def test_all_rows_prevail_over_conditions() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html"""
    filters = [row_filter("f", "b = 1"), row_filter("g", "", "a")]
    given = [*give(ANN, by_filter("f")), *give(ANN, by_filter("g"))]
    assert seen(on(ANN, table(), *filters, given)) == {"a": None, "b": "b = 1", "c": "b = 1"}


def test_describe_on_a_filter_gives_nothing_on_the_table() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/granting-filter-perms.html"""
    assert on(ANN, table(), row_filter("f"), give(ANN, by_filter("f"), "DESCRIBE", "DROP")).is_nothing


def test_a_filter_that_was_not_seen_makes_the_answer_unknown() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering.html"""
    found = on(ANN, table(), give(ANN, by_filter("f")))
    assert found.verdict == "unknown"
    assert found.reasons == ("the data filter f was not seen",)


def test_a_filter_that_the_account_made_itself_is_not_read() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html"""
    own = OnFilter(OWNER, "db", "t", "f", own=True)
    parts = [table(), row_filter("f", "", "a"), accepted(), give(CONSUMER, named()), give(BOB, own, by=CONSUMER)]
    found = on(BOB, *parts)
    assert (found.verdict, seen(found), [*found.possible]) == ("unknown", {}, ["a", "b", "c"])
    assert found.reasons == (f"the data filter f was made by {CONSUMER} itself and is not read",)


def test_a_view_takes_only_select_describe_and_drop() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html"""
    found = on(ANN, table(sort="VIRTUAL_VIEW"), give(ANN, named(), "ALL"))
    assert found.permissions == ("ALL", "DESCRIBE", "DROP", "SELECT")
    assert not found.raw_read


def test_a_view_is_judged_by_its_own_grants() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/views-notes.html"""
    parts = [table("base"), table(sort="VIRTUAL_VIEW"), give(ANN, named("base"))]
    assert on(ANN, *parts).is_nothing


@pytest.mark.parametrize("right", ["INSERT", "DELETE"])
def test_writing_without_reading_is_raw_read(right: str) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html"""
    assert on(ANN, table(), give(ANN, named(), right)).raw_read
    assert on(ANN, table(), give(ANN, named(), right), give(ANN, columns("a"))).raw_read
    assert not on(ANN, table(), give(ANN, named(), right, "SELECT")).raw_read


def test_writing_beside_rows_is_raw_read() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html"""
    parts = [table(), row_filter("f", "b = 1"), give(ANN, by_filter("f")), give(ANN, named(), "INSERT")]
    assert on(ANN, *parts).raw_read


def test_a_link_among_the_tables_is_no_table() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/resource-links-about.html"""
    assert not access(table(rest={"TargetTable": {"Name": "t"}})).tables
