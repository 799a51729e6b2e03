"""Arguments: why somebody reads a column, and what is missing where he does not."""

from __future__ import annotations

import pytest

from reconciler.access import Access, TableId
from reconciler.access.explanation.explain import Explanation, explain
from reconciler.access.queries.find import Unknown, principal, table_and_column, tables_and_column
from reconciler.access.queries.find import table as find_table
from reconciler.access.queries.verify import lists_in_part, verify
from reconciler.model.lakeformation import Grant, OnDatabase, Target
from reconciler.model.resource import AnyResource
from reconciler.report.access_text import explanation_text
from tests.access.building import (
    ANN,
    BOB,
    CONSUMER,
    EVE,
    OWNER,
    WORLD,
    T,
    accepted,
    access,
    admins,
    by_filter,
    columns,
    give,
    link,
    named,
    on,
    row_filter,
    table,
    tag,
    where,
)
from tests.estate import CENTRAL, access_of, bank

SEEN = give(BOB, OnDatabase(CONSUMER, "rl_db"), "DESCRIBE", by=CONSUMER)


def why(who: str, column: str | None, *parts: AnyResource | list[AnyResource]) -> Explanation:
    """The explanation in a state of these parts."""
    return explain(access(*parts), who, T, column)


def because(who: str, column: str, *parts: AnyResource | list[AnyResource]) -> tuple[str, ...]:
    """The sentences about one column."""
    (answer,) = why(who, column, *parts).answers
    return answer.because


def test_the_argument_names_share_tags_grant_acceptance_and_link() -> None:
    parts = [table(), tag("db", team="x"), tag("db.t.a", level="low"), accepted(), link(), SEEN]
    policy = where(team="x", level="low mid")
    found = because(BOB, "a", *parts, give(CONSUMER, policy), give(BOB, policy, by=CONSUMER))
    assert found == (
        "consumer was granted SELECT on level in (low, mid) AND team=x",
        "the tag level=low is its own",
        "the tag team=x is inherited from database db",
        "consumer/bob was granted the same in its own account",
        "consumer accepted the shares of owner",
        "the link rl_db shows it",
    )


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (named(), "db.t"),
        (named("*"), "all tables of db"),
        (columns("a", "b"), "the columns a, b"),
        (columns("b", "c", excluded=True), "all columns but b, c"),
    ],
)
def test_what_was_granted_is_said_as_people_say_it(target: Target, said: str) -> None:
    assert because(ANN, "a", table(), give(ANN, target)) == (f"owner/ann was granted SELECT on {said}",)


def test_rows_are_part_of_the_argument() -> None:
    found = because(ANN, "a", table(), row_filter("f", "b = 1"), give(ANN, by_filter("f")))
    assert found == ("owner/ann was granted SELECT on the data filter f", "only rows where b = 1")


def test_a_partition_key_is_explained_as_one() -> None:
    found = because(ANN, "day", table(keys="day"), tag("db.t.a", level="low"), give(ANN, where(level="low")))
    assert found[-1] == "partition keys cannot be held back from who reads any column"


def test_of_a_tag_that_is_missing_the_value_is_named() -> None:
    parts = [table(), tag("db", team="x"), tag("db.t.a", level="high"), give(ANN, where(team="x", level="low mid"))]
    assert because(ANN, "a", *parts) == (
        "the tag level=high is its own; owner/ann was granted only level in (low, mid)",
    )
    assert because(ANN, "b", *parts) == ("it has no tag level; owner/ann was granted only level in (low, mid)",)


def test_nothing_granted_is_said() -> None:
    assert because(ANN, "a", table()) == ("owner/ann has no grant of SELECT that reaches db.t",)
    assert because(ANN, "a", table(), give(ANN, named(), "INSERT")) == (
        "owner/ann has no grant of SELECT that reaches db.t; it has only INSERT",
    )


