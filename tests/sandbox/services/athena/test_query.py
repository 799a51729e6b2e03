"""Athena runs SQL over the objects of S3, as its guide describes."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from botocore.exceptions import ClientError

from tests.sandbox.athena import ANALYST, cards, execution, failure, lake, rows
from tests.sandbox.conftest import OWNER, Http


@pytest.fixture
def athena(http: Http) -> Any:
    lake(http, OWNER)
    return http.client("athena")


def test_a_query_reads_the_objects_by_the_table_s_schema(athena: Any) -> None:
    """querying: SELECT over CSV; names in lower case, the first row tells them."""
    assert rows(athena, "SELECT * FROM sales.cards WHERE age > 30 ORDER BY id") == [
        ["id", "name", "age", "land"],
        ["1", "Ann", "33", "de"],
        ["2", "Bob", "51", "fr"],
    ]


def test_group_by_all_of_some_is_group_by_them(athena: Any) -> None:
    sql = "SELECT land, count(*) n FROM sales.cards GROUP BY ALL land ORDER BY land"
    assert rows(athena, sql) == [["land", "n"], ["de", "2"], ["fr", "1"]]


def test_the_database_of_the_context_is_used_where_none_is_named(athena: Any) -> None:
    """API_QueryExecutionContext."""
    context = {"Database": "sales", "Catalog": "AwsDataCatalog"}
    assert rows(athena, "SELECT count(*) FROM cards", QueryExecutionContext=context) == [["_col0"], ["3"]]


def test_execution_parameters_fill_question_marks(athena: Any) -> None:
    """querying-with-prepared-statements: ExecutionParameters."""
    sql = "SELECT name FROM sales.cards WHERE age > ? AND land = ?"
    assert rows(athena, sql, ExecutionParameters=["30", "'de'"]) == [["name"], ["Ann"]]
    with pytest.raises(ClientError, match="literal"):
        execution(athena, sql, ExecutionParameters=["30", "(SELECT 1)"])


def test_parquet_is_read_by_name(http: Http, athena: Any, tmp_path: Any) -> None:
    """columnar-storage: Parquet; a column that the file lacks is NULL."""
    path = tmp_path / "p.parquet"
    duckdb.sql("SELECT 7::BIGINT AS id, 'Dan' AS name").write_parquet(str(path))
    http.client("s3").put_object(Bucket="lake", Key="parquet/p.parquet", Body=path.read_bytes())
    serde = {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"}
    table = cards(Name="files")
    table["StorageDescriptor"] = {**table["StorageDescriptor"], "Location": "s3://lake/parquet/", "SerdeInfo": serde}
    http.client("glue").create_table(DatabaseName="sales", TableInput=table)
    assert rows(athena, "SELECT id, name, age FROM sales.files")[1:] == [["7", "Dan", None]]


def test_partitions_give_their_keys_as_columns(http: Http, athena: Any) -> None:
    """partitions: the values of the partition, not of the file."""
    glue, s3 = http.client("glue"), http.client("s3")
    glue.create_table(
        DatabaseName="sales", TableInput=cards(Name="parted", PartitionKeys=[{"Name": "year", "Type": "int"}])
    )
    for year in ("2024", "2025"):
        s3.put_object(Bucket="lake", Key=f"parted/{year}/c.csv", Body=f"id,n,a,l\n{year},X,1,de\n".encode())
        storage = {"Location": f"s3://lake/parted/{year}/"}
        partition = {"Values": [year], "StorageDescriptor": storage}
        glue.create_partition(DatabaseName="sales", TableName="parted", PartitionInput=partition)
    assert rows(athena, "SELECT id, year FROM sales.parted WHERE year = 2025")[1:] == [["2025", "2025"]]


def test_results_lie_as_csv_in_the_results_bucket(http: Http, athena: Any) -> None:
    """querying-finding-output-files: <location>/<id>.csv and .csv.metadata, every value in quotes, NULL as nothing."""
    found = execution(athena, "SELECT name, NULL AS nothing FROM sales.cards ORDER BY id LIMIT 1")
    uri = found["ResultConfiguration"]["OutputLocation"]
    assert uri == f"s3://results/here/{found['QueryExecutionId']}.csv"
    s3, key = http.client("s3"), uri.removeprefix("s3://results/")
    assert s3.get_object(Bucket="results", Key=key)["Body"].read() == b'"name","nothing"\n"Ann",\n'
    s3.head_object(Bucket="results", Key=f"{key}.metadata")


def test_results_come_in_pages_with_their_types(athena: Any) -> None:
    """API_GetQueryResults: MaxResults, NextToken, ColumnInfo."""
    found = execution(athena, "SELECT id, name, age FROM sales.cards ORDER BY id")
    first = athena.get_query_results(QueryExecutionId=found["QueryExecutionId"], MaxResults=3)
    rest = athena.get_query_results(QueryExecutionId=found["QueryExecutionId"], NextToken=first["NextToken"])
    assert [len(p["ResultSet"]["Rows"]) for p in (first, rest)] == [3, 1]
    types = [c["Type"] for c in first["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]]
    assert types == ["bigint", "varchar", "integer"]
    assert found["Statistics"]["DataScannedInBytes"] > 0


def test_what_is_not_there_fails_with_its_place(athena: Any) -> None:
    """Trino's errors: COLUMN_NOT_FOUND, TABLE_NOT_FOUND, SCHEMA_NOT_FOUND with line and column."""
    assert failure(athena, "SELECT age,\n  wage FROM sales.cards").startswith(
        "COLUMN_NOT_FOUND: line 2:3: Column 'wage'"
    )
    assert failure(athena, "SELECT * FROM sales.nothing").startswith("TABLE_NOT_FOUND: line 1:21")
    assert failure(athena, "SELECT * FROM nowhere.cards").startswith("SCHEMA_NOT_FOUND")
    assert failure(athena, "SELECT name + age FROM sales.cards").startswith("TYPE_MISMATCH")


