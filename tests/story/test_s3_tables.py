"""A product in a catalog within the central one, as of S3 Tables: tagged, shared and linked, and never made."""

from __future__ import annotations

from typing import Any

from reconciler.access import TableId, evaluate, principal_directory
from reconciler.kinds import registry
from reconciler.kinds.sharing.reconciler_rights import apply_role_arn
from reconciler.model.resource import Observation
from reconciler.plan.compile import compile_mesh
from tests.estate import CENTRAL, Estate, actions, bank, variant

PROFILE = "domains/consumer-banking/products/credit-profile.yaml"
FUNDS = "domains/asset-management/products/fund-prices.yaml"
NESTED = f"{CENTRAL}:s3tablescatalog/lake"
MESH = variant(
    (FUNDS, "database: fund-prices", "catalog: s3tablescatalog/lake\ndatabase: funds"),
    (FUNDS, "  - name: fund_price\n", "  - name: fund_price\n    definition: external\n    format: iceberg\n"),
    (FUNDS, "    partitionKeys:\n      - {name: trading_day, type: date, description: Day of the price}\n", ""),
)
COLUMNS = ("isin", "currency", "net_asset_value", "net_inflow")
TABLE = {"CatalogId": NESTED, "DatabaseName": "funds", "Name": "fund_price"}


def made(estate: Estate) -> None:
    """What the owner of the table bucket has: a namespace and a table."""
    glue = estate.aws.session(CENTRAL, bank().settings.roles.apply).client("glue")
    glue.create_database(CatalogId=NESTED, DatabaseInput={"Name": "funds"})
    storage = {"Columns": [{"Name": name, "Type": "string"} for name in COLUMNS], "Location": "s3://b--table-s3/"}
    table = {"Name": "fund_price", "TableType": "EXTERNAL_TABLE", "StorageDescriptor": storage}
    glue.create_table(
        CatalogId=NESTED, DatabaseName="funds", TableInput={**table, "Parameters": {"table_type": "ICEBERG"}}
    )


def labels(estate: Estate) -> dict[str, str]:
    found = estate.client("lakeformation").get_resource_lf_tags(Resource={"Table": TABLE}, ShowAssignedLFTags=True)
    return {
        column["Name"]: tag["TagValues"][0]
        for column in found.get("LFTagsOnColumns", [])
        for tag in column["LFTags"]
        if tag["TagKey"] == "sensitivity"
    }


def test_a_product_of_s3_tables_is_waited_for_tagged_and_linked_and_nothing_of_it_is_made(estate: Estate) -> None:
    plan = estate.plan(MESH)
    held = {item.address.name: item.reason for item in plan.held}
    assert "s3tablescatalog/lake/funds" in held
    assert not [each for each in actions(plan) if each.startswith("create") and "s3tablescatalog" in each]

    made(estate)
    as_made = estate.client("glue").get_table(**TABLE)["Table"]
    assert as_made["CatalogId"] == NESTED
    run = estate.apply_reviewed(MESH)
    assert not run.failed, run.failed
    assert labels(estate) == {
        "isin": "public",
        "currency": "public",
        "net_asset_value": "public",
        "net_inflow": "confidential",
    }
    now = estate.client("glue").get_table(**TABLE)["Table"]
    assert {key: now[key] for key in ("StorageDescriptor", "Parameters")} == {
        key: as_made[key] for key in ("StorageDescriptor", "Parameters")
    }
    assert actions(estate.plan(MESH)) == set()


def test_the_link_to_it_says_its_catalog(estate: Estate) -> None:
    estate.apply_reviewed(MESH)
    made(estate)
    run = estate.apply_reviewed(MESH)
    assert not run.failed, run.failed
    producer = MESH.producer(MESH.domain(MESH.products["fund-prices"]))
    link: Any = estate.client("glue", producer.id).get_database(Name="rl_funds")["Database"]
    assert link["TargetDatabase"] == {"CatalogId": NESTED, "DatabaseName": "funds"}


def test_it_is_evaluated_like_any_other_table(estate: Estate) -> None:
    estate.apply_reviewed(MESH)
    made(estate)
    estate.apply_reviewed(MESH)
    found = evaluate(estate.look(MESH), principal_directory(MESH))
    table = found.tables[TableId(CENTRAL, "s3tablescatalog/lake/funds", "fund_price")]
    assert table.columns == COLUMNS
    wanted = evaluate(Observation(compile_mesh(MESH, registry())), principal_directory(MESH))
    readers = {each.principal for each in wanted.readers(table.id) if each.column_rows}
    maker = apply_role_arn(
        bank()
    )  # What AWS gives to whoever made a table that is only used is not the mesh's to take.
    assert readers == {each.principal for each in found.readers(table.id) if each.column_rows} - {maker}
