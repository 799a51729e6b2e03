"""A data contract becomes a product: what has a field is taken, and everything else is told by name and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import MeshformError
from reconciler.making.contract_file import contract_product
from reconciler.making.found import FoundColumn
from reconciler.spec.contracts.classification import Scale

CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: a1
version: 1.0.0
status: active
name: Orders of the Shop
domain: sales
description: {purpose: What customers ordered, limitations: No returns.}
team: {name: sales-team, members: [{username: ada}]}
servers: [{server: a, type: postgres, host: x}, {server: b, type: glue, account: "1", database: orders, format: csv}]
slaProperties:
  - {property: latency, value: 1, unit: d}
  - {property: endOfLife, value: "2030-05-12T09:30:10-08:00"}
  - {property: retention, value: 3, unit: y}
price: {priceAmount: 1}
schema:
  - name: Order
    physicalName: ORDER
    description: One row per order.
    relationships: [{from: order.id, to: other.id}]
    properties:
      - {name: id, logicalType: string, primaryKey: true, primaryKeyPosition: 2, classification: Internal}
      - {name: shop, logicalType: integer, primaryKey: true, primaryKeyPosition: 1, logicalTypeOptions: {multipleOf: 2}}
      - {name: currency, logicalType: string, enum: [{value: EUR, label: Euro}], classification: pii, examples: [EUR]}
      - {name: place, logicalType: object, properties: [{name: zip, logicalType: string, description: Code}]}
      - {name: odd, logicalType: geography}
      - {name: day, logicalType: date, partitioned: true, description: Day of the order}
    quality: [{type: sql, query: SELECT 1, mustBe: 1}, {metric: rowCount, mustBeGreaterThan: 1}]
"""
NOT_TAKEN = [
    *("team.members (line 9)", "servers.server (line 10)", "servers.host (line 10)", "servers.account (line 10)"),
    *("price (line 15)", "schema.relationships (line 20)", "schema.properties.logicalTypeOptions.multipleOf (line 23)"),
    *("schema.properties.enum.label (line 24)", "schema.properties.examples (line 24)"),
    *("schema.properties.properties.description (line 25)", "schema.quality.query (line 28)"),
    "retention of slaProperties",
]


def written(folder: Path, text: str) -> Path:
    path = folder / "contract.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_has_a_field_is_taken_and_all_else_is_told(tmp_path: Path) -> None:
    found = contract_product(written(tmp_path, CONTRACT), Scale("sensitivity", ("public", "internal"), ordered=True))
    assert found.answers == {
        "name": "Orders of the Shop",
        "domain": "sales",
        "owner": "sales-team",
        "description": "What customers ordered. No returns.",
        "database": "orders",
    }
    assert (found.max_age, str(found.until)) == ("24h", "2030-05-12")
    (table,) = found.tables
    assert (table.name, table.format, table.description) == ("order", "csv", "One row per order.")
    assert table.columns == (
        FoundColumn("id", "string", label="internal"),
        FoundColumn("shop", "int"),
        FoundColumn("currency", "string"),
        FoundColumn("place", "struct<zip:string>"),
    )
    assert table.partition_keys == (FoundColumn("day", "date", description="Day of the order"),)
    assert [rule for rule, _ in table.quality] == [
        'IsComplete "id"',
        'IsComplete "shop"',
        'ColumnValues "currency" in ["EUR"]',
        'IsPrimaryKey "shop" "id"',
        "RowCount > 1",
    ]
    assert found.told == (f"Not taken from the contract: {', '.join(NOT_TAKEN)}.",)
    assert [line.partition(" (")[0] for line in table.told] == [
        "order: column odd has no type that Glue knows",
        "order: Glue Data Quality has no rule for this check, so it is left out",
        "order.currency: the classification pii is no sensitivity of this mesh; its label is guessed.",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no data contract"),
        ("- a\n", "is no data contract"),
        ("kind: Product\n", "neither `kind: DataContract`"),
        ("a: [\n", "is no data contract"),
        ("\x00", "is no data contract"),
        (CONTRACT.replace("v3.2.0", "v2.2.2"), "version 3"),
        (CONTRACT.replace("name: Order\n", "physicalType: x\n"), "`name`"),
        ("apiVersion: v3.2.0\nkind: DataContract\nschema: []\n", "describes no table"),
        (
            "apiVersion: v3.2.0\nkind: DataContract\nschema: [{name: '!', properties: [{name: a, logicalType: date}]}]",
            "no table",
        ),
        ("dataContractSpecification: 1.1.0\nmodels: {}\n", "describes no table"),
        ("dataContractSpecification: 1.1.0\nmodels: [1]\n", "describes no table"),
    ],
)
def test_what_is_none_is_told_with_the_reason(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(MeshformError) as refused:
        contract_product(written(tmp_path, text), Scale("sensitivity"))
    assert says in " ".join([str(refused.value), *refused.value.hints])


def test_a_column_that_stands_there_twice_or_has_no_type_of_athena_is_told(tmp_path: Path) -> None:
    text = CONTRACT.replace("name: currency", "name: day").replace("{name: zip,", "{name: '<!-- x -->',")
    (table,) = contract_product(written(tmp_path, text), Scale("sensitivity")).tables
    names = [each.name for each in (*table.columns, *table.partition_keys)]
    assert len(names) == len({*names})
    assert "order.day stands there twice; the first one is taken." in table.told
    (place,) = [each for each in table.columns if each.name == "place"]
    assert (place.type, "Athena does not read that" in place.remark) == ("string", True)
