"""pyiceberg writes a table through the simulated Glue, and the simulated Athena reads it by field ids."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.sandbox.inprocess import assumed
from tests.clients.conftest import ACCESS_ROLE, PRODUCER, REGION, Served, script

pytestmark = pytest.mark.clients


def client(served: Served, service: str) -> Any:
    return assumed(PRODUCER, ACCESS_ROLE, REGION, served.endpoint).client(service, endpoint_url=served.endpoint)


def rows(served: Served, sql: str) -> list[list[str | None]]:
    athena = client(served, "athena")
    where = {"OutputLocation": "s3://lake/answers/"}
    started = athena.start_query_execution(QueryString=sql, ResultConfiguration=where)["QueryExecutionId"]
    status = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]["Status"]
    assert status["State"] == "SUCCEEDED", status
    found = athena.get_query_results(QueryExecutionId=started)["ResultSet"]["Rows"]
    return [[cell.get("VarCharValue") for cell in row["Data"]] for row in found[1:]]


def test_values_follow_their_field_ids_through_a_change_of_the_schema(served: Served) -> None:
    """https://iceberg.apache.org/spec/#column-projection"""
    client(served, "s3").create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": REGION})
    client(served, "glue").create_database(DatabaseInput={"Name": "sales"})
    actor = served.actor(PRODUCER)
    assert script("iceberg", "iceberg", actor, "create") == 2
    assert rows(served, "SELECT id, name, land FROM sales.orders ORDER BY id") == [
        ["1", "Ann", "de"],
        ["2", "Bob", "fr"],
    ]
    theirs = script("iceberg", "iceberg", actor, "evolve")
    ours = rows(served, "SELECT land, id, buyer, note FROM sales.orders ORDER BY id")
    assert ours == [[row["land"], str(row["id"]), row["buyer"], row["note"]] for row in theirs]
    assert ours == [["de", "1", "Ann", None], ["fr", "2", "Bob", None], ["it", "3", "Cleo", "new"]]
