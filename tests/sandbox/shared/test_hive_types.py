"""Types of Glue become DuckDB's and come back as they were."""

from __future__ import annotations

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from reconciler.sandbox.shared.hive_types import duckdb_type, hive_type

WORDS = st.sampled_from(("boolean", "int", "bigint", "double", "string", "date", "timestamp", "decimal(12,2)"))
NAMES = st.sampled_from(("a", "b_1", "key", "straße"))


def nested(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    fields = st.dictionaries(NAMES, children, min_size=1, max_size=3)
    return st.one_of(
        children.map(lambda one: f"array<{one}>"),
        children.map(lambda one: f"map<string,{one}>"),
        fields.map(lambda those: f"struct<{','.join(f'{name}:{kind}' for name, kind in those.items())}>"),
    )


@given(st.recursive(WORDS, nested, max_leaves=5))
def test_a_type_comes_back_as_it_was(text: str) -> None:
    with duckdb.connect(":memory:") as engine:
        engine.execute(f"CREATE TABLE t (c {duckdb_type(text)})")
        ((_, kind),) = engine.execute(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 't'"
        ).fetchall()
    assert hive_type(kind) == text
