"""A table that its writer makes: waited for, tagged, shared, held to its declaration, and tagged anew when re-made."""

from __future__ import annotations

from typing import Any

from tests.estate import CENTRAL, Estate, actions, bank, variant

FUNDS = "domains/asset-management/products/fund-prices.yaml"
NAMED = "  - name: fund_price\n"
MESH = variant(
    (FUNDS, NAMED, f"{NAMED}    definition: external\n    format: iceberg\n"),
    (FUNDS, "    partitionKeys:\n      - {name: trading_day, type: date, description: Day of the price}\n", ""),
)
COLUMNS = [
    ("isin", "string"),
    ("currency", "string"),
    ("net_asset_value", "decimal(18,4)"),
    ("net_inflow", "decimal(18,2)"),
]
ADDRESS = {"CatalogId": CENTRAL, "DatabaseName": "fund-prices"}


def write(estate: Estate, *more: tuple[str, str], commit: int = 1) -> None:
    """What an engine does at a commit: the table is made, or its parameters and columns are set as a whole."""
    glue = estate.aws.session(CENTRAL, bank().settings.roles.apply).client("glue")
    table: dict[str, Any] = {
        "Name": "fund_price",
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"table_type": "ICEBERG", "metadata_location": f"s3://lake/metadata/{commit}.metadata.json"},
        "StorageDescriptor": {
            "Location": "s3://lake/fund_price",
            "Columns": [
                {"Name": name, "Type": kind, "Parameters": {"iceberg.field.id": str(number)}}
                for number, (name, kind) in enumerate((*COLUMNS, *more), 1)
            ],
        },
    }
    there = [each["Name"] for each in glue.get_tables(**ADDRESS)["TableList"]]
    (glue.update_table if "fund_price" in there else glue.create_table)(**ADDRESS, TableInput=table)


def labels(estate: Estate) -> dict[str, str]:
    """The sensitivity of each column that has one."""
    lf = estate.client("lakeformation")
    found = lf.get_resource_lf_tags(Resource={"Table": {**ADDRESS, "Name": "fund_price"}}, ShowAssignedLFTags=True)
    return {
        column["Name"]: tag["TagValues"][0]
        for column in found.get("LFTagsOnColumns", [])
        for tag in column["LFTags"]
        if tag["TagKey"] == "sensitivity"
    }


def shown(estate: Estate) -> dict[str, Any]:
    table: dict[str, Any] = estate.client("glue").get_table(**ADDRESS, Name="fund_price")["Table"]
    return {name: table[name] for name in ("Parameters", "StorageDescriptor", "PartitionKeys") if name in table}


def test_the_life_of_a_table_that_its_writer_makes(estate: Estate) -> None:
    run = estate.apply_reviewed(MESH)
    assert not run.failed
    held = {item.address.name: item.reason for item in estate.plan(MESH).held}
    assert "its writer has not made it yet" in held["fund-prices.fund_price"]

    write(estate)
    as_written = shown(estate)
    estate.apply_reviewed(MESH)
    tagged = labels(estate)
    assert tagged == {"isin": "public", "currency": "public", "net_asset_value": "public", "net_inflow": "confidential"}
    assert shown(estate) == as_written
    assert actions(estate.plan(MESH)) == set()

    write(estate, ("later", "string"), commit=2)
    review = estate.review(MESH)
    assert review.plan is not None
    assert review.plan.is_empty, actions(review.plan)
    assert any("has a column later (string) that is not declared" in each.message for each in review.findings)
    assert "later" not in labels(estate)

    estate.aws.session(CENTRAL, bank().settings.roles.apply).client("glue").delete_table(**ADDRESS, Name="fund_price")
    write(estate, commit=3)
    assert labels(estate) == {}
    estate.apply_reviewed(MESH)
    assert labels(estate) == tagged
