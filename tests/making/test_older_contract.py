"""A contract of the Data Contract Specification is read as one of the standard."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.making.contract_file import contract_product
from reconciler.making.found import FoundColumn
from reconciler.making.older_contract import as_odcs
from reconciler.spec.contracts.classification import Scale

OLDER = """\
dataContractSpecification: 1.1.0
info: {title: Orders, version: 1.0.0, owner: sales-team, contact: {name: x}}
servers: {lake: {type: s3, location: s3://lake/orders, format: csv, delimiter: ";"}}
models:
  orders:
    description: One row per order.
    fields:
      id: {type: text, primaryKey: true, description: Its number, format: uuid}
      total: {type: decimal, precision: 12, scale: 2, minimum: 0}
      lines: {type: array, items: {type: object, fields: {sku: {type: string}, count: {type: long}}}}
      words: {type: map, keys: {type: string}, values: {type: int}}
      state: {type: string, enum: [open, closed]}
servicelevels: {freshness: {threshold: PT24H}, retention: {period: P1Y}}
"""


def test_its_tables_are_read_and_what_is_not_is_told(tmp_path: Path) -> None:
    path = tmp_path / "orders.yml"
    path.write_text(OLDER)
    found = contract_product(path, Scale("sensitivity"))
    assert found.answers == {"name": "Orders", "owner": "sales-team"}
    assert found.max_age == "24h"
    (table,) = found.tables
    assert table.csv == {"delimiter": ";"}
    assert table.columns == (
        FoundColumn("id", "string", description="Its number"),
        FoundColumn("total", "decimal(12,2)"),
        FoundColumn("lines", "array<struct<sku:string,count:bigint>>"),
        FoundColumn("words", "map<string,int>"),
        FoundColumn("state", "string"),
    )
    assert [rule for rule, _ in table.quality] == [
        'IsPrimaryKey "id"',
        'ColumnValues "total" >= 0',
        'ColumnValues "state" in ["open", "closed"]',
    ]
    assert found.told == (
        "Not taken from the contract: info.contact (line 2), models.orders.fields.id.format (line 8), "
        "servicelevels.retention (line 13).",
    )


@pytest.mark.parametrize(
    ("threshold", "sla"), [("25h", (25, "h")), ("P1DT1H", (1500, "minutes")), ("soon", ("soon", None)), ("", None)]
)
def test_thresholds_are_promises_of_the_service(threshold: str, sla: tuple[object, object] | None) -> None:
    said = as_odcs({"servicelevels": {"freshness": {"threshold": threshold}}})["slaProperties"]
    assert [(each["value"], each.get("unit")) for each in said] == ([sla] if sla else [])
