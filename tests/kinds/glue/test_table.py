"""A table is as the product declares it; what engines and crawlers wrote beside that stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.kinds.common.marks import MARK
from reconciler.kinds.glue.table import Table, TableKind
from reconciler.model.resource import Resource
from tests.estate import CENTRAL, Estate, actions, specs

KIND = TableKind()
WANT: Resource[Table] = specs("table")["fund-prices.fund_price"]


def test_the_declared_columns_are_the_columns() -> None:
    assert [column.name for column in WANT.spec.columns] == ["isin", "currency", "net_asset_value", "net_inflow"]
    assert [column.name for column in WANT.spec.partition_keys] == ["trading_day"]
    assert WANT.spec.columns[2].type == "decimal(18,4)"


@pytest.mark.parametrize(
    ("name", "serializer"),
    [
        ("fund-prices.fund_price", "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"),
        ("credit-card.credit_card", "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"),
    ],
)
def test_each_format_has_its_serializer(name: str, serializer: str) -> None:
    assert specs("table")[name].spec.storage.serializer == serializer


def test_the_header_of_a_csv_is_skipped() -> None:
    spec = specs("table")["credit-card.credit_card"].spec
    assert dict(spec.parameters)["skip.header.line.count"] == "1"
    assert dict(spec.storage.parameters)["field.delim"] == ","


def hand(estate: Estate, **changes: Any) -> dict[str, Any]:
    """Change a table as a tool would: read it, change it, write it."""
    glue = estate.client("glue")
    place = {"CatalogId": CENTRAL, "DatabaseName": "fund-prices"}
    found = glue.get_table(**place, Name="fund_price")["Table"]
    taken = ("Name", "Description", "StorageDescriptor", "PartitionKeys", "TableType", "Parameters", "Owner")
    kept: dict[str, Any] = {name: found[name] for name in taken if name in found}
    glue.update_table(**place, TableInput={**kept, **changes})
    after: dict[str, Any] = glue.get_table(**place, Name="fund_price")["Table"]
    return after


def test_statistics_and_owner_written_by_others_survive_a_repair(built: Estate) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    found = hand(
        built, Owner="etl", Parameters={**dict(WANT.spec.parameters), "recordCount": "7"}, LastAccessTime=moment
    )
    assert found["Owner"] == "etl"
    assert built.plan().is_empty
    hand(
        built,
        Owner="etl",
        Description="Wrong",
        LastAccessTime=moment,
        Parameters={**dict(WANT.spec.parameters), "recordCount": "7"},
    )
    plan = built.plan()
    assert actions(plan) == {"update table fund-prices.fund_price"}
    assert len(plan.digest) > 8
    built.repair()
    after = built.client("glue").get_table(CatalogId=CENTRAL, DatabaseName="fund-prices", Name="fund_price")["Table"]
    assert after["Owner"] == "etl"
    assert after["Parameters"]["recordCount"] == "7"
    assert after["Description"] == WANT.spec.description


def test_an_update_is_refused_by_aws_if_somebody_was_faster(built: Estate) -> None:
    """The version that was read is sent along, so no change of somebody else is overwritten unseen."""
    hand(built, Description="Wrong")
    (step,) = [step for step in built.plan().steps if step.address.kind == "table"]
    (call,) = step.calls
    assert call.params["VersionId"] != ""
    built.repair()


def test_a_table_that_no_product_declares_is_shown_and_stays(built: Estate) -> None:
    glue = built.client("glue")
    glue.create_table(DatabaseName="fund-prices", TableInput={"Name": "theirs", "StorageDescriptor": {"Columns": []}})
    plan = built.plan()
    assert "table fund-prices.theirs" not in str(actions(plan))
    assert ("fund-prices.theirs", "a table that no product declares") in {
        (other.resource.address.name, other.reason) for other in plan.foreign
    }
    built.empty()


def test_only_a_table_with_our_mark_is_ours() -> None:
    from reconciler.kinds.territory import ownership_of
    from reconciler.model.resource import Snapshot
    from tests.estate import bank

    ownership = ownership_of(bank(), Snapshot([*specs("database").values()]), Snapshot())
    assert KIND.owner(WANT, ownership).is_ours
    unmarked = tuple(pair for pair in WANT.spec.parameters if pair[0] != MARK)
    assert not KIND.owner(replace(WANT, spec=replace(WANT.spec, parameters=unmarked)), ownership).is_ours
