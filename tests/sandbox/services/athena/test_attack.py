"""Hostile SQL gets nothing but the permitted columns and rows, whatever it is wrapped in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.athena import ANALYST, execution, failure, lake, rows
from tests.sandbox.conftest import CONSUMER, OWNER, Http
from tests.sandbox.lakes import Lake, database

#: What nobody but the owner may learn: Bob's row, every age, and Cleo's name.
SECRETS = ("Bob", "51", "33", "28", "Cleo", "fr")
CARDS = {"DatabaseName": "sales", "Name": "cards"}


@pytest.fixture
def owner(http: Http) -> Lake:
    """The owner's `sales.cards`, of which `reader` may see id, name and land of the Germans, and Ann's name only."""
    owner = Lake(http, OWNER)
    lake(http, OWNER)
    owner.lf.register_resource(ResourceArn="arn:aws:s3:::lake", UseServiceLinkedRole=True)
    reader = http.role(OWNER, "reader", *ANALYST)
    owner.grant(reader, database("sales"), "DESCRIBE")
    filters = {"names": (["id", "name"], "id = 1"), "lands": (["id", "land"], "land = 'de'")}
    for name, (columns, where) in filters.items():
        address = {"TableCatalogId": OWNER, "DatabaseName": "sales", "TableName": "cards", "Name": name}
        data = {**address, "ColumnNames": columns, "RowFilter": {"FilterExpression": where}}
        owner.lf.create_data_cells_filter(TableData=data)
        owner.grant(reader, {"DataCellsFilter": address}, "SELECT")
    return owner


def told(athena: Any, sql: str) -> str:
    """Everything that the reader learns from a query: its rows, or the words of its refusal."""
    try:
        found = execution(athena, sql, QueryExecutionContext={"Database": "sales"})
    except ClientError as refused:
        return str(refused)
    if found["Status"]["State"] != "SUCCEEDED":
        return str(found["Status"]["StateChangeReason"])
    answer = athena.get_query_results(QueryExecutionId=found["QueryExecutionId"])["ResultSet"]["Rows"]
    return str([[cell.get("VarCharValue") for cell in row["Data"]] for row in answer])


HOSTILE = [
    "SELECT age FROM cards",
    'SELECT "age" FROM cards',
    'SELECT "AGE" FROM "Sales"."CARDS"',
    "SELECT c.age FROM cards AS c",
    "SELECT sales.cards.age FROM sales.cards",
    "SELECT max(age), min(age), sum(age), array_agg(age) FROM cards",
    "SELECT id FROM cards WHERE age = 51",
    "SELECT id FROM cards ORDER BY age",
    "SELECT id FROM cards GROUP BY id, age",
    "SELECT id, row_number() OVER (ORDER BY age) FROM cards",
    "SELECT id FROM cards HAVING max(age) > 50",
    "SELECT CASE WHEN age > 50 THEN 1 END FROM cards",
    "SELECT (SELECT max(age) FROM cards)",
    "SELECT * FROM cards WHERE id = 2",
    "SELECT * FROM cards /* WHERE */ -- land = 'de'\n",
    "SELECT * FROM cards WHERE 1 = 1 OR land = 'fr'",
    "SELECT a.*, b.* FROM cards a CROSS JOIN cards b",
    "SELECT a.id, b.* FROM cards a RIGHT JOIN cards b ON a.id <> b.id",
    "SELECT b.age FROM cards a LEFT JOIN (SELECT * FROM cards) b ON true",
    "SELECT * FROM cards UNION ALL SELECT * FROM cards",
    "WITH x AS (SELECT * FROM cards) SELECT * FROM x WHERE name IS NOT NULL",
    "WITH cards AS (SELECT * FROM sales.cards) SELECT * FROM cards",
    "WITH RECURSIVE x AS (SELECT id FROM cards UNION ALL SELECT id FROM x WHERE false) SELECT * FROM x",
    "SELECT name FROM cards WHERE name LIKE 'B%' OR name LIKE 'C%'",
    "SELECT CAST(name AS bigint) FROM cards",
    "SELECT 1 / (id - 2) FROM cards",
    "SELECT * FROM cards, LATERAL (SELECT age) t",
    "SELECT * FROM cards TABLESAMPLE BERNOULLI (100)",
    "SELECT * FROM cards FOR TIMESTAMP AS OF TIMESTAMP '2020-01-01 00:00:00'",
    'SELECT "$path" FROM cards',
    "SELECT * FROM raw_0",
    "SELECT * FROM main.raw_0",
    "SELECT * FROM db_sales.cards",
    "SELECT * FROM information_schema.columns",
    "SELECT * FROM duckdb_tables",
    "WITH duckdb_columns AS (SELECT 1) SELECT * FROM (SELECT * FROM duckdb_columns)",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM query_table('cards')",
    "SELECT * FROM query('SELECT * FROM raw_0')",
    "SELECT COLUMNS('.*') FROM cards",
    "SELECT * EXCLUDE (id) FROM cards",
    "FROM cards",
    "TABLE cards",
    "SUMMARIZE cards",
    "EXPLAIN ANALYZE SELECT * FROM cards",
    "DESCRIBE cards",
    "SHOW COLUMNS IN cards",
    "SHOW CREATE TABLE cards",
    "SELECT * FROM cards; SELECT 1",
    "SELECT * FROM cards;;",
    "UNLOAD (SELECT age FROM cards) TO 's3://results/u/' WITH (format = 'PARQUET')",
    "UNLOAD (DROP TABLE cards) TO 's3://results/v/' WITH (format = 'PARQUET')",
    "UNLOAD (SELECT 1; SELECT 2) TO 's3://results/w/' WITH (format = 'PARQUET')",
    "UNLOAD (COPY cards TO '/tmp/stolen') TO 's3://results/x/' WITH (format = 'PARQUET')",
    "UNLOAD (SELECT id FROM cards) TO 'file:///tmp/stolen' WITH (format = 'PARQUET')",
    "CREATE TABLE t WITH (format = 'PARQUET', external_location = '/tmp/stolen') AS SELECT id FROM cards",
    "CREATE VIEW v AS SELECT * FROM cards",
    "SHOW TABLES '('",
    "SHOW TABLES '(a+)+$'",
    "SHOW DATABASES LIKE '['",
    "SELECT " + "(" * 3000 + "1" + ")" * 3000,
    "SELECT '" + "x" * 200_000 + "'",
    "\x00",
    "SELECT '\udcff'".encode("utf-8", "replace").decode(),
]


def test_no_query_tells_what_is_hidden(http: Http, owner: Lake) -> None:
    """data-filtering: rows, columns, cells outside the grant, under joins, aliases, subqueries, errors and orders."""
    athena = http.client("athena", OWNER, "reader")
    assert rows(athena, "SELECT * FROM sales.cards ORDER BY id") == [
        ["id", "name", "land"],
        ["1", "Ann", "de"],
        ["3", None, "de"],
    ]
    for sql in HOSTILE:
        words = told(athena, sql)
        spoken = words.replace(sql, "")
        assert not [secret for secret in SECRETS if f"'{secret}'" in spoken or f" {secret} " in spoken], (sql, words)
        assert "InternalFailure" not in words, (sql, words)
        assert "/tmp/sandbox" not in words, (sql, words)


def test_a_hidden_column_cannot_be_asked_for_under_any_name(http: Http, owner: Lake) -> None:
    """Athena tells a hidden column as one that is not there."""
    athena = http.client("athena", OWNER, "reader")
    for sql in HOSTILE[:13]:
        assert failure(athena, sql, QueryExecutionContext={"Database": "sales"}).startswith("COLUMN_NOT_FOUND"), sql
    assert failure(athena, "SELECT rowid FROM sales.cards").startswith("COLUMN_NOT_FOUND")


def test_a_mask_holds_in_conditions_orders_joins_and_aggregates(http: Http, owner: Lake) -> None:
    """GetUnfilteredTableMetadata: outside its predicate a cell is NULL, and stays so in whatever looks at it."""
    athena = http.client("athena", OWNER, "reader")
    assert rows(athena, "SELECT id FROM sales.cards WHERE name = 'Cleo'") == [["id"]]
    assert rows(athena, "SELECT count(name), count(*) FROM sales.cards")[1] == ["1", "2"]
    assert rows(athena, "SELECT max(name) AS m FROM sales.cards") == [["m"], ["Ann"]]
    joined = "SELECT count(*) AS n FROM sales.cards a JOIN sales.cards b ON a.name = b.name"
    assert rows(athena, joined) == [["n"], ["1"]]
    assert rows(athena, "SELECT id FROM sales.cards ORDER BY name DESC NULLS LAST") == [["id"], ["1"], ["3"]]


def test_a_filter_that_does_not_fit_its_column_fails_without_showing_values(http: Http, owner: Lake) -> None:
    """A row filter that compares a text with a number cannot be evaluated; its failure tells no cell."""
    address = {"TableCatalogId": OWNER, "DatabaseName": "sales", "TableName": "cards", "Name": "odd"}
    data = {**address, "ColumnNames": ["id"], "RowFilter": {"FilterExpression": "name = 7"}}
    owner.lf.create_data_cells_filter(TableData=data)
    odd = http.role(OWNER, "odd", *ANALYST)
    owner.grant(odd, database("sales"), "DESCRIBE")
    owner.grant(odd, {"DataCellsFilter": address}, "SELECT")
    words = told(http.client("athena", OWNER, "odd"), "SELECT * FROM cards")
    assert "Ann" not in words
    assert words.startswith("INVALID_ROW_FILTER")


def test_objects_that_cannot_be_read_tell_no_line_of_them(http: Http, owner: Lake) -> None:
    """Neither the hidden rows of a broken file nor where the sandbox works on it."""
    http.client("s3").put_object(Bucket="lake", Key="cards/broken.csv", Body=b"9,Bob," + b"\xff\xfe" * 10 + b"\n\x00")
    words = told(http.client("athena", OWNER, "reader"), "SELECT * FROM cards")
    assert "Bob" not in words
    assert "/tmp/" not in words


def test_an_endless_answer_ends(http: Http, owner: Lake) -> None:
    """service-limits: a query that needs too much fails, and the world goes on."""
    athena = http.client("athena", OWNER, "reader")
    sql = "SELECT a.x FROM UNNEST(sequence(1, 10000)) a(x) CROSS JOIN UNNEST(sequence(1, 10000)) b(y)"
    assert failure(athena, sql).startswith(("EXCEEDED", "Query exhausted resources", "Query timeout"))


@pytest.fixture
def thief(http: Http, owner: Lake) -> Iterator[Http]:
    """A role that may do in its own database what it likes, and nothing in the owner's."""
    free = {"Effect": "Allow", "Action": ["athena:*", "glue:*", "lakeformation:*", "s3:PutObject"], "Resource": "*"}
    keeps = {"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::results", "arn:aws:s3:::results/*"]}
    arn = http.role(OWNER, "thief", free, keeps)
    owner.glue.create_database(DatabaseInput={"Name": "den"})
    owner.grant(arn, database("den"), "CREATE_TABLE", "DESCRIBE")
    return http


