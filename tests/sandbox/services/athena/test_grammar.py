"""Athena's SQL is Trino's: what its grammar and its list of functions do not know is refused, what they know is taken.

https://trino.io/docs/current/sql/select.html
"""

from __future__ import annotations

from typing import Any

import pytest
import sqlglot
from botocore.exceptions import ClientError

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.services.athena.failure import QueryFailed
from reconciler.sandbox.services.athena.functions import require_functions
from reconciler.sandbox.services.athena.grammar import require_trino
from tests.sandbox.athena import failure, lake, rows
from tests.sandbox.conftest import OWNER, Http

REFUSED = [
    "FROM t",
    "WITH x AS (SELECT 1) FROM x",
    "SELECT * FROM (FROM t)",
    "FROM t SELECT a",
    "WITH x AS (SELECT 1 a) FROM x SELECT a",
    "SELECT a FROM t UNION ALL FROM u SELECT b",
    "CREATE TABLE x AS FROM t SELECT a",
    "SELECT * FROM (FROM t SELECT a) x",
    "SELECT unnest(ARRAY[1, 2])",
    "SELECT a FROM t WHERE unnest(b) = 1",
    "SELECT a FROM t JOIN u",
    "SELECT a FROM t POSITIONAL JOIN u",
    "SELECT a FROM t LEFT JOIN u JOIN v ON t.a = v.a",
    "CREATE TABLE x AS FROM t",
    "SELECT * EXCLUDE (a) FROM t",
    "SELECT t.* EXCEPT (a) FROM t",
    "SELECT * REPLACE (1 AS a) FROM t",
    "SELECT COLUMNS('a.*') FROM t",
    "SELECT a FROM t LIMIT 5 OFFSET 2",
    "SELECT * FROM (SELECT a FROM t ORDER BY 1 LIMIT 5 OFFSET 2) x",
    "SELECT a, count(*) FROM t GROUP BY ALL",
    "SELECT a FROM t ORDER BY ALL",
    "SELECT DISTINCT ON (a) b FROM t",
    "SELECT a::bigint FROM t",
    "SELECT a FROM t WHERE a ILIKE 'x'",
    "SELECT a FROM t WHERE a RLIKE 'x'",
    "SELECT a == 1 FROM t",
    "SELECT [1, 2]",
    "SELECT {'a': 1}",
    "SELECT a, FROM t",
    "SELECT a FROM t SEMI JOIN u USING (a)",
    "SELECT a FROM t ASOF JOIN u ON t.a = u.a",
    "SELECT * FROM t PIVOT (sum(a) FOR b IN (1, 2))",
    "SELECT a FROM t USING SAMPLE 5",
    "SELECT a FROM t LATERAL VIEW explode(x) y",
    "SELECT a FROM t UNION BY NAME SELECT b FROM u",
    "SELECT a FROM t LIMIT 10 PERCENT",
    "SELECT a[1:2] FROM t",
    "SELECT a FROM t FOR UPDATE",
    "SELECT a FROM t CLUSTER BY a",
]
TAKEN = [
    "SELECT extract(year FROM a), trim(both 'x' FROM b) FROM t",
    "WITH x AS (SELECT 1 a) SELECT a FROM x WHERE a IS DISTINCT FROM 2",
    "SELECT a FROM t JOIN u JOIN v ON u.a = v.a ON t.a = u.a",
    "SELECT a FROM t CROSS JOIN v LEFT OUTER JOIN w USING (a)",
    "SELECT a FROM t CROSS JOIN UNNEST(b) WITH ORDINALITY AS u (c, d)",
    "SELECT a FROM UNNEST(ARRAY[1, 2]) AS t (a)",
    "SELECT a, count(*) FROM t GROUP BY ALL a",
    "SELECT a FROM t OFFSET 2 LIMIT 5",
    "SELECT a FROM t OFFSET 2 ROWS FETCH FIRST 3 ROWS ONLY",
    "SELECT offset, first FROM t LIMIT 5",
    "(SELECT a FROM t LIMIT 3) UNION ALL SELECT b FROM u OFFSET 1 LIMIT 3",
    "SELECT a FROM (SELECT a FROM t LIMIT 3) OFFSET 1",
    "TABLE t",
    "CREATE TABLE x WITH (format = 'PARQUET', partitioned_by = ARRAY['a']) AS SELECT * FROM t",
    "SELECT a, count(*) FROM t GROUP BY ALL a",
    "SELECT extract(year FROM d), trim(BOTH 'x' FROM a), substring(a FROM 2) FROM t",
    "SELECT ARRAY[1, 2][1], m['k'], x.y[1].z, '[', \"{\" FROM t",
    "SELECT filter(a, x -> x > 1), reduce(a, 0, (s, x) -> s + x, s -> s) FROM t",
    "SELECT x FROM (VALUES (1), (2)) AS x(a) CROSS JOIN UNNEST(ARRAY[1]) AS u(b)",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT * FROM n",
    "SELECT row_number() OVER (PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
    "SELECT cast(a AS decimal(10, 2)), try_cast(b AS varchar(3)), interval '1' day, date '2020-01-01' FROM t",
    "SELECT max(a) FILTER (WHERE b > 1), count_if(c), approx_distinct(d) FROM t GROUP BY ROLLUP (a), CUBE (b)",
    "SELECT a FROM t WHERE EXISTS (SELECT 1) AND b IN (SELECT 2) AND c = ALL (SELECT 3)",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_other_dialects_are_refused(sql: str) -> None:
    tree = sqlglot.parse_one(sql, dialect="athena")
    with pytest.raises(AwsError, match="mismatched input"):
        require_trino(sql, tree.expression if sql.startswith("CREATE") else tree)


@pytest.mark.parametrize("sql", TAKEN)
def test_what_trino_takes_is_taken(sql: str) -> None:
    tree = sqlglot.parse_one(sql, dialect="athena")
    require_trino(sql, tree.expression if sql.startswith("CREATE") else tree)
    require_functions(sqlglot.tokenize(sql, dialect="trino"), tree)


@pytest.mark.parametrize("call", ["ifnull(a, 1)", "nvl(a, 1)", "len(a)", "struct(1)", "list_value(1)", "getenv('x')"])
def test_functions_of_other_engines_are_not_registered(call: str) -> None:
    sql = f"SELECT {call} FROM t"
    with pytest.raises(QueryFailed, match="FUNCTION_NOT_FOUND: line 1:8"):
        require_functions(sqlglot.tokenize(sql, dialect="trino"), sqlglot.parse_one(sql, dialect="athena"))


@pytest.fixture
def athena(http: Http) -> Any:
    """Athena over the small lake, with a partitioned table beside it."""
    glue = lake(http, OWNER)
    storage = {"Columns": [{"Name": "id", "Type": "bigint"}], "Location": "s3://lake/parted/"}
    keys = [{"Name": "year", "Type": "int"}, {"Name": "land", "Type": "string"}]
    table = {"Name": "parted", "StorageDescriptor": storage, "PartitionKeys": keys}
    glue.create_table(DatabaseName="sales", TableInput=table)
    for year, land in (("2024", "de"), ("2025", "fr")):
        place = {"Location": f"s3://lake/parted/{year}/{land}/"}
        values = {"Values": [year, land], "StorageDescriptor": place}
        glue.create_partition(DatabaseName="sales", TableName="parted", PartitionInput=values)
    view = {"Name": "v", "TableType": "VIRTUAL_VIEW", "ViewOriginalText": "/* Presto View: e30= */"}
    glue.create_table(
        DatabaseName="sales",
        TableInput={**view, "StorageDescriptor": {"Columns": [{"Name": "id", "Type": "bigint"}]}},
    )
    return http.client("athena", OWNER)


def test_a_query_of_another_dialect_does_not_start(athena: Any) -> None:
    with pytest.raises(ClientError, match="mismatched input 'FROM'"):
        athena.start_query_execution(
            QueryString="FROM sales.cards", ResultConfiguration={"OutputLocation": "s3://results/here/"}
        )


def test_the_information_schema_tells_what_the_caller_sees(athena: Any) -> None:
    columns = "SELECT column_name, data_type FROM information_schema.columns"
    found = rows(athena, f"{columns} WHERE table_schema = 'sales' AND table_name = 'cards' ORDER BY ordinal_position")
    assert found[1:] == [["id", "bigint"], ["name", "varchar"], ["age", "integer"], ["land", "varchar"]]
    tables = "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'sales' ORDER BY 1"
    assert rows(athena, tables)[1:] == [["cards", "BASE TABLE"], ["parted", "BASE TABLE"], ["v", "VIEW"]]
    assert rows(athena, "SELECT schema_name FROM information_schema.schemata")[1:] == [["sales"]]
    assert failure(athena, "SELECT * FROM information_schema.nonsense").startswith("TABLE_NOT_FOUND")


def test_partitions_are_told_by_both_ways(athena: Any) -> None:
    assert rows(athena, 'SELECT * FROM sales."parted$partitions" WHERE year > 2024') == [
        ["year", "land"],
        ["2025", "fr"],
    ]
    shown = rows(athena, "SHOW PARTITIONS sales.parted")
    assert [each for (each,) in shown] == ["year=2024/land=de", "year=2025/land=fr"]
    assert failure(athena, 'SELECT * FROM sales."cards$partitions"').startswith("TABLE_NOT_FOUND")
    assert "is not a partitioned table" in failure(athena, "SHOW PARTITIONS sales.cards")


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT "$path" FROM sales.cards',
        'SELECT * FROM sales."cards$files"',
        "SELECT * FROM information_schema.views",
        "SELECT * FROM sales.v",
        "EXPLAIN SELECT 1",
        "INSERT INTO sales.cards SELECT * FROM sales.cards",
        "DELETE FROM sales.cards",
        "MSCK REPAIR TABLE sales.parted",
        "PREPARE x FROM SELECT 1",
    ],
)
def test_what_is_not_simulated_says_so(athena: Any, sql: str) -> None:
    with pytest.raises(ClientError, match=r"NotImplemented.*sandbox: athena"):
        athena.start_query_execution(QueryString=sql, ResultConfiguration={"OutputLocation": "s3://results/here/"})