def test_results_of_a_failed_query_are_refused(athena: Any) -> None:
    """API_GetQueryResults: InvalidRequestException."""
    found = execution(athena, "SELECT x FROM sales.cards")
    with pytest.raises(athena.exceptions.InvalidRequestException, match="FAILED"):
        athena.get_query_results(QueryExecutionId=found["QueryExecutionId"])


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        'SELECT * FROM "/etc/passwd"',
        "SELECT getenv('HOME')",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM glob('/*')",
        "COPY sales.cards TO '/tmp/stolen.csv'",
        "ATTACH '/tmp/x.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "PRAGMA database_list",
        "SELECT * FROM sales.cards; COPY sales.cards TO '/tmp/stolen.csv'",
        "SELECT (SELECT content FROM read_text('/etc/passwd'))",
        "WITH x AS (SELECT * FROM read_blob('/etc/passwd')) SELECT * FROM x",
        "SELECT * FROM raw_relation_0",
        "SELECT * FROM relation_0",
    ],
)
def test_a_query_reaches_nothing_but_the_catalog_s_tables(athena: Any, sql: str) -> None:
    try:
        found = execution(athena, sql, QueryExecutionContext={"Database": "sales"})
        told = found["Status"]["StateChangeReason"].partition(":")[0]
    except ClientError as refused:
        told = refused.response["Error"]["Code"]
    assert told in ("NotImplemented", "InvalidRequestException", "TABLE_NOT_FOUND", "FUNCTION_NOT_FOUND")


def test_ctas_writes_parquet_and_a_table_over_it(http: Http, athena: Any) -> None:
    """ctas: CREATE TABLE AS with format and external_location."""
    sql = "CREATE TABLE sales.old WITH (format = 'PARQUET', external_location = 's3://lake/old/') AS "
    found = execution(athena, sql + "SELECT id, name FROM sales.cards WHERE age > 50")
    assert found["StatementType"] == "DDL"
    assert found["Status"]["State"] == "SUCCEEDED", found
    assert rows(athena, "SELECT * FROM sales.old") == [["id", "name"], ["2", "Bob"]]
    assert http.client("glue").get_table(DatabaseName="sales", Name="old")["Table"]["TableType"] == "EXTERNAL_TABLE"
    assert execution(athena, "DROP TABLE sales.old")["Status"]["State"] == "SUCCEEDED"
    assert "NOT_FOUND" in failure(athena, "SELECT * FROM sales.old")