def denied(call: Any, **given: Any) -> bool:
    with pytest.raises(ClientError) as refused:
        call(**given)
    return "AccessDenied" in refused.value.response["Error"]["Code"]


def test_metadata_of_one_s_own_opens_no_place_of_others(thief: Http, owner: Lake) -> None:
    """access-control-underlying-data: a table, a partition or a new version over a registered place needs rights."""
    glue = thief.client("glue", OWNER, "thief")
    stolen = {"Columns": [{"Name": "line", "Type": "string"}], "Location": "s3://lake/cards/"}
    assert denied(glue.create_table, DatabaseName="den", TableInput={"Name": "t", "StorageDescriptor": stolen})
    own = {**stolen, "Location": "s3://results/den/"}
    keys = [{"Name": "day", "Type": "string"}]
    glue.create_table(DatabaseName="den", TableInput={"Name": "t", "StorageDescriptor": own, "PartitionKeys": keys})
    partition = {"Values": ["x"], "StorageDescriptor": stolen}
    assert denied(glue.create_partition, DatabaseName="den", TableName="t", PartitionInput=partition)
    batch = {"PartitionInputList": [partition]}
    (error,) = glue.batch_create_partition(DatabaseName="den", TableName="t", **batch)["Errors"]
    assert error["ErrorDetail"]["ErrorCode"] == "AccessDeniedException"
    fine = {"Values": ["y"], "StorageDescriptor": {**own, "Location": "s3://results/den/y/"}}
    glue.create_partition(DatabaseName="den", TableName="t", PartitionInput=fine)
    moved = {"PartitionValueList": ["y"], "PartitionInput": {**fine, "StorageDescriptor": stolen}}
    assert denied(glue.update_partition, DatabaseName="den", TableName="t", **moved)
    changed = {"Name": "t", "StorageDescriptor": stolen, "PartitionKeys": keys}
    assert denied(glue.update_table, DatabaseName="den", TableInput=changed)
    made = "CREATE TABLE den.c WITH (format = 'PARQUET', external_location = 's3://lake/cards/') AS SELECT 1 AS one"
    assert "HIVE_PATH_ALREADY_EXISTS" in told(thief.client("athena", OWNER, "thief"), made)