def test_columns_and_filters_that_leave_it_out_are_named() -> None:
    parts = [table(), row_filter("f", "", "a"), give(ANN, by_filter("f")), give(ANN, columns("b"))]
    assert because(ANN, "c", *parts) == (
        "not among the columns that owner/ann was granted",
        "not among the columns of the data filter f",
    )


def test_a_share_that_is_not_accepted_is_missing() -> None:
    parts = [table(), give(CONSUMER, named()), give(BOB, named(), by=CONSUMER)]
    assert because(BOB, "a", *parts) == ("the share of owner is not accepted in consumer",)


def test_a_share_that_was_not_passed_on_is_missing() -> None:
    found = because(BOB, "a", table(), give(CONSUMER, named()), accepted())
    assert found == ("consumer/bob has no grant of SELECT that reaches db.t",)


def test_both_sides_that_leave_a_column_out_are_named() -> None:
    found = because(BOB, "c", table(), give(CONSUMER, columns("a")), give(BOB, columns("b"), by=CONSUMER), accepted())
    assert found == (
        "not among the columns that consumer was granted",
        "not among the columns that consumer/bob was granted",
    )


def test_a_missing_link_and_one_that_is_hidden_are_remarks() -> None:
    direct = [*give(BOB, named()), accepted()]
    assert why(BOB, "a", table(), direct).remarks == (
        "the link is missing: consumer has none to database db, so Athena cannot query it",
    )
    assert why(BOB, "a", table(), direct, link()).remarks == (
        "the link rl_db is there, but consumer/bob has no DESCRIBE on it",
    )
    assert why(BOB, "a", table(), direct, link(), SEEN).remarks == ()


def test_what_else_one_should_know_is_remarked() -> None:
    assert "no columns" in why(ANN, None, table(columns="")).remarks[0]
    assert "past columns and rows" in why(ANN, "a", table(), give(ANN, named(), "INSERT")).remarks[0]
    assert "may grant itself more" in why(ANN, "a", table(), admins(OWNER, ANN)).remarks[0]
    assert "what it was given" in why(BOB, "a", table(), link(), SEEN, admins(CONSUMER, BOB)).remarks[0]
    opened = give("IAM_ALLOWED_PRINCIPALS", named(), "ALL")
    assert "open to IAM" in why(ANN, "a", table(), opened).remarks[0]


def test_an_account_as_a_whole_needs_no_link() -> None:
    assert why(CONSUMER, "a", table(), give(CONSUMER, named()), accepted(), link()).remarks == ()


def test_columns_with_one_explanation_are_told_together() -> None:
    parts = [table(), tag("db.t", level="low"), tag("db.t.c", level="high"), give(ANN, where(level="low"))]
    found = why(ANN, None, *parts)
    lines = list(explanation_text(found, WORLD))
    assert lines[0] == f"owner/ann ({ANN}) on db.t: 2 of 3 columns; DESCRIBE, SELECT"
    assert [line for line in lines[1:] if line.endswith("because")] == [
        "owner/ann reads a and b, because",
        "owner/ann does not read c, because",
    ]
    assert [(answer.columns, answer.readable) for answer in found.answers] == [(("a", "b"), True), (("c",), False)]


def test_a_column_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"has no column x"):
        why(ANN, "x", table())


def test_the_text_numbers_the_sentences() -> None:
    lines = list(explanation_text(why(ANN, "a", table(), give(ANN, named())), WORLD))
    assert lines[1:] == ["owner/ann reads t.a, because", "  1. owner/ann was granted SELECT on db.t."]


@pytest.mark.parametrize("word", [BOB, "consumer/bob", "bob"])
def test_a_principal_is_found_by_arn_name_and_role(word: str) -> None:
    assert principal(access(table()), bank(), word) == BOB


def test_an_unknown_principal_is_an_error_with_a_suggestion() -> None:
    with pytest.raises(Unknown, match=r"no principal consumer/bop \(did you mean consumer/bob\?\)"):
        principal(access(table()), bank(), "consumer/bop")