def test_tables_of_one_name_in_two_databases_are_two(http: Http, athena: Any) -> None:
    """Trino: a table is told by its database; `database.table.column` names a column."""
    glue = http.client("glue")
    glue.create_database(DatabaseInput={"Name": "more"})
    glue.create_table(DatabaseName="more", TableInput=cards())
    sql = "SELECT sales.cards.id FROM sales.cards JOIN more.cards ON sales.cards.id = more.cards.id ORDER BY 1"
    assert rows(athena, sql) == [["id"], ["1"], ["2"], ["3"]]
    assert rows(athena, "SELECT count(*) FROM sales.cards, more.cards") == [["_col0"], ["9"]]


def test_names_of_a_with_are_seen_where_trino_sees_them(athena: Any) -> None:
    """select: WITH; a name hides the table of the same name only inside its query."""
    context = {"QueryExecutionContext": {"Database": "sales"}}
    assert rows(athena, "WITH cards AS (SELECT 1 AS x) SELECT * FROM cards", **context) == [["x"], ["1"]]
    inner = "SELECT count(*) FROM (WITH cards AS (SELECT 1 AS x) SELECT * FROM cards) a, (SELECT * FROM cards) b"
    assert rows(athena, inner, **context) == [["_col0"], ["3"]]
    later = "WITH a AS (SELECT count(*) AS n FROM cards), cards AS (SELECT 1 AS x) SELECT n FROM a"
    assert rows(athena, later, **context) == [["n"], ["3"]]


def test_a_catalog_within_is_one_of_its_own_and_only_asked(athena: Any) -> None:
    """A database of the same name in the account's own catalog is another one."""
    within = {"QueryExecutionContext": {"Catalog": "s3tablescatalog/lake", "Database": "sales"}}
    assert "Schema 's3tablescatalog/lake/sales' does not exist" in failure(athena, "SELECT * FROM cards", **within)
    named = failure(athena, 'SELECT * FROM "s3tablescatalog/lake".sales.cards')
    assert "Schema 's3tablescatalog/lake/sales' does not exist" in named
    assert rows(athena, "SELECT count(*) FROM awsdatacatalog.sales.cards", **within) == [["_col0"], ["3"]]
    for sql in ('CREATE TABLE "s3tablescatalog/lake".sales.new AS SELECT 1 AS a', "SHOW TABLES", "DROP TABLE cards"):
        with pytest.raises(ClientError, match=r"NotImplemented.*in a catalog within"):
            execution(athena, sql, **within)
    with pytest.raises(ClientError, match=r"NotImplemented.*in a catalog within"):
        execution(athena, 'CREATE TABLE "s3tablescatalog/lake".sales.new AS SELECT 1 AS a')


def test_a_query_s_part_that_is_not_heeded_is_refused(athena: Any) -> None:
    with pytest.raises(ClientError, match="NotImplemented"):
        execution(athena, "SELECT * FROM sales.cards FOR TIMESTAMP AS OF now()")
    with pytest.raises(ClientError, match="NotImplemented"):
        execution(athena, "SELECT * FROM sales.cards TABLESAMPLE BERNOULLI (1)")


def test_unload_writes_parquet_and_names_it_in_a_manifest(http: Http, athena: Any) -> None:
    """unload: the rows as Parquet; DataManifestLocation names the files; the folder must be empty."""
    sql = "UNLOAD (SELECT id FROM sales.cards) TO 's3://lake/unloaded/' WITH (format = 'PARQUET')"
    found = execution(athena, sql)
    assert found["Status"]["State"] == "SUCCEEDED", found
    manifest = found["Statistics"]["DataManifestLocation"].removeprefix("s3://results/")
    s3 = http.client("s3")
    (uri,) = s3.get_object(Bucket="results", Key=manifest)["Body"].read().decode().split()
    body = s3.get_object(Bucket="lake", Key=uri.removeprefix("s3://lake/"))["Body"].read()
    assert body.startswith(b"PAR1")
    assert failure(athena, sql).startswith("HIVE_PATH_ALREADY_EXISTS")


