"""A small lake and a way to ask it questions."""

from __future__ import annotations

from typing import Any

from tests.sandbox.conftest import Http

CARDS = b"id,name,age,land\n1,Ann,33,de\n2,Bob,51,fr\n3,Cleo,28,de\n"
COLUMNS = [
    {"Name": "id", "Type": "bigint"},
    {"Name": "name", "Type": "string"},
    {"Name": "age", "Type": "int"},
    {"Name": "land", "Type": "string"},
]
CSV = {
    "SerializationLibrary": "org.apache.hadoop.hive.serde2.OpenCSVSerde",
    "Parameters": {"separatorChar": ",", "quoteChar": '"'},
}
#: What an analyst's role needs in IAM to query by Athena and to keep results.
ANALYST = (
    {"Effect": "Allow", "Action": ["athena:*", "glue:Get*", "lakeformation:GetDataAccess"], "Resource": "*"},
    {"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::results", "arn:aws:s3:::results/*"]},
)


def lake(http: Http, account: str) -> Any:
    """Make buckets `lake` and `results`, and the table `sales.cards` over one CSV object; the Glue client."""
    s3, glue = http.client("s3", account), http.client("glue", account)
    for bucket in ("lake", "results"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="lake", Key="cards/cards.csv", Body=CARDS)
    glue.create_database(DatabaseInput={"Name": "sales"})
    glue.create_table(DatabaseName="sales", TableInput=cards())
    return glue


def cards(**more: Any) -> dict[str, Any]:
    """The input for the table `cards`."""
    storage = {"Columns": COLUMNS, "Location": "s3://lake/cards/", "SerdeInfo": CSV}
    return {"Name": "cards", "Parameters": {"skip.header.line.count": "1"}, "StorageDescriptor": storage, **more}


def execution(athena: Any, sql: str, **more: Any) -> dict[str, Any]:
    """Run a query and give its record."""
    more.setdefault("ResultConfiguration", {"OutputLocation": "s3://results/here/"})
    started = athena.start_query_execution(QueryString=sql, **more)["QueryExecutionId"]
    found: dict[str, Any] = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]
    return found


def rows(athena: Any, sql: str, **more: Any) -> list[list[str | None]]:
    """The rows of a query that must succeed, names first."""
    found = execution(athena, sql, **more)
    assert found["Status"]["State"] == "SUCCEEDED", found["Status"]
    answer = athena.get_query_results(QueryExecutionId=found["QueryExecutionId"])
    return [[cell.get("VarCharValue") for cell in row["Data"]] for row in answer["ResultSet"]["Rows"]]


def failure(athena: Any, sql: str, **more: Any) -> str:
    """The reason of a query that must fail."""
    found = execution(athena, sql, **more)
    assert found["Status"]["State"] == "FAILED", found["Status"]
    reason: str = found["Status"]["StateChangeReason"]
    return reason
