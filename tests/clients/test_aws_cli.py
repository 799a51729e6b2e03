"""The AWS CLI plays producer, central account and consumer, knowing nothing but the sandbox's address."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import reconciler
from tests.clients.conftest import ACCESS_ROLE, CENTRAL, CONSUMER, PRODUCER, REGION, Served, command

pytestmark = pytest.mark.clients

Actor = dict[str, str]

DATA = Path(reconciler.__file__).parent / "data" / "german-credit" / "credit_card.csv"
COLUMNS = DATA.read_text().splitlines()[0].split(",")
PERSONAL = ["age", "personal_status_sex", "foreign_worker"]
LINKED_ROLE = "AWSServiceRoleForLakeFormationDataAccess"
BUCKET = f"s3://credit-{PRODUCER}"
TABLE = {
    "Name": "credit_card",
    "TableType": "EXTERNAL_TABLE",
    "Parameters": {"skip.header.line.count": "1", "classification": "csv"},
    "StorageDescriptor": {
        "Columns": [{"Name": name, "Type": "bigint"} for name in COLUMNS],
        "Location": f"{BUCKET}/credit_card/",
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        "SerdeInfo": {
            "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
            "Parameters": {"field.delim": ","},
        },
    },
}


def run(actor: Actor, *words: Any) -> subprocess.CompletedProcess[str]:
    """One call of the CLI; what is no text is written as JSON."""
    line = [word if isinstance(word, str) else json.dumps(word) for word in words]
    return subprocess.run(
        [command("current", "aws"), "--output", "json", *line], env=actor, capture_output=True, text=True, timeout=60
    )


def aws(actor: Actor, *words: Any) -> Any:
    """What a call that must succeed answers."""
    done = run(actor, *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout.startswith(("{", "[")) else done.stdout


def refusal(actor: Actor, *words: Any) -> str:
    """What a call that must fail tells."""
    done = run(actor, *words)
    assert done.returncode != 0
    return done.stderr


def access_role(account: str) -> str:
    return f"arn:aws:iam::{account}:role/{ACCESS_ROLE}"


def govern(actor: Actor, account: str) -> None:
    """Make the access role administrator, and leave nothing to IAM."""
    settings = {
        "DataLakeAdmins": [{"DataLakePrincipalIdentifier": access_role(account)}],
        "CreateDatabaseDefaultPermissions": [],
        "CreateTableDefaultPermissions": [],
        "Parameters": {"CROSS_ACCOUNT_VERSION": "4"},
    }
    aws(actor, "lakeformation", "put-data-lake-settings", "--data-lake-settings", settings)


def grant(actor: Actor, principal: str, resource: Any, *permissions: str, option: bool = False) -> None:
    words: list[Any] = ["--principal", {"DataLakePrincipalIdentifier": principal}, "--resource", resource]
    words += ["--permissions", *permissions]
    words += ["--permissions-with-grant-option", *permissions] if option else []
    aws(actor, "lakeformation", "grant-permissions", *words)


def policy(kind: str, **tags: list[str]) -> dict[str, Any]:
    """An LF-tag policy of the central account."""
    expression = [{"TagKey": key, "TagValues": values} for key, values in tags.items()]
    return {"LFTagPolicy": {"CatalogId": CENTRAL, "ResourceType": kind, "Expression": expression}}


def role(actor: Actor, name: str) -> None:
    """A role in the consumer's account that may query and keep results."""
    trust = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000001:root"}, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": [trust]}
    aws(actor, "iam", "create-role", "--role-name", name, "--assume-role-policy-document", document)
    rights = [
        {"Effect": "Allow", "Action": ["athena:*", "glue:Get*", "lakeformation:GetDataAccess"], "Resource": "*"},
        {"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::answers", "arn:aws:s3:::answers/*"]},
    ]
    document = {"Version": "2012-10-17", "Statement": rights}
    words = ["--role-name", name, "--policy-name", "query", "--policy-document", document]
    aws(actor, "iam", "put-role-policy", *words)


