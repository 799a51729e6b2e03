"""aws-data-mesh-utils makes a mesh, publishes a product and approves a subscription, with the boto3 that it pins."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.sandbox.inprocess import assumed, session_of
from tests.clients.conftest import ACCESS_ROLE, CENTRAL, CONSUMER, PRODUCER, REGION, Served, script

pytestmark = pytest.mark.clients

Step = Callable[..., Any]

EVERYONE = [{"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}]
TABLE = {
    "Name": "credit",
    "TableType": "EXTERNAL_TABLE",
    "Parameters": {"skip.header.line.count": "1"},
    "StorageDescriptor": {
        "Columns": [{"Name": "id", "Type": "bigint"}, {"Name": "age", "Type": "int"}],
        "Location": "s3://cards/credit/",
        "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.serde2.OpenCSVSerde"},
    },
}


def old_client(served: Served, folder: Path) -> dict[str, str]:
    """Point a botocore that knows no AWS_ENDPOINT_URL at the sandbox, by the endpoints that it reads from a file."""
    partition = {
        "partition": "aws",
        "partitionName": "the sandbox",
        "dnsSuffix": "127.0.0.1",
        "regionRegex": r"^[a-z]+-[a-z]+-\d+$",
        "regions": {REGION: {"description": "the sandbox"}},
        "defaults": {
            "hostname": served.endpoint.removeprefix("http://"),
            "protocols": ["http"],
            "signatureVersions": ["v4"],
        },
        "services": {},
    }
    (folder / "endpoints.json").write_text(json.dumps({"version": 3, "partitions": [partition]}))
    lines = ["[default]", f"region = {REGION}", "sts_regional_endpoints = regional", "s3 ="]
    (folder / "config").write_text(
        "\n".join([*lines, "    addressing_style = path", "    signature_version = s3v4", ""])
    )
    return {"AWS_DATA_PATH": str(folder), "AWS_CONFIG_FILE": str(folder / "config")}


def administrator(served: Served, account: str) -> dict[str, str]:
    """A user who is administrator of an account and its data lake, since the library takes users only; his keys."""
    session = assumed(account, ACCESS_ROLE, REGION, served.endpoint)
    iam = session.client("iam", endpoint_url=served.endpoint)
    arn = iam.create_user(UserName="boss")["User"]["Arn"]
    iam.attach_user_policy(UserName="boss", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    session.client("lakeformation", endpoint_url=served.endpoint).put_data_lake_settings(
        DataLakeSettings={
            "DataLakeAdmins": [{"DataLakePrincipalIdentifier": arn}],
            "CreateDatabaseDefaultPermissions": EVERYONE,
            "CreateTableDefaultPermissions": EVERYONE,
        }
    )
    key = iam.create_access_key(UserName="boss")["AccessKey"]
    return served.keys(key["AccessKeyId"], key["SecretAccessKey"])


def client(actor: dict[str, str], service: str) -> Any:
    session = session_of(actor["AWS_ACCESS_KEY_ID"], actor["AWS_SECRET_ACCESS_KEY"], None, REGION)
    return session.client(service, endpoint_url=actor["AWS_ENDPOINT_URL"])


def consolidate(actor: dict[str, str]) -> None:
    """Set version 3, so that the grants on a table share one invitation: the library accepts one a table.

    For that version AWS asks grantors for rights at RAM that the library's own policy of 2022 has not:
    https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html
    """
    lf = client(actor, "lakeformation")
    settings = lf.get_data_lake_settings()["DataLakeSettings"]
    settings["Parameters"] = {"CROSS_ACCOUNT_VERSION": "3"}
    lf.put_data_lake_settings(DataLakeSettings=settings)
    client(actor, "iam").attach_role_policy(
        RoleName=f"DataMeshAdminProducer-{PRODUCER}",
        PolicyArn="arn:aws:iam::aws:policy/AWSLakeFormationCrossAccountManager",
    )


@pytest.fixture
def actors(served: Served, tmp_path: Path) -> dict[str, dict[str, str]]:
    """The administrators of the three accounts; the producer has a table."""
    found = {account: administrator(served, account) for account in (CENTRAL, PRODUCER, CONSUMER)}
    s3, glue = client(found[PRODUCER], "s3"), client(found[PRODUCER], "glue")
    s3.create_bucket(Bucket="cards", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="cards", Key="credit/a.csv", Body=b"id,age\n1,20\n2,30\n")
    glue.create_database(DatabaseInput={"Name": "cards"})
    glue.create_table(DatabaseName="cards", TableInput=TABLE)
    old = old_client(served, tmp_path)
    return {account: actor | old for account, actor in found.items()}


@pytest.fixture
def step(actors: dict[str, dict[str, str]]) -> Step:
    """A step of the library, taken by the administrator of an account."""

    def take(account: str, name: str, *more: str) -> Any:
        return script("data-mesh-utils", "mesh_utils", actors[account], name, CENTRAL, PRODUCER, CONSUMER, *more)

    take(CENTRAL, "initialize_mesh")
    take(PRODUCER, "initialize_producer")
    take(CONSUMER, "initialize_consumer")
    take(CENTRAL, "enable")
    consolidate(actors[CENTRAL])
    product = take(PRODUCER, "create_product")
    assert product == {"DatabaseName": "cards", "Tables": [{"SourceTable": "credit", "LinkTable": "credit_link"}]}
    assert take(CONSUMER, "request")["TableName"] == ["credit"]
    return take


def answer(actor: dict[str, str], sql: str) -> Any:
    """The rows of a query, or why it failed."""
    client(actor, "s3").create_bucket(Bucket="answers", CreateBucketConfiguration={"LocationConstraint": REGION})
    athena = client(actor, "athena")
    place = {"OutputLocation": "s3://answers/"}
    identifier = athena.start_query_execution(QueryString=sql, ResultConfiguration=place)["QueryExecutionId"]
    status = athena.get_query_execution(QueryExecutionId=identifier)["QueryExecution"]["Status"]
    if status["State"] != "SUCCEEDED":
        return status["StateChangeReason"]
    got = athena.get_query_results(QueryExecutionId=identifier)["ResultSet"]["Rows"]
    return [[cell.get("VarCharValue") for cell in row["Data"]] for row in got]


def settled(actor: dict[str, str]) -> None:
    """RAM associates after some looks."""
    for _ in range(3):
        client(actor, "ram").get_resource_shares(resourceOwner="OTHER-ACCOUNTS")
        client(actor, "ram").list_resources(resourceOwner="OTHER-ACCOUNTS")


def test_an_approved_subscription_can_be_read_through_the_link(step: Step, actors: dict[str, Any]) -> None:
    subscription = step(PRODUCER, "approve", "SELECT")
    assert (subscription["Status"], subscription["PermittedGrants"]) == ("Active", ["SELECT", "DESCRIBE"])
    arn = f"arn:aws:glue:{REGION}:{CENTRAL}:table/cards-{PRODUCER}/credit"
    assert subscription["GrantedTableARNs"] == [arn]
    step(CONSUMER, "finalize")
    settled(actors[CONSUMER])
    shared = {"CatalogId": CENTRAL, "DatabaseName": f"cards-{PRODUCER}", "Name": "credit"}
    client(actors[CONSUMER], "lakeformation").grant_permissions(
        Principal={"DataLakePrincipalIdentifier": f"arn:aws:iam::{CONSUMER}:user/boss"},
        Resource={"Table": shared},
        Permissions=["SELECT"],
    )
    found = answer(actors[CONSUMER], f'SELECT * FROM "cards-{PRODUCER}".credit ORDER BY id')
    assert found == [["id", "age"], ["1", "20"], ["2", "30"]]


def test_the_library_loses_select_when_it_asks_for_more_grant_options_than_permissions(
    step: Step, actors: dict[str, Any]
) -> None:
    """It asks for SELECT with the grant option of DESCRIBE, too, and does not look at the entry's failure.

    API_GrantPermissions: grant options may only be a subset of the permissions granted.
    """
    step(PRODUCER, "approve", "SELECT", "DESCRIBE")
    step(CONSUMER, "finalize")
    settled(actors[CONSUMER])
    assert "Insufficient permissions" in answer(actors[CONSUMER], f'SELECT * FROM "cards-{PRODUCER}".credit')