def test_a_name_of_two_principals_is_an_error_with_both() -> None:
    twin = EVE.replace("eve", "bob")
    with pytest.raises(Unknown, match=r"may be any of these.*consumer/bob.*other/bob"):
        principal(access(table(), give(twin, named())), bank(), "bob")


def test_tables_and_columns_are_found_by_name_and_unknown_ones_are_errors() -> None:
    found = access(table(), table("u"), table("t", database="other"))
    mesh = bank()
    assert find_table(found, mesh, "db.t") == T
    assert table_and_column(found, mesh, "u") == (find_table(found, mesh, "db.u"), None)
    assert table_and_column(found, mesh, "db.t.a") == (T, "a")
    with pytest.raises(Unknown, match=r"t may be any of these; say which: db\.t, other\.t"):
        find_table(found, mesh, "t")
    with pytest.raises(Unknown, match=r"no table db\.x"):
        table_and_column(found, mesh, "db.x")
    with pytest.raises(Unknown, match=r"db\.t has no column aa \(did you mean a\?\)\. It has: a, b, c"):
        table_and_column(found, mesh, "db.t.aa")


@pytest.fixture(scope="module")
def banks() -> Access:
    """The example mesh's wanted access."""
    return access_of(bank())


def test_tables_of_products_are_found_by_product(banks: Access) -> None:
    for word in ("credit_card", "credit-card.credit_card", "credit-profile/credit_card"):
        assert find_table(banks, bank(), word).catalog == CENTRAL


@pytest.mark.parametrize("word", ["credit-profile", "consumer-banking/credit-profile", "credit-card"])
def test_a_product_is_each_of_its_tables(banks: Access, word: str) -> None:
    assert tables_and_column(banks, bank(), word) == ((TableId(CENTRAL, "credit-card", "credit_card"),), None)
    with pytest.raises(Unknown, match=r"is a product; ask about one of its tables: credit_card\."):
        table_and_column(banks, bank(), word)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("consumer-banking", "is a domain; ask about a table of its products: credit-profile"),
        ("sensitivity=restricted", "is an LF-tag"),
        ("product=credit-profile", "is an LF-tag"),
        ("analytics-coe", "is no table but reads them"),
        ("banking-data", "is no table but reads them"),
    ],
)
def test_what_is_no_table_is_called_what_it_is(banks: Access, word: str, told: str) -> None:
    with pytest.raises(Unknown, match=f"^{word} {told}"):
        tables_and_column(banks, bank(), word)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("analytics-coe", "is a consumer; ask about one of its principals: analytics-coe/credit-analyst, "),
        ("consumer-banking", "is a domain"),
        ("credit-profile", "is a product; ask who can read its tables"),
    ],
)
def test_what_is_no_principal_is_called_what_it_is(banks: Access, word: str, told: str) -> None:
    with pytest.raises(Unknown, match=f"^{word} {told}"):
        principal(banks, bank(), word)


def test_what_aws_lists_the_same_way_is_no_finding() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html"""
    found = on(ANN, table(keys="day"), give(ANN, columns("a")), give(ANN, columns("a"), "DESCRIBE"))
    assert not list(verify(found, [Grant(ANN, columns("a"), "SELECT")]))


def test_what_aws_lists_otherwise_is_a_finding_for_each_difference() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html"""
    found = on(ANN, table(), give(ANN, columns("a", "b")))
    messages = [
        each.message for each in verify(found, [Grant(ANN, columns("b", "c"), "SELECT"), Grant(ANN, named(), "DROP")])
    ]
    assert messages == [
        f"{ANN} on db.t: AWS lists DESCRIBE, DROP, SELECT, we say DESCRIBE, SELECT.",
        f"{ANN} on db.t: only AWS lists the columns c.",
        f"{ANN} on db.t: only we say the columns a.",
    ]


def test_columns_that_aws_lists_one_by_one_are_all_of_them() -> None:
    found = on(ANN, table(), give(ANN, columns("a", "b")))
    assert not [*verify(found, [Grant(ANN, columns(name), "SELECT") for name in "ab"])]


