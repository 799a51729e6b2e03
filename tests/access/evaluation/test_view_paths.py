"""What a view shows: said of views of Athena, a way to the tables behind it where a definer's rights are used."""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.access import difference, facts_of
from reconciler.access.evaluation.other_paths import other_paths
from reconciler.access.state import view_text as module
from reconciler.access.state.view_text import view_text
from reconciler.model.resource import AnyResource
from tests.access.building import ANN, OWNER, access, columns, give, named, table
from tests.estate import bank

DEFINER = f"arn:aws:iam::{OWNER}:role/definer"


def of_athena(sql: str, schema: str = "db") -> dict[str, Any]:
    said = base64.b64encode(json.dumps({"originalSql": sql, "schema": schema}).encode()).decode()
    return {"ViewOriginalText": f"/* Presto View: {said} */", "ViewExpandedText": "/* Presto View */"}


def of_glue(sql: str, *more: str, tables: tuple[str, ...] = ()) -> dict[str, Any]:
    representations = [{"Dialect": "ATHENA", "ViewOriginalText": sql}, *({"Dialect": each} for each in more)]
    arns = [f"arn:aws:glue:eu-west-1:{OWNER}:table/{each}" for each in tables]
    said = {"Definer": DEFINER, "SubObjects": arns, "Representations": representations}
    return {"ViewDefinition": said, "IsMultiDialectView": True}


def view(rest: dict[str, Any]) -> AnyResource:
    return table("v", "x", sort="VIRTUAL_VIEW", rest=rest)


def told(*parts: Any) -> list[tuple[str, str, tuple[str, ...], bool]]:
    found = access(*parts)
    every = (each for each in other_paths(found) if each.name == "view")
    return [(p.principal, str(p.place), found.tables[p.place].names(p.columns), p.certain) for p in every]


def shows(rest: dict[str, Any], *parts: AnyResource) -> str:
    """The sentence about the view."""
    found = access(*(parts or (table(),)), view(rest), *give(ANN, named("v")))
    (fact,) = [fact for fact in facts_of(found, bank()) if fact.table == "v" and fact.column == "x"]
    return fact.via[-1]


def test_who_reads_a_definers_view_reads_what_stands_in_it() -> None:
    parts = [table(), view(of_glue("SELECT a AS x FROM db.t WHERE b > 1")), *give(ANN, named("v"))]
    assert told(*parts) == [(ANN, "db.t", ("a", "b"), True)]
    assert told(*parts, *give(ANN, columns("a"))) == [(ANN, "db.t", ("b",), True)]
    assert told(*parts, *give(ANN, named())) == []
    assert told(*parts[:2]) == []


def test_what_a_definers_view_shows_is_a_gain_and_a_fact() -> None:
    before = access(table(), view(of_glue("SELECT a FROM t")))
    after = access(table(), view(of_glue("SELECT a FROM t")), *give(ANN, named("v")))
    gained = [entry for entry in difference(before, after).gained if entry.path == "view"]
    assert [(entry.principal, entry.columns) for entry in gained] == [(ANN, ("a",))]
    facts = [fact for fact in facts_of(after, bank()) if fact.path == "view"]
    assert [(fact.table, fact.column, fact.certain) for fact in facts] == [("t", "a", True)]


@pytest.mark.parametrize(
    "sql", ["SELECT * FROM t", "SELECT t.* FROM t", "SELECT a FROM t NATURAL JOIN u", "this is no SQL", "DROP TABLE t"]
)
def test_what_cannot_be_told_is_every_column_and_not_certain(sql: str) -> None:
    assert told(table(), view(of_glue(sql, tables=("db/t",))), *give(ANN, named("v"))) == [
        (ANN, "db.t", ("a", "b", "c"), False)
    ]


def test_another_dialect_may_show_something_else() -> None:
    rest = of_glue("SELECT a FROM t", "SPARK", tables=("db/t",))
    assert told(table(), view(rest), *give(ANN, named("v"))) == [(ANN, "db.t", ("a", "b", "c"), False)]


def test_without_a_parser_what_a_view_shows_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    module._named.cache_clear()
    try:
        assert view_text(of_athena("SELECT a FROM t"), "db").columns is None
        assert view_text(of_glue("SELECT a FROM t", tables=("db/t",)), "db").tables == (("db", "t"),)
    finally:
        module._named.cache_clear()


def test_a_view_of_athena_opens_nothing_and_says_what_it_shows() -> None:
    rest = of_athena("SELECT a AS x, count(*) FROM t GROUP BY 1")
    assert told(table(), view(rest), *give(ANN, named("v"))) == []
    assert shows(rest) == "db.v is a view of Athena: it shows a of db.t, to those who may read that there too"