def query(actor: Actor, sql: str) -> dict[str, Any]:
    """The record of a query, run through the consumer's link."""
    words = ["--query-string", sql, "--query-execution-context", "Database=rl_credit,Catalog=AwsDataCatalog"]
    started = aws(actor, "athena", "start-query-execution", *words, "--work-group", "analysts")
    found: dict[str, Any] = aws(actor, "athena", "get-query-execution", "--query-execution-id", *started.values())
    return found["QueryExecution"]


def rows(actor: Actor, sql: str) -> list[list[str]]:
    done = query(actor, sql)
    assert done["Status"]["State"] == "SUCCEEDED", done["Status"]
    answer = aws(actor, "athena", "get-query-results", "--query-execution-id", done["QueryExecutionId"])
    return [[cell.get("VarCharValue") for cell in row["Data"]] for row in answer["ResultSet"]["Rows"]]


def publish(served: Served) -> None:
    """The producer lays the data down; the central account registers, describes, tags and shares it."""
    producer, central = served.actor(PRODUCER), served.actor(CENTRAL)
    constraint = f"LocationConstraint={REGION}"
    bucket = BUCKET.removeprefix("s3://")
    aws(producer, "s3api", "create-bucket", "--bucket", bucket, "--create-bucket-configuration", constraint)
    aws(producer, "s3", "cp", str(DATA), f"{BUCKET}/credit_card/credit_card.csv")
    assert "credit_card.csv" in aws(producer, "s3", "ls", f"{BUCKET}/credit_card/")
    govern(central, CENTRAL)
    location = f"arn:aws:s3:::{bucket}"
    aws(central, "lakeformation", "register-resource", "--resource-arn", location, "--use-service-linked-role")
    linked = f"arn:aws:iam::{CENTRAL}:role/aws-service-role/lakeformation.amazonaws.com/{LINKED_ROLE}"
    reads = {"Effect": "Allow", "Principal": {"AWS": linked}, "Action": ["s3:GetObject", "s3:ListBucket"]}
    reads["Resource"] = [location, f"{location}/*"]
    opened = {"Version": "2012-10-17", "Statement": [reads]}
    aws(producer, "s3api", "put-bucket-policy", "--bucket", bucket, "--policy", opened)
    aws(central, "glue", "create-database", "--database-input", {"Name": "credit-card"})
    aws(central, "glue", "create-table", "--database-name", "credit-card", "--table-input", TABLE)
    values = ["--tag-values", "internal", "confidential"]
    aws(central, "lakeformation", "create-lf-tag", "--tag-key", "sensitivity", *values)
    database = {"Database": {"Name": "credit-card"}}
    tag(central, database, "internal")
    personal = {"DatabaseName": "credit-card", "Name": "credit_card", "ColumnNames": PERSONAL}
    tag(central, {"TableWithColumns": personal}, "confidential")
    shown = {"LFTag": {"CatalogId": CENTRAL, "TagKey": "sensitivity", "TagValues": ["internal"]}}
    grant(central, CONSUMER, shown, "DESCRIBE", option=True)
    grant(central, CONSUMER, policy("DATABASE", sensitivity=["internal"]), "DESCRIBE", option=True)
    grant(central, CONSUMER, policy("TABLE", sensitivity=["internal"]), "SELECT", "DESCRIBE", option=True)


def tag(actor: Actor, resource: Any, value: str) -> None:
    tags = [{"TagKey": "sensitivity", "TagValues": [value]}]
    answer = aws(actor, "lakeformation", "add-lf-tags-to-resource", "--resource", resource, "--lf-tags", tags)
    assert answer["Failures"] == []


