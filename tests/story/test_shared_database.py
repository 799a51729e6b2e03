"""Two products in one database that others made: what one gives, moves and loses is nothing of the other."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, BANKING, CENTRAL, REGION, Estate, actions, mesh_of
from tests.story.test_two_regions import FILES, TOP, answer, hand

READERS = {name: f"arn:aws:iam::{ANALYTICS}:role/meshform/shop/{name}" for name in ("analyst", "clerk")}
BUCKET = f"shop-sales-{BANKING}-{REGION}"
COLUMNS = (
    "    columns:\n      - {name: amount, type: int}\n"
    "      - {name: email, type: string, tags: {sensitivity: secret}}\n"
)
PART = "database: warehouse\nexternal: [database]\nextent: tables\n"
TABLES = ("line", "refund", "parcel", "scratch")


def table(name: str) -> str:
    return f"  - name: {name}\n    definition: external\n    tags: {{sensitivity: inner}}\n{COLUMNS}"


def product(name: str, *tables: str, kept: str = PART) -> str:
    said = "".join(map(table, tables))
    return (
        f"{TOP}kind: Product\nname: {name}\ndomain: sales\nowner: sales\ndescription: {name}.\n"
        f"approval: {{mode: automatic}}\n{kept}tables:\n{said}"
    )


def subscription(name: str, who: str) -> str:
    return (
        f"{TOP}kind: Subscription\nname: {name}\nconsumer: reports\nproduct: sales/{name}\n"
        f"clearance: {{sensitivity: [inner]}}\nprincipals: [{who}]\npurpose: A report.\n"
    )


def mesh(**tables: tuple[str, ...]) -> Mesh:
    """Products with their tables of the warehouse: the analyst subscribes to orders, the clerk to refunds."""
    files = {path: text for path, text in FILES.items() if "/products/" not in path and "/subscriptions/" not in path}
    two = (
        "principals:\n  - {name: analyst, role: analyst, create: true}\n  - {name: clerk, role: clerk, create: true}\n"
    )
    consumer = files["consumers/reports/consumer.yaml"]
    files["consumers/reports/consumer.yaml"] = consumer[: consumer.index("principals")] + two + "workgroup: {}\n"
    for name, own in tables.items():
        files[f"domains/sales/products/{name}.yaml"] = product(name, *own)
        who = "analyst" if name == "orders" else "clerk"
        files[f"consumers/reports/subscriptions/{name}.yaml"] = subscription(name, who)
    return mesh_of(files)


def warehouse(estate: Estate) -> None:
    """The database and its tables, as an engine in the central account makes them."""
    glue, lake = (hand(estate, service, REGION, CENTRAL) for service in ("glue", "lakeformation"))
    closed = {"CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": []}
    lake.put_data_lake_settings(DataLakeSettings={"DataLakeAdmins": [], **closed})
    glue.create_database(DatabaseInput={"Name": "warehouse", "Description": "Theirs.", "Parameters": {"by": "etl"}})
    for name in TABLES:
        make(estate, name)


def make(estate: Estate, name: str) -> None:
    columns = [{"Name": "amount", "Type": "int"}, {"Name": "email", "Type": "string"}]
    place: dict[str, Any] = {"Columns": columns, "Location": f"s3://{BUCKET}/{name}/", "SerdeInfo": {}}
    place["InputFormat"] = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    place["SerdeInfo"] = {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"}
    asked = {"Name": name, "TableType": "EXTERNAL_TABLE", "StorageDescriptor": place}
    hand(estate, "glue", REGION, CENTRAL).create_table(DatabaseName="warehouse", TableInput=asked)


def queried(estate: Estate, who: str, sql: str) -> bool:
    return answer(estate, sql, REGION, READERS[who], f"shop-reports-{who}")[0] == "SUCCEEDED"


def read(estate: Estate, who: str) -> set[str]:
    """The columns of the warehouse that somebody can select."""
    return {
        f"{name}.{column}"
        for name in TABLES
        for column in ("amount", "email")[: 2 if name == "line" else 1]
        if queried(estate, who, f'select {column} from "rl_warehouse"."{name}"')
    }


def given(estate: Estate, wanted: Mesh) -> tuple[set[str], set[str]]:
    """Who gains and who loses which table by the next apply, as its verdict says."""
    access = estate.review(wanted).access
    assert access is not None
    named = {arn: who for who, arn in READERS.items()}
    gained, lost = (
        {f"{named[entry.principal]} {entry.place.table}" for entry in entries if entry.principal in named}
        for entries in (access.gained, access.lost)
    )
    return gained, lost


def tagged(estate: Estate, name: str = "") -> dict[str, str]:
    lake = hand(estate, "lakeformation", REGION, CENTRAL)
    where = {"Table": {"DatabaseName": "warehouse", "Name": name}} if name else {"Database": {"Name": "warehouse"}}
    found = lake.get_resource_lf_tags(Resource=where, ShowAssignedLFTags=True)
    return {row["TagKey"]: row["TagValues"][0] for row in found.get("LFTagsOnTable" if name else "LFTagOnDatabase", [])}


def test_the_life_of_two_products_in_one_database(estate: Estate) -> None:
    warehouse(estate)
    glue = hand(estate, "glue", REGION, CENTRAL)
    as_found = glue.get_database(Name="warehouse")["Database"]
    both = mesh(orders=("line",), refunds=("refund", "parcel"))
    estate.repair(both)
    assert read(estate, "analyst") == {"line.amount"}
    assert read(estate, "clerk") == {"refund.amount", "parcel.amount"}
    assert tagged(estate) == {}
    assert tagged(estate, "scratch") == {}
    assert actions(estate.plan(both)) == set()

    # A table moves: its readers lose it, those of the other product gain it, and the verdict says both.
    moved = mesh(orders=("line", "refund"), refunds=("parcel",))
    assert given(estate, moved) == ({"analyst refund"}, {"clerk refund"})
    estate.repair(moved)
    assert read(estate, "analyst") == {"line.amount", "refund.amount"}
    assert read(estate, "clerk") == {"parcel.amount"}

    # What an engine makes there since is nobody's, under an old name too.
    glue.delete_table(DatabaseName="warehouse", Name="line")
    make(estate, "renamed")
    assert given(estate, moved) == (set(), set())
    assert all("renamed" not in text for text in actions(estate.plan(moved)))
    make(estate, "line")

    # One product goes: the other is read as before; what was made anew is tagged anew.
    left = mesh(orders=("line", "refund"))
    assert given(estate, left) == ({"analyst line"}, {"clerk parcel"})
    estate.repair(left)
    assert tagged(estate, "parcel") == {}
    assert read(estate, "analyst") == {"line.amount", "refund.amount"}

    # The last one goes: nobody reads it by the mesh, and of the database nothing was ever written.
    estate.repair(mesh())
    assert read(estate, "analyst") == set()
    assert glue.get_database(Name="warehouse")["Database"] == as_found
    assert [tagged(estate, name) for name in ("", *TABLES)] == [{}] * 5


@pytest.mark.soak
def test_a_product_of_two_databases_is_made_linked_read_and_taken_away(estate: Estate) -> None:
    def of(*databases: str) -> Mesh:
        line = FILES["domains/sales/products/orders.yaml"]
        lines = line[line.index("  - name: line") :]
        more = "".join(lines.replace("name: line\n", f"name: {each}\n    database: {each}s\n") for each in databases)
        files = {"domains/sales/products/orders.yaml": line + more}
        return mesh_of(FILES | files)

    def databases() -> set[str]:
        rows = hand(estate, "glue", REGION, CENTRAL).get_databases()["DatabaseList"]
        return {row["Name"] for row in rows}

    two = of("old")
    estate.repair(two)
    assert databases() == {"orders", "olds"}
    assert queried(estate, "analyst", 'select amount from "rl_olds"."old"')
    assert queried(estate, "analyst", 'select amount from "rl_orders"."line"')
    assert not queried(estate, "analyst", 'select email from "rl_olds"."old"')
    assert actions(estate.plan(two)) == set()
    one = of()
    access = estate.review(one).access
    assert access is not None
    assert {entry.place.table for entry in access.lost if entry.principal == READERS["analyst"]} == {"old"}
    estate.repair(one)
    assert databases() == {"orders"}
    assert queried(estate, "analyst", 'select amount from "rl_orders"."line"')