def test_of_a_table_without_columns_select_is_never_listed() -> None:
    bare = on(ANN, table(columns=""), give(ANN, named(), "SELECT", "DROP"))
    assert not [*verify(bare, [Grant(ANN, named(), "DROP")])]
    assert not [*verify(bare, [Grant(ANN, named(), "DROP"), Grant(ANN, named(), "SELECT")])]


def test_a_difference_where_we_are_not_certain_says_so() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html"""
    found = on(BOB, table(), give(BOB, columns("a")))
    assert not [*verify(found, [])]
    assert not [*verify(found, [Grant(BOB, columns("a"), "SELECT")])]
    assert [
        each.message for each in verify(found, [Grant(BOB, columns("b"), "DROP"), Grant(BOB, columns("b"), "SELECT")])
    ] == [
        f"{BOB} on db.t: AWS lists DESCRIBE, DROP, SELECT, we say at most DESCRIBE, SELECT, and at least nothing.",
        f"{BOB} on db.t: only AWS lists the columns b.",
    ]


def test_what_aws_leaves_out_is_no_finding_where_it_lists_in_part() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html"""
    state = access(table(), tag("db.t.a", level="low"), give(ANN, columns("b")), give(ANN, where(level="low")))
    found = state.on(ANN, T)
    assert lists_in_part(state, ANN, T)
    assert not lists_in_part(state, BOB, T)
    assert not [*verify(found, [Grant(ANN, columns("b"), "SELECT")], in_part=True)]
    assert [*verify(found, [Grant(ANN, columns("b"), "SELECT")])]
    assert [*verify(found, [Grant(ANN, columns("c"), "SELECT")], in_part=True)]


def test_the_implicit_describe_of_an_administrator_is_no_finding() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html"""
    found = on(ANN, table())
    assert not list(verify(found, [Grant(ANN, named(), "DESCRIBE")], is_admin=True))
    assert list(verify(found, [Grant(ANN, named(), "DESCRIBE")]))


def test_all_is_listed_on_a_view_and_is_what_a_view_takes() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html"""
    found = on(ANN, table(sort="VIRTUAL_VIEW"), give(ANN, named(), "ALL"))
    assert not list(verify(found, [Grant(ANN, named(), "ALL"), Grant(ANN, columns("a", "b", "c"), "SELECT")]))


def test_only_what_is_listed_of_a_view_counts_and_of_other_tables_nothing() -> None:
    seen_only = on(ANN, table(sort="VIRTUAL_VIEW"), give(ANN, named(), "DESCRIBE"))
    assert not list(verify(seen_only, [Grant(ANN, named(), "DESCRIBE")]))
    assert list(verify(seen_only, [Grant(ANN, named(), "DROP")]))
    found = on(ANN, table(), give(ANN, columns("a")))
    (missing,) = verify(found, [Grant(ANN, named("u"), "SELECT")])
    assert missing.message.endswith("only we say the columns a.")
    (missing,) = verify(found, [Grant(ANN, where(level="low"), "SELECT")])
    assert missing.message.endswith("only we say the columns a.")


def test_whatever_value_a_grant_takes_is_not_what_is_missing() -> None:
    parts = [table(), tag("db.t.a", level="high", team="x"), give(ANN, where(level="low", team="*"))]
    found = access(*parts)
    (answer,) = explain(found, ANN, T, "a").answers
    assert answer.because == ("the tag level=high is its own; owner/ann was granted only level=low",)
    (answer,) = explain(found, ANN, T, "b").answers
    assert len(answer.because) == 2


def test_a_listed_filter_stands_for_its_columns() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering.html"""
    found = on(ANN, table(), row_filter("f", "c = 1", "a"), give(ANN, by_filter("f")))
    assert not list(verify(found, [Grant(ANN, by_filter("f"), "SELECT")]))
    assert len(list(verify(found, [Grant(ANN, by_filter("g"), "SELECT")]))) == 1
