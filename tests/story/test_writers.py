"""Who writes a product: the roles that it names may make, change and drop its tables, and nobody else may."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from reconciler.access import evaluate, principal_directory
from reconciler.access.facts.of_state import facts_of
from tests.estate import BANKING, CENTRAL, REGION, Estate, actions, edited, mesh_of

CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
WRITERS = """\
writers:
  - {name: dbt, role: dbt-runner, create: true}
  - {name: loader, role: loader, create: true, permissions: [INSERT]}
tables:
"""
MESH = mesh_of(edited((CREDIT, "\ntables:\n", f"\n{WRITERS}")))
PLACE = f"s3://bank-consumer-banking-{BANKING}-eu-west-1/"
ROLE = f"arn:aws:iam::{BANKING}:role/meshform/bank/"


def glue_as(estate: Estate, role: str) -> Any:
    own = estate.aws.session(BANKING, region=REGION)
    keys = own.client("sts").assume_role(RoleArn=f"{ROLE}{role}", RoleSessionName="run")["Credentials"]
    session = type(own)(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name=REGION)
    return session.client("glue")


def table(name: str, place: str) -> dict[str, Any]:
    storage = {"Location": f"{PLACE}{place}", "Columns": [{"Name": "year", "Type": "int"}]}
    return {"Name": name, "TableType": "EXTERNAL_TABLE", "StorageDescriptor": storage}


@pytest.fixture
def written(built: Estate) -> Estate:
    built.repair(MESH)
    return built


def test_writers_do_what_they_are_named_for_and_nobody_else_does(written: Estate) -> None:
    where = {"CatalogId": CENTRAL, "DatabaseName": "credit-card"}
    dbt = glue_as(written, "dbt-runner")
    dbt.create_table(**where, TableInput=table("scores", "credit_card/scores/"))
    assert actions(written.plan(MESH)) == set(), "a table that its writer made is no drift"
    dbt.update_table(**where, TableInput=table("scores", "credit_card/scores2/"))
    dbt.delete_table(**where, Name="scores")
    with pytest.raises(ClientError, match=r"Lake Formation|Insufficient"):
        dbt.create_table(**where, TableInput=table("theft", "elsewhere/"))
    for role in ("loader", "quality-credit-profile.bank"):
        with pytest.raises(ClientError, match=r"Lake Formation|Insufficient|not authorized|AccessDenied"):
            glue_as(written, role).create_table(**where, TableInput=table("scores", "credit_card/scores/"))


def test_access_tells_the_writers(written: Estate) -> None:
    found: dict[str, set[str]] = {}
    for fact in facts_of(evaluate(written.look(MESH), principal_directory(MESH)), MESH):
        if fact.product == "credit-profile" and fact.principal_type == "writer":
            found.setdefault(fact.principal, set()).add(fact.permission)
    assert found[f"{ROLE}dbt-runner"] >= {"ALTER", "DELETE", "DROP", "INSERT", "SELECT", "CREATE_TABLE"}
    assert found[f"{ROLE}loader"] == {"DESCRIBE", "INSERT", "READ_FILES"}
    assert principal_directory(MESH).label(f"{ROLE}loader") == "consumer-banking/loader"


def test_new_writers_are_told_and_asked_about(built: Estate) -> None:
    asked = [each for each in built.review(MESH).findings if each.rule == "more-than-reading"]
    assert [each.message for each in asked] == [
        "dbt (dbt-runner) could ALTER, CREATE_TABLE, DELETE, DROP, INSERT in credit-profile as its writer.",
        "loader (loader) could INSERT in credit-profile as its writer.",
    ]


def test_a_writer_that_is_named_no_more_has_nothing(written: Estate) -> None:
    written.repair()
    rows = written.client("lakeformation").list_permissions()["PrincipalResourcePermissions"]
    assert not [row for row in rows if "dbt-runner" in row["Principal"]["DataLakePrincipalIdentifier"]]