def test_an_unregistered_partition_is_read_with_the_reader_s_own_rights(thief: Http, owner: Lake) -> None:
    """Each partition's place is asked about, not only its table's."""
    s3, glue = thief.client("s3"), thief.client("glue", OWNER, "thief")
    s3.create_bucket(Bucket="vault", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="vault", Key="a.csv", Body=b"Bob\n")
    own = {"Columns": [{"Name": "line", "Type": "string"}], "Location": "s3://results/den/"}
    table = {"Name": "t", "StorageDescriptor": own, "PartitionKeys": [{"Name": "day", "Type": "string"}]}
    glue.create_table(DatabaseName="den", TableInput=table)
    partition = {"Values": ["x"], "StorageDescriptor": {**own, "Location": "s3://vault/"}}
    glue.create_partition(DatabaseName="den", TableName="t", PartitionInput=partition)
    words = told(thief.client("athena", OWNER, "thief"), "SELECT * FROM den.t")
    assert words == "PERMISSION_DENIED: Permission denied on S3 path: s3://vault/"


def test_registering_another_account_s_bucket_opens_nothing(http: Http, owner: Lake) -> None:
    """register-cross-account: the role of the registration needs the bucket's own policy."""
    other = Lake(http, CONSUMER)
    other.lf.register_resource(ResourceArn="arn:aws:s3:::lake", UseServiceLinkedRole=True)
    other.glue.create_database(DatabaseInput={"Name": "den"})
    stolen = {"Columns": [{"Name": "line", "Type": "string"}], "Location": "s3://lake/cards/"}
    other.glue.create_table(DatabaseName="den", TableInput={"Name": "t", "StorageDescriptor": stolen})
    http.client("s3", CONSUMER).create_bucket(
        Bucket="answers", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    place = {"ResultConfiguration": {"OutputLocation": "s3://answers/"}}
    words = failure(http.client("athena", CONSUMER), "SELECT * FROM den.t", **place)
    assert words == "PERMISSION_DENIED: Permission denied on S3 path: s3://lake/cards/"
    # The owner's readers are not disturbed by it.
    assert len(rows(http.client("athena", OWNER, "reader"), "SELECT * FROM sales.cards")) == 3


def test_results_are_for_those_who_may_read_them_in_s3(http: Http, owner: Lake) -> None:
    """querying: GetQueryResults needs the right to the result file; queries are known in their own account only."""
    done = execution(http.client("athena", OWNER, "reader"), "SELECT * FROM sales.cards")
    file = done["ResultConfiguration"]["OutputLocation"].removeprefix("s3://results/")
    http.role(OWNER, "peeper", {"Effect": "Allow", "Action": "athena:*", "Resource": "*"})
    query = {"QueryExecutionId": done["QueryExecutionId"]}
    assert denied(http.client("athena", OWNER, "peeper").get_query_results, **query)
    assert denied(http.client("s3", OWNER, "peeper").get_object, Bucket="results", Key=file)
    assert denied(http.client("s3", CONSUMER).get_object, Bucket="results", Key=file)
    with pytest.raises(ClientError, match="was not found"):
        http.client("athena", CONSUMER).get_query_results(**query)
    group = f"arn:aws:athena:eu-west-1:{OWNER}:workgroup/other"
    http.role(OWNER, "elsewhere", {"Effect": "Allow", "Action": "athena:*", "Resource": group})
    assert denied(http.client("athena", OWNER, "elsewhere").get_query_execution, **query)


PEOPLE = "struct<zip:string,city:string,geo:struct<lat:double,lon:double>>"
FIELDS = [
    "SELECT address.city FROM people",
    "SELECT address.geo.lon FROM people",
    "SELECT json_format(CAST(address AS json)) FROM people",
    "SELECT p.address['city'] FROM people p",
    "SELECT * FROM people WHERE address.city = 'Lyon'",
]


@pytest.fixture
def nested(owner: Lake) -> Any:
    """`sales.people`, of whose addresses the reader may see the zip and the latitude, by two filters."""
    s3 = owner.client("s3")
    s3.put_object(
        Bucket="lake",
        Key="people/a.json",
        Body=b'{"id": 1, "address": {"zip": "69001", "city": "Lyon", "geo": {"lat": 45.76, "lon": 4.83}}}\n{"id": 2}\n',
    )
    columns = [{"Name": "id", "Type": "int"}, {"Name": "address", "Type": PEOPLE}]
    storage = {
        "Columns": columns,
        "Location": "s3://lake/people/",
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"},
    }
    owner.table(name="people", StorageDescriptor=storage, TableType="EXTERNAL_TABLE")
    for name, shown in {"zip": ["id", '"address"."zip"'], "lat": ['"address"."geo"."lat"']}.items():
        address = {"TableCatalogId": OWNER, "DatabaseName": "sales", "TableName": "people", "Name": name}
        owner.lf.create_data_cells_filter(
            TableData={**address, "ColumnNames": shown, "RowFilter": {"AllRowsWildcard": {}}}
        )
        owner.grant(f"arn:aws:iam::{OWNER}:role/reader", {"DataCellsFilter": address}, "SELECT")
    return owner.client("athena", "reader")


def test_of_a_struct_only_the_fields_of_filters_are_read(nested: Any) -> None:
    assert "69001" in told(nested, "SELECT id, address.zip FROM people ORDER BY id")
    for name in ("address.geo.lat", "p.address.geo.lat", "people.address.geo.lat", "sales.people.address.geo.lat"):
        table = "people p" if name.startswith("p.") else "people"
        assert "45.76" in told(nested, f"SELECT {name} FROM {table}"), name
    whole = told(nested, "SELECT * FROM people ORDER BY id")
    assert "69001" in whole
    assert "45.76" in whole
    assert "Lyon" not in whole
    assert "4.83" not in whole


@pytest.mark.parametrize("sql", FIELDS)
def test_other_fields_are_told_to_nobody(nested: Any, sql: str) -> None:
    said = told(nested, sql).replace(sql, "")
    assert "4.83" not in said
    assert "Lyon" not in said.replace("'Lyon'", "")
