"""pyiceberg writes a table through the simulated Glue; Athena reads it by field ids, and a mesh uses it as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.sandbox.inprocess import assumed
from tests.clients.conftest import ACCESS_ROLE, CENTRAL, PRODUCER, REGION, Served, script
from tests.clients.mesh import PLACE, WRITER, Shop

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


def writer(shop: Shop, *words: str) -> Any:
    """A step of the writer in the central catalog: pyiceberg goes by the names that Glue answers with, not by links."""
    return script("iceberg", "iceberg", shop.keys_of(PRODUCER, WRITER) | {"GLUE_ID": CENTRAL}, *words)


def told(plan: Any) -> list[tuple[str, str]]:
    """Severity and sentence of what a plan says of schemas."""
    return [(each["severity"], each["message"]) for each in plan["findings"] if each["rule"] == "schema-drift"]


def test_a_mesh_uses_a_table_as_its_writer_keeps_it(served: Served, tmp_path: Path) -> None:
    """Commits are no drift, the declaration is judged, a new column is nobody's, a dropped one is gone."""
    shop = Shop(served, tmp_path)
    shop.write("iceberg")
    shop.make_writer()
    shop.meshform("apply", "--auto-approve", "--accept", "more-than-reading", code=5)
    table = "orders.order_line"
    writer(shop, "write", table, PLACE)
    shop.meshform("apply", "--auto-approve")
    tagged = {"id": "open", "name": "secret", "land": "open"}
    assert shop.labels() == tagged
    assert shop.rows("SELECT * FROM order_line ORDER BY id") == [["id", "land"], ["1", "de"], ["2", "fr"]]

    writer(shop, "commit", table)
    shop.meshform("drift")
    assert told(shop.plan()) == []

    writer(shop, "commit", table, "add:note", "widen:id")
    shop.meshform("drift")
    plan = shop.plan()
    assert plan["steps"] == []
    assert {severity for severity, _ in told(plan)} == {"note"}
    assert any("a column note (string) that is not declared" in sentence for _, sentence in told(plan))
    assert any("The column id of orders.order_line is bigint, wider than" in sentence for _, sentence in told(plan))
    assert shop.labels() == tagged
    assert shop.rows("SELECT * FROM order_line WHERE id = 4") == [["id", "land"], ["4", "land4"]]

    writer(shop, "commit", table, "drop:land", "rename:name:buyer")
    shop.meshform("drift")
    broken = [sentence for severity, sentence in told(shop.plan()) if severity == "warning"]
    assert any("The column land of orders.order_line is gone" in each and "bi/analyst" in each for each in broken)
    assert any("The column name of orders.order_line is called buyer" in each for each in broken)
    assert "buyer" not in shop.labels()
    assert shop.rows("SELECT * FROM order_line WHERE id = 4") == [["id"], ["4"]]
