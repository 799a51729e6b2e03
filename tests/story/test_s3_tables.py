"""A product in a catalog within the central one, as of S3 Tables: tagged, shared and linked, and never made."""

from __future__ import annotations

import json
from typing import Any

from reconciler.access import TableId, evaluate, principal_directory
from reconciler.demo.analyst import CONSUMER, READER, _as_role
from reconciler.kinds import registry
from reconciler.kinds.sharing.reconciler_rights import apply_role_arn
from reconciler.model.resource import Observation
from reconciler.plan.compile import compile_mesh
from reconciler.spec.names import own_role, principal_arn
from reconciler.spec.results import workgroups_for
from tests.estate import ANALYTICS, CENTRAL, Estate, actions, bank, variant
from tests.kinds.full import FUND_STUDY, full
from tests.sandbox.athena import execution
from tests.sandbox.files import objects, table_input

PROFILE = "domains/consumer-banking/products/credit-profile.yaml"
FUNDS = "domains/asset-management/products/fund-prices.yaml"
NESTED = f"{CENTRAL}:s3tablescatalog/lake"
MESH = variant(
    (FUNDS, "database: fund-prices", "catalog: s3tablescatalog/lake\ndatabase: funds"),
    (FUNDS, "  - name: fund_price\n", "  - name: fund_price\n    definition: external\n    format: iceberg\n"),
    (FUNDS, "    partitionKeys:\n      - {name: trading_day, type: date, description: Day of the price}\n", ""),
    more={FUND_STUDY: full()[FUND_STUDY]},
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


def policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def filled(estate: Estate) -> None:
    """What AWS keeps of the table: its files, below a location of its own that is registered with a role."""
    s3, iam = estate.client("s3"), estate.client("iam")
    for bucket in ("b--table-s3", "results-of-owner"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    rows = [{name: f"{name}-{number}" for name in COLUMNS} for number in (1, 2)]
    for key, body in objects("iceberg", rows, "s3://b--table-s3/").items():
        s3.put_object(Bucket="b--table-s3", Key=key, Body=body)
    service = {"Effect": "Allow", "Principal": {"Service": "lakeformation.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName="s3tables", AssumeRolePolicyDocument=policy(service))
    let = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "arn:aws:s3:::b--table-s3*"}
    iam.put_role_policy(RoleName="s3tables", PolicyName="read", PolicyDocument=policy(let))
    estate.client("lakeformation").register_resource(
        ResourceArn="arn:aws:s3:::b--table-s3", RoleArn=f"arn:aws:iam::{CENTRAL}:role/s3tables"
    )
    glue = estate.aws.session(CENTRAL, bank().settings.roles.apply).client("glue")
    made = table_input("iceberg", "fund_price", COLUMNS, "s3://b--table-s3/")
    glue.update_table(CatalogId=NESTED, DatabaseName="funds", TableInput=made)


#: How whoever is in the account of the catalog asks for the table.
#: https://docs.aws.amazon.com/athena/latest/ug/gdc-register-query-the-data-source.html
BY_PATH: tuple[tuple[str, dict[str, str]], ...] = (
    ('SELECT isin FROM "s3tablescatalog/lake"."funds"."fund_price" ORDER BY 1', {}),
    ('SELECT funds.fund_price.isin FROM "S3TablesCatalog/lake".funds.fund_price ORDER BY 1', {}),
    ("SELECT isin FROM funds.fund_price ORDER BY 1", {"Catalog": "s3tablescatalog/lake"}),
    ("SELECT isin FROM fund_price ORDER BY 1", {"Catalog": "s3tablescatalog/lake", "Database": "funds"}),
)


def queried(athena: Any, sql: str, **more: Any) -> tuple[str, Any]:
    """The state of a query, and its rows or the reason of its failure."""
    found = execution(athena, sql, **more)
    if found["Status"]["State"] != "SUCCEEDED":
        return found["Status"]["State"], found["Status"]["StateChangeReason"]
    return "SUCCEEDED", athena.get_query_results(QueryExecutionId=found["QueryExecutionId"])["ResultSet"]["Rows"]


def values(rows: Any) -> list[str]:
    """The values of a result of one column."""
    return [row["Data"][0]["VarCharValue"] for row in rows[1:]]


def as_analyst(estate: Estate, sql: str) -> tuple[str, Any]:
    (workgroup,) = workgroups_for(MESH, MESH.consumers[CONSUMER], MESH.consumers[CONSUMER].principal(READER))
    athena = _as_role(estate.aws, MESH, ANALYTICS, own_role(MESH, READER)).client("athena")
    return queried(athena, sql, WorkGroup=workgroup.name, ResultConfiguration={})


def as_owner(estate: Estate, sql: str, context: dict[str, str]) -> tuple[str, Any]:
    """In the central account, by who made the table."""
    athena = estate.aws.session(CENTRAL, bank().settings.roles.apply).client("athena")
    place = {"OutputLocation": "s3://results-of-owner/"}
    return queried(athena, sql, QueryExecutionContext=context, ResultConfiguration=place)


def test_the_analyst_reads_it_column_by_column_as_the_evaluator_says(estate: Estate) -> None:
    """Through the link of his account, each column by itself; whoever made it asks by the path of its catalog."""
    estate.apply_reviewed(MESH)
    made(estate)
    filled(estate)
    run = estate.apply_reviewed(MESH)
    assert not run.failed, run.failed
    state = evaluate(estate.look(MESH), principal_directory(MESH))
    who = principal_arn(MESH, MESH.consumers[CONSUMER], MESH.consumers[CONSUMER].principal(READER))
    table = TableId(CENTRAL, "s3tablescatalog/lake/funds", "fund_price")
    masks = [mask for each in state.readers(table) if each.principal == who for _, mask in each.column_rows]
    reads = {name for number, name in enumerate(COLUMNS) if any(mask >> number & 1 for mask in masks)}
    assert reads == {"isin", "currency", "net_asset_value"}
    for name in COLUMNS:
        outcome, told = as_analyst(estate, f'SELECT {name} FROM "rl_funds"."fund_price" ORDER BY 1')
        if name in reads:
            assert outcome == "SUCCEEDED", told
            assert values(told) == [f"{name}-1", f"{name}-2"]
        else:
            assert "COLUMN_NOT_FOUND" in told
    outcome, told = as_analyst(estate, 'SELECT * FROM "rl_funds"."fund_price"')
    assert [each["VarCharValue"] for each in told[0]["Data"]] == [name for name in COLUMNS if name in reads]
    for sql, context in BY_PATH:
        outcome, told = as_owner(estate, sql, context)
        assert outcome == "SUCCEEDED", told
        assert values(told) == ["isin-1", "isin-2"]
