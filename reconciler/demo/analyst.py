"""What people other than Meshform do in the demo: deliver data, query them, grant by hand."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from reconciler.errors import MeshformError
from reconciler.sandbox import Sandbox
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import domain_bucket, domain_prefix, link_name, own_role, principal_arn
from reconciler.spec.results import workgroups_for

Tell = Callable[[str], None]
PRODUCT, TABLE, CONSUMER, READER = "credit-profile", "credit_card", "analytics-coe", "data-scientist"
CLOSED = "age"


def deliver(aws: Sandbox, mesh: Mesh) -> None:
    """The producer puts the real data of the German credit set into the domain's bucket."""
    product = mesh.products[PRODUCT]
    domain = mesh.domain(product)
    body = (files("reconciler") / "data" / "german-credit" / "credit_card.csv").read_bytes()
    key = f"{domain_prefix(domain)}{product.table(TABLE).path}/credit_card.csv"
    session = aws.session(mesh.producer(domain).id, region=mesh.region)
    session.client("s3").put_object(Bucket=domain_bucket(mesh, domain), Key=key, Body=body)


def read(aws: Sandbox, mesh: Mesh, say: Tell) -> None:
    """The data scientist reads all that he may, and tries a column that he may not."""
    product = mesh.products[PRODUCT]
    database = link_name(product.database)
    everything, one = _queries(database)
    rows = _query(aws, mesh, everything)
    say(everything)
    declared = len(product.table(TABLE).columns)
    say(f"  {len(rows) - 1} rows, {len(rows[0])} of {declared} columns: {', '.join(rows[0])}")
    say(one)
    try:
        _query(aws, mesh, one)
    except MeshformError as error:
        say(f"  {error}")
        return
    raise MeshformError(f"The restricted column {CLOSED} could be read.")


def grant_by_hand(aws: Sandbox, mesh: Mesh, say: Tell) -> None:
    """An administrator opens the whole table to an account, past every review."""
    product, account = mesh.products[PRODUCT], mesh.accounts["analytics"]
    aws.session(mesh.central.id, region=mesh.region).client("lakeformation").grant_permissions(
        Principal={"DataLakePrincipalIdentifier": account.id},
        Resource={"Table": {"CatalogId": mesh.central.id, "DatabaseName": product.database, "Name": TABLE}},
        Permissions=["SELECT"],
    )
    say(f"In the console of {mesh.central.name}: SELECT on {TABLE}, all columns, to the account {account.name}.")


def _queries(database: str) -> tuple[str, str]:
    """A query of everything, and one of a column that is not open."""
    place = f'"{database}"."{TABLE}"'
    return f"SELECT * FROM {place}", f"SELECT {CLOSED} FROM {place}"  # noqa: S608 (names of our own)


def _query(aws: Sandbox, mesh: Mesh, sql: str) -> list[list[str]]:
    """Header and rows of a query by the data scientist. Raises MeshformError with Athena's words."""
    consumer = mesh.consumers[CONSUMER]
    account = mesh.reader_account(consumer)
    assert account is not None
    (workgroup,) = workgroups_for(mesh, consumer, consumer.principal(READER))
    role = principal_arn(mesh, consumer, consumer.principal(READER)).partition(":role/")[2]
    assert role == own_role(mesh, READER)
    session = _as_role(aws, mesh, account.id, role)
    athena = session.client("athena")
    started = athena.start_query_execution(QueryString=sql, WorkGroup=workgroup.name)
    identity = started["QueryExecutionId"]
    for _ in range(100):
        execution = athena.get_query_execution(QueryExecutionId=identity)["QueryExecution"]
        if execution["Status"]["State"] not in ("QUEUED", "RUNNING"):
            break
        time.sleep(0.05)
    if execution["Status"]["State"] != "SUCCEEDED":
        raise MeshformError(str(execution["Status"].get("StateChangeReason", "the query failed")))
    return _result(session, execution["ResultConfiguration"]["OutputLocation"])


def _as_role(aws: Sandbox, mesh: Mesh, account: str, role: str) -> Any:
    """A session of somebody of the account who has assumed a role of it."""
    own = aws.session(account, region=mesh.region)
    answer = own.client("sts").assume_role(RoleArn=f"arn:aws:iam::{account}:role/{role}", RoleSessionName="analyst")
    keys = answer["Credentials"]
    return type(own)(
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
        region_name=mesh.region,
    )


def _result(session: Any, location: str) -> list[list[str]]:
    bucket, _, key = location.removeprefix("s3://").partition("/")
    body = session.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    return list(csv.reader(io.StringIO(body.decode())))
