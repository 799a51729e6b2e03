"""awswrangler writes, reads the catalog and queries through a link, and sees what Lake Formation lets it see."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.sandbox.inprocess import assumed
from tests.clients.conftest import ACCESS_ROLE, CONSUMER, PRODUCER, REGION, Served, script
from tests.sandbox.conftest import document

pytestmark = pytest.mark.clients

TARGET = {"CatalogId": PRODUCER, "DatabaseName": "sales"}
SHOWN = {"TableWithColumns": {**TARGET, "Name": "people", "ColumnNames": ["id", "name"]}}


def client(served: Served, service: str, account: str) -> Any:
    return assumed(account, ACCESS_ROLE, REGION, served.endpoint).client(service, endpoint_url=served.endpoint)


def bucket(served: Served, account: str, name: str) -> None:
    configuration = {"LocationConstraint": REGION}
    client(served, "s3", account).create_bucket(Bucket=name, CreateBucketConfiguration=configuration)


def govern(served: Served, account: str) -> Any:
    """An account whose access role is administrator; its client of Lake Formation."""
    lf = client(served, "lakeformation", account)
    admin = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{account}:role/{ACCESS_ROLE}"}
    lf.put_data_lake_settings(
        DataLakeSettings={
            "DataLakeAdmins": [admin],
            "CreateDatabaseDefaultPermissions": [],
            "CreateTableDefaultPermissions": [],
            "Parameters": {"CROSS_ACCOUNT_VERSION": "4"},
        }
    )
    return lf


def give(lf: Any, principal: str, resource: Any, *permissions: str, option: bool = False) -> None:
    lf.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": principal},
        Resource=resource,
        Permissions=permissions,
        PermissionsWithGrantOption=permissions if option else (),
    )


@pytest.fixture(scope="module")
def mesh(_served: Served) -> Served:
    """`sales`, written by awswrangler in the producer's account; the consumer's analyst may see two of its columns."""
    _served.reset()
    bucket(_served, PRODUCER, "lake")
    bucket(_served, CONSUMER, "answers")
    producer, consumer = govern(_served, PRODUCER), govern(_served, CONSUMER)
    producer.register_resource(ResourceArn="arn:aws:s3:::lake", UseServiceLinkedRole=True)
    laid = script("current", "wrangler", _served.actor(PRODUCER), "write")
    assert laid == {"objects": 3, "rows": 3, "columns": ["id", "name", "age"]}
    give(producer, CONSUMER, {"Table": {**TARGET, "Name": "people"}}, "SELECT", "DESCRIBE", option=True)
    ram = client(_served, "ram", CONSUMER)
    for invitation in ram.get_resource_share_invitations()["resourceShareInvitations"]:
        ram.accept_resource_share_invitation(resourceShareInvitationArn=invitation["resourceShareInvitationArn"])
    owner = client(_served, "ram", PRODUCER)
    for _ in range(3):
        owner.get_resource_share_associations(associationType="RESOURCE")
        owner.get_resource_share_associations(associationType="PRINCIPAL")
    glue = client(_served, "glue", CONSUMER)
    glue.create_database(DatabaseInput={"Name": "rl_sales", "TargetDatabase": TARGET})
    glue.create_database(DatabaseInput={"Name": "scratch"})
    iam = client(_served, "iam", CONSUMER)
    trust = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000001:root"}, "Action": "sts:AssumeRole"}
    actions = ["athena:*", "glue:Get*", "glue:*Table", "lakeformation:GetDataAccess", "s3:*", "sts:Get*"]
    for name in ("analyst", "stranger"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))
        rights = document({"Effect": "Allow", "Action": actions, "Resource": "*"})
        iam.put_role_policy(RoleName=name, PolicyName="query", PolicyDocument=rights)
        give(consumer, f"arn:aws:iam::{CONSUMER}:role/{name}", {"Database": {"Name": "rl_sales"}}, "DESCRIBE")
    give(consumer, f"arn:aws:iam::{CONSUMER}:role/analyst", SHOWN, "SELECT")
    give(
        consumer, f"arn:aws:iam::{CONSUMER}:role/analyst", {"Database": {"Name": "scratch"}}, "CREATE_TABLE", "DESCRIBE"
    )
    return _served


def ask(mesh: Served, sql: str, way: str = "csv", role: str = "analyst") -> Any:
    return script("current", "wrangler", mesh.actor(CONSUMER, role), "query", sql, way)


def test_the_catalog_module_reads_what_it_wrote(mesh: Served) -> None:
    got = script("current", "wrangler", mesh.actor(PRODUCER), "catalog")
    assert got == {
        "databases": ["sales"],
        "tables": ["people", "yearly"],
        "types": {"id": "bigint", "name": "string", "age": "bigint"},
        "there": True,
        "location": "s3://lake/people/",
        "partitions": [["2024"], ["2025"]],
        "listed": 2,
        "found": ["people"],
    }


@pytest.mark.parametrize("way", ["csv", "ctas", "unload"])
def test_read_sql_query_through_a_link_shows_the_permitted_columns(mesh: Served, way: str) -> None:
    got = ask(mesh, "SELECT * FROM people ORDER BY id", way)
    assert got == {"columns": ["id", "name"], "rows": [[1, "Ann"], [2, "Bob"], [3, None]]}


def test_a_hidden_column_and_a_stranger_fail_as_in_athena(mesh: Served) -> None:
    assert "COLUMN_NOT_FOUND" in ask(mesh, "SELECT age FROM people")["failure"]
    assert "Insufficient permissions" in ask(mesh, "SELECT * FROM people", role="stranger")["failure"]


def test_its_module_for_governed_tables_is_gone(mesh: Served) -> None:
    """AWS ended governed tables; awswrangler 3 has no module for them, and the sandbox simulates none."""
    assert script("current", "wrangler", mesh.actor(CONSUMER), "modules") == {"lakeformation": False}