def test_show_and_describe_tell_what_the_catalog_shows(athena: Any) -> None:
    """show-tables, show-databases, describe-table: no header."""
    assert rows(athena, "SHOW DATABASES") == [["sales"]]
    assert rows(athena, "SHOW TABLES IN sales") == [["cards"]]
    assert rows(athena, "DESCRIBE `sales`.`cards`") == rows(athena, "DESCRIBE sales.cards")
    assert [r[0].split()[0] for r in rows(athena, "DESCRIBE sales.cards")] == ["id", "name", "age", "land"]


def test_a_table_is_made_and_marked_as_dbt_does_it(http: Http, athena: Any) -> None:
    """ctas: table_type, is_external; alter-table-set-tblproperties."""
    words = "table_type='hive', is_external=true, external_location='s3://lake/made', format='parquet'"
    for sql in (
        f"CREATE TABLE sales.made WITH ({words}) AS SELECT id FROM sales.cards",
        "ALTER TABLE `sales`.`made` SET TBLPROPERTIES ('classification' = 'parquet', 'a' = '1')",
    ):
        assert execution(athena, sql)["Status"]["State"] == "SUCCEEDED", sql
    table = http.client("glue").get_table(DatabaseName="sales", Name="made")["Table"]
    assert (table["Parameters"]["classification"], table["Parameters"]["EXTERNAL"]) == ("parquet", "TRUE")
    assert table["PartitionKeys"] == []
    assert "not found" in failure(athena, "ALTER TABLE sales.nothing SET TBLPROPERTIES ('a' = '1')")
    for other in ("ALTER TABLE sales.made RENAME TO sales.x", "ALTER TABLE sales.made ADD COLUMNS (b int)"):
        with pytest.raises(ClientError, match="NotImplemented"):
            execution(athena, other)
    with pytest.raises(ClientError, match=r"NotImplemented.*table_type = iceberg"):
        execution(athena, "CREATE TABLE sales.ice WITH (table_type='iceberg', is_external=false) AS SELECT 1 AS a")


def test_a_statement_that_is_not_simulated_says_so(athena: Any) -> None:
    with pytest.raises(ClientError, match=r"NotImplemented.*INSERT"):
        execution(athena, "INSERT INTO sales.cards VALUES (1, 'x', 1, 'de')")


def test_a_workgroup_s_settings_prevail_over_the_client_s(http: Http, athena: Any) -> None:
    """workgroups-settings-override: EnforceWorkGroupConfiguration."""
    settings = {"ResultConfiguration": {"OutputLocation": "s3://results/group/"}}
    athena.create_work_group(Name="team", Configuration=settings)
    client = {"OutputLocation": "s3://results/client/"}
    found = execution(athena, "SELECT 1", WorkGroup="team", ResultConfiguration=client)
    assert found["ResultConfiguration"]["OutputLocation"].startswith("s3://results/group/")
    athena.update_work_group(WorkGroup="team", ConfigurationUpdates={"EnforceWorkGroupConfiguration": False})
    found = execution(athena, "SELECT 1", WorkGroup="team", ResultConfiguration=client)
    assert found["ResultConfiguration"]["OutputLocation"].startswith("s3://results/client/")
    assert len(athena.list_query_executions(WorkGroup="team")["QueryExecutionIds"]) == 2


def test_results_are_encrypted_as_the_workgroup_says(http: Http, athena: Any) -> None:
    """encrypting-query-results-stored-in-s3: SSE_S3, SSE_KMS."""
    key = http.client("kms").create_key()["KeyMetadata"]["Arn"]
    encryption = {"EncryptionOption": "SSE_KMS", "KmsKey": key}
    settings = {"ResultConfiguration": {"OutputLocation": "s3://results/", "EncryptionConfiguration": encryption}}
    athena.create_work_group(Name="team", Configuration=settings)
    found = execution(athena, "SELECT 1", WorkGroup="team")
    head = http.client("s3").head_object(Bucket="results", Key=f"{found['QueryExecutionId']}.csv")
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", key)