def subscribe(served: Served) -> None:
    """The consumer accepts the share, links the database and lets its analyst read by tag."""
    consumer = served.actor(CONSUMER)
    govern(consumer, CONSUMER)
    invitations = aws(consumer, "ram", "get-resource-share-invitations")["resourceShareInvitations"]
    assert {(each["senderAccountId"], each["status"]) for each in invitations} == {(CENTRAL, "PENDING")}
    for each in invitations:
        arn = each["resourceShareInvitationArn"]
        aws(consumer, "ram", "accept-resource-share-invitation", "--resource-share-invitation-arn", arn)
    shares = aws(served.actor(CENTRAL), "ram", "get-resource-shares", "--resource-owner", "SELF")["resourceShares"]
    assert {share["status"] for share in shares} == {"ACTIVE"}
    link = {"Name": "rl_credit", "TargetDatabase": {"CatalogId": CENTRAL, "DatabaseName": "credit-card"}}
    aws(consumer, "glue", "create-database", "--database-input", link)
    constraint = f"LocationConstraint={REGION}"
    aws(consumer, "s3api", "create-bucket", "--bucket", "answers", "--create-bucket-configuration", constraint)
    output = "ResultConfiguration={OutputLocation=s3://answers/}"
    aws(consumer, "athena", "create-work-group", "--name", "analysts", "--configuration", output)
    for name in ("analyst", "stranger"):
        role(consumer, name)
        grant(consumer, f"arn:aws:iam::{CONSUMER}:role/{name}", {"Database": {"Name": "rl_credit"}}, "DESCRIBE")
    analyst = f"arn:aws:iam::{CONSUMER}:role/analyst"
    grant(consumer, analyst, policy("TABLE", sensitivity=["internal"]), "SELECT", "DESCRIBE")


@pytest.fixture(scope="module")
def mesh(_served: Served) -> Served:
    """A sandbox in which the whole story has been played."""
    _served.reset()
    publish(_served)
    subscribe(_served)
    return _served


def test_the_analyst_reads_the_german_credit_data_through_his_link(mesh: Served, tmp_path: Path) -> None:
    analyst = mesh.actor(CONSUMER, "analyst")
    header, *got = rows(analyst, "SELECT * FROM credit_card LIMIT 10")
    assert header == [name for name in COLUMNS if name not in PERSONAL]
    assert len(got) == 10
    assert rows(analyst, 'SELECT count(*) AS n FROM "rl_credit"."credit_card"') == [["n"], ["1000"]]
    for name in PERSONAL:
        reason = query(analyst, f"SELECT {name} FROM credit_card")["Status"]["StateChangeReason"]
        assert reason.startswith(f"COLUMN_NOT_FOUND: line 1:8: Column '{name}' cannot be resolved")
    place = query(analyst, "SELECT credit_risk FROM credit_card")["ResultConfiguration"]["OutputLocation"]
    aws(analyst, "s3", "cp", place, str(tmp_path / "answer.csv"))
    assert len((tmp_path / "answer.csv").read_text().splitlines()) == 1001
    shown = aws(analyst, "glue", "get-tables", "--database-name", "rl_credit")["TableList"]
    assert [column["Name"] for column in shown[0]["StorageDescriptor"]["Columns"]] == header


def test_who_is_entitled_to_nothing_is_refused_everywhere(mesh: Served, tmp_path: Path) -> None:
    stranger, who = mesh.actor(CONSUMER, "stranger"), ["sts", "get-caller-identity"]
    assert aws(stranger, *who)["Arn"].startswith(f"arn:aws:sts::{CONSUMER}:assumed-role/stranger/")
    reason = query(stranger, "SELECT * FROM credit_card")["Status"]["StateChangeReason"]
    assert reason.startswith("Insufficient permissions to execute the query")
    assert "AccessDenied" in refusal(stranger, "lakeformation", "get-data-lake-settings")
    assert "Forbidden" in refusal(stranger, "s3", "cp", f"{BUCKET}/credit_card/credit_card.csv", str(tmp_path / "x"))
    assert "AccessDenied" in refusal(stranger, "iam", "list-roles")
    arn = f"arn:aws:iam::{PRODUCER}:role/{ACCESS_ROLE}"
    assert "AccessDenied" in refusal(stranger, "sts", "assume-role", "--role-arn", arn, "--role-session-name", "thief")


def test_what_is_not_simulated_says_so(mesh: Served) -> None:
    central = mesh.actor(CENTRAL)
    assert "NotImplemented" in refusal(central, "lakeformation", "start-transaction")
    assert "sandbox: glue.CreateDevEndpoint" in refusal(
        central, "glue", "create-dev-endpoint", "--endpoint-name", "e", "--role-arn", access_role(CENTRAL)
    )