@pytest.mark.parametrize("rest", [{"ViewOriginalText": "SELECT 1"}, {"ViewOriginalText": "/* Presto View: e30= */"}])
def test_a_view_that_cannot_be_read_says_so(rest: dict[str, Any]) -> None:
    assert "not known" in shows(rest)


def test_what_a_view_shows_is_said_table_by_table_with_whose_rights() -> None:
    with_rights = f"with the rights of {DEFINER}"
    rest = of_glue("SELECT a FROM t")
    assert shows(rest) == f"db.v is a view that shows a of db.t, {with_rights}"
    assert shows(of_glue("no SQL")) == f"db.v is a view that shows something, what is not known, {with_rights}"
    assert shows(of_glue("SELECT * FROM t", tables=("db/t",))) == (
        f"db.v is a view that shows columns of db.t, {with_rights}"
    )
    assert shows(of_glue("SELECT 1 AS z FROM t")) == f"db.v is a view that shows no column of db.t, {with_rights}"
    assert shows(of_glue("SELECT a, d FROM t, u"), table(), table("u", "d")) == (
        f"db.v is a view that shows a of db.t; d of db.u, {with_rights}"
    )
    assert shows(of_glue("SELECT a FROM w")) == f"db.v is a view that shows columns of db.w, {with_rights}"
    del rest["ViewDefinition"]["Definer"]
    assert shows(rest) == "db.v is a view that shows a of db.t, with the rights of its definer"
    assert shows({"IsMultiDialectView": True}) == (
        "db.v is a view that shows something, what is not known, with the rights of its definer"
    )
    assert shows({"ViewOriginalText": "SELECT 1"}) == (
        "db.v is a view; what it shows, and with whose rights, is not known"
    )


def test_of_a_view_of_which_nothing_was_read_nothing_is_said() -> None:
    assert "is a view" not in shows({})
    (fact,) = facts_of(access(table(columns="a", rest={"Parameters": {}}), *give(ANN, named())), bank())
    assert fact.via == (f"owner grants SELECT on table {OWNER}:db.t to owner/ann",)


def test_the_rights_of_a_definer_are_said_where_they_show_columns() -> None:
    rest = of_glue("SELECT a FROM t")
    (way,) = other_paths(access(table(), view(rest), *give(ANN, named("v"))))
    assert way.why == f"it may read the view db.v, which reads them with the rights of {DEFINER}"
    del rest["ViewDefinition"]["Definer"]
    (way,) = other_paths(access(table(), view(rest), *give(ANN, named("v"))))
    assert way.why.endswith("with the rights of its definer")


def test_the_names_in_a_query_are_those_of_its_own_database_in_small_letters() -> None:
    for schema, expected in (("Other", "other"), ("", "db")):
        said = view_text(of_athena("SELECT A FROM T", schema), "db")
        assert (said.rights, said.tables, said.shown(("a", "b"))) == ("reader", ((expected, "t"),), ("a",))
    assert view_text(of_athena("SELECT a FROM x.t"), "db").tables == (("x", "t"),)
    assert view_text(of_athena("WITH t AS (SELECT 1 AS a) SELECT a FROM t, x.t"), "db").tables == (("x", "t"),)
    assert view_text(of_glue("SELECT a FROM t", tables=("DB/T", "not/an/arn")), "db").tables == (("db", "t"),)
    spark = view_text(of_glue("SELECT a FROM t", "SPARK", tables=("db/t", "other/T")), "db")
    assert (spark.tables, spark.columns) == ((("db", "t"), ("other", "t")), None)
    broken = base64.b64encode(b"no json").decode()
    assert view_text({"ViewOriginalText": f" /* Presto View: {broken} */ "}, "db").rights == "reader"
    assert view_text({"ViewOriginalText": f"{broken} /* Presto View: {broken} */"}, "db").rights == "unknown"
    assert view_text({}, "db").rights == "unknown"
    counted = view_text(of_athena("SELECT count(*), count(a) FROM t"), "db")
    assert counted.shown(("a", "b")) == ("a",)


NAMES = st.sampled_from(["a", "b", "c"])


@given(st.lists(NAMES, min_size=1, unique=True), st.lists(NAMES, unique=True), st.booleans())
def test_whatever_the_query_reads_is_among_what_is_shown(shown: list[str], asked: list[str], nested: bool) -> None:
    """A column may be shown, compared, joined or grouped by: it is never left out."""
    where = " AND ".join(f"q.{name} > '1'" for name in asked) or "true"
    inner = "(SELECT a, b, c FROM db.t)" if nested else "db.t"
    said = view_text(
        of_glue(f"WITH w AS (SELECT 1 AS one) SELECT {', '.join(shown)} FROM {inner} AS q, w WHERE {where}"), "db"
    )
    assert said.tables == (("db", "t"),)
    assert set(shown) | set(asked) <= set(said.shown(("a", "b", "c")))