def test_a_workgroup_may_keep_its_results_itself(http: Http, athena: Any) -> None:
    """managed-results: no place in S3, and no right there; CREATE TABLE AS has nowhere to write."""
    settings = {"ManagedQueryResultsConfiguration": {"Enabled": True}}
    athena.create_work_group(Name="managed", Configuration=settings)
    assert athena.get_work_group(WorkGroup="managed")["WorkGroup"]["Configuration"].items() >= settings.items()
    found = execution(athena, "SELECT name FROM sales.cards WHERE id = 1", WorkGroup="managed", ResultConfiguration={})
    assert "OutputLocation" not in found["ResultConfiguration"]
    answer = athena.get_query_results(QueryExecutionId=found["QueryExecutionId"])
    assert [row["Data"][0]["VarCharValue"] for row in answer["ResultSet"]["Rows"]] == ["name", "Ann"]
    with pytest.raises(ClientError, match="NotImplemented"):
        execution(athena, "CREATE TABLE sales.t AS SELECT 1 a", WorkGroup="managed", ResultConfiguration={})
    place = {"ResultConfiguration": {"OutputLocation": "s3://results/"}}
    with pytest.raises(ClientError, match="InvalidRequestException"):
        athena.create_work_group(Name="both", Configuration=settings | place)


def test_a_query_that_scans_more_than_the_workgroup_allows_is_cancelled(http: Http, athena: Any) -> None:
    """workgroups-setting-control-limits-cloudwatch: BytesScannedCutoffPerQuery, at least 10 MB."""
    athena.create_work_group(Name="tight", Configuration={"BytesScannedCutoffPerQuery": 10_000_000})
    athena.update_work_group(WorkGroup="tight", ConfigurationUpdates={"EnforceWorkGroupConfiguration": False})
    http.client("s3").put_object(Bucket="lake", Key="cards/big.csv", Body=b"x" * 10_000_001)
    found = execution(athena, "SELECT * FROM sales.cards", WorkGroup="tight")
    assert found["Status"]["State"] == "CANCELLED"
    assert found["Status"]["StateChangeReason"] == "Bytes scanned limit was exceeded"


def test_without_a_place_for_results_no_query_runs(athena: Any) -> None:
    """API_StartQueryExecution: an output location is required."""
    with pytest.raises(ClientError, match="No output location provided"):
        athena.start_query_execution(QueryString="SELECT 1")
    with pytest.raises(ClientError, match="output bucket"):
        execution(athena, "SELECT 1", ResultConfiguration={"OutputLocation": "s3://no-such-bucket/"})


def test_workgroups_are_created_listed_and_deleted(athena: Any) -> None:
    """API_CreateWorkGroup, API_ListWorkGroups, API_DeleteWorkGroup."""
    athena.create_work_group(Name="team", Tags=[{"Key": "mesh", "Value": "yes"}])
    assert [w["Name"] for w in athena.list_work_groups()["WorkGroups"]] == ["primary", "team"]
    arn = f"arn:aws:athena:eu-west-1:{OWNER}:workgroup/team"
    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "mesh", "Value": "yes"}]
    athena.update_work_group(WorkGroup="team", State="DISABLED")
    with pytest.raises(ClientError, match="disabled"):
        execution(athena, "SELECT 1", WorkGroup="team")
    athena.delete_work_group(WorkGroup="team")
    with pytest.raises(athena.exceptions.InvalidRequestException):
        athena.get_work_group(WorkGroup="team")
    with pytest.raises(athena.exceptions.InvalidRequestException):
        athena.delete_work_group(WorkGroup="primary")


def test_an_open_table_needs_the_reader_s_own_rights_in_s3(http: Http, athena: Any) -> None:
    """access-control-underlying-data: where Lake Formation does not govern, IAM decides on the objects."""
    http.role(OWNER, "poor", *ANALYST)
    reads = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"}
    http.role(OWNER, "rich", *ANALYST, reads)
    assert "Permission denied on S3 path" in failure(http.client("athena", OWNER, "poor"), "SELECT * FROM sales.cards")
    assert len(rows(http.client("athena", OWNER, "rich"), "SELECT * FROM sales.cards")) == 4


def test_results_are_written_with_the_caller_s_rights(http: Http, athena: Any) -> None:
    """querying: the caller needs rights in the results bucket."""
    http.role(OWNER, "mute", {"Effect": "Allow", "Action": ["athena:*", "glue:Get*"], "Resource": "*"})
    assert "Access denied when writing output" in failure(http.client("athena", OWNER, "mute"), "SELECT 1")
