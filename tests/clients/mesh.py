"""A small mesh over a served sandbox whose one table is made by its writer; meshform is called as people call it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.sandbox.inprocess import assumed, session_of
from tests.clients.conftest import ACCESS_ROLE, CENTRAL, CONSUMER, PRODUCER, REGION, Served
from tests.sandbox.conftest import document

BUCKET = f"shop-sales-{PRODUCER}-{REGION}"
PLACE = f"s3://{BUCKET}/order_line"
READER = "meshform/shop/analyst"
WRITER = "writer"

FILES = {
    "mesh.yaml": f"""\
kind: Mesh
name: shop
region: {REGION}
central: hub
roles: {{plan: {ACCESS_ROLE}, apply: {ACCESS_ROLE}}}
""",
    "accounts/hub.yaml": f"kind: Account\nname: hub\nid: '{CENTRAL}'\nparts: [central]\n",
    "accounts/data.yaml": f"kind: Account\nname: data\nid: '{PRODUCER}'\nparts: [producer]\n",
    "accounts/bi.yaml": f"kind: Account\nname: bi\nid: '{CONSUMER}'\nparts: [consumer]\n",
    "lf-tags/sensitivity.yaml": """\
kind: LFTag
name: sensitivity
description: How sensitive a column is.
ordered: true
values:
  - {value: open, description: For everybody.}
  - {value: secret, description: For few.}
""",
    "domains/sales/domain.yaml": """\
kind: Domain
name: sales
description: What we sell.
owner: sales-team
account: data
""",
    "domains/sales/products/orders.yaml": """\
kind: Product
name: orders
domain: sales
owner: sales-team
description: Orders of the web shop.
database: orders
approval: {mode: automatic}
writers: [{name: writer, role: writer}]
tables:
  - name: order_line
    definition: external
    format: FORMAT
    tags: {sensitivity: open}
    columns:
      - {name: id, type: int}
      - {name: name, type: string, tags: {sensitivity: secret}}
      - {name: land, type: string}
""",
    "consumers/bi/consumer.yaml": """\
kind: Consumer
name: bi
description: Reports.
owner: bi-team
account: bi
principals:
  - {name: analyst, role: analyst, create: true}
workgroup: {}
""",
    "consumers/bi/subscriptions/report.yaml": """\
kind: Subscription
name: report
consumer: bi
product: orders
clearance: {sensitivity: [open]}
principals: [analyst]
purpose: A monthly report.
""",
}


@dataclass(frozen=True)
class Shop:
    """The mesh in a folder, and the served sandbox that it is made in."""

    served: Served
    folder: Path

    def write(self, form: str) -> None:
        """Write the documents; the table is said to be of the format `form`."""
        for path, text in FILES.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(f"apiVersion: meshform/v1\n{text.replace('FORMAT', form)}")

    def make_writer(self) -> None:
        """The role that writes, as its own people have made it: it may reach its files and ask Athena."""
        iam, lake = self.client("iam", PRODUCER), [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"]
        staging = ["arn:aws:s3:::staging", "arn:aws:s3:::staging/*"]
        trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{PRODUCER}:root"}, "Action": "sts:AssumeRole"}
        rights = (
            {"Effect": "Allow", "Action": ["athena:*", "glue:*", "lakeformation:GetDataAccess"], "Resource": "*"},
            {"Effect": "Allow", "Action": "s3:*", "Resource": [*lake, *staging]},
        )
        iam.create_role(RoleName=WRITER, AssumeRolePolicyDocument=document(trust))
        iam.put_role_policy(RoleName=WRITER, PolicyName="write", PolicyDocument=document(*rights))
        place = {"LocationConstraint": REGION}
        self.client("s3", PRODUCER).create_bucket(Bucket="staging", CreateBucketConfiguration=place)

    def keys_of(self, account: str, role: str) -> dict[str, str]:
        """The environment of somebody who has assumed a role of his own account."""
        arn = f"arn:aws:iam::{account}:role/{role}"
        keys = self.client("sts", account).assume_role(RoleArn=arn, RoleSessionName=role.rpartition("/")[2])
        given = keys["Credentials"]
        return self.served.keys(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])

    def meshform(self, *words: str, code: int = 0) -> str:
        """What a command prints; AssertionError where its exit code is another one."""
        program = Path(sys.executable).with_name("meshform")
        given = [program, *words, "--mesh", self.folder, "--no-color"]
        actor = self.served.keys("somebody", "secret")
        done = subprocess.run(given, env=actor, capture_output=True, text=True, timeout=300, cwd=self.folder)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def plan(self) -> Any:
        """The plan in its JSON form."""
        return json.loads(self.meshform("plan", "--format", "json"))

    def client(self, service: str, account: str = CENTRAL) -> Any:
        session = assumed(account, ACCESS_ROLE, REGION, self.served.endpoint)
        return session.client(service, endpoint_url=self.served.endpoint)

    def analyst(self, service: str) -> Any:
        """A client of the analyst, whose role trusts his own account only."""
        keys = self.keys_of(CONSUMER, READER)
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        session = session_of(*(keys[name] for name in names), REGION)
        return session.client(service, endpoint_url=self.served.endpoint)

    def labels(self) -> dict[str, str]:
        """The sensitivity of each column that has one."""
        table = {"Table": {"CatalogId": CENTRAL, "DatabaseName": "orders", "Name": "order_line"}}
        found = self.client("lakeformation").get_resource_lf_tags(Resource=table, ShowAssignedLFTags=True)
        return {
            column["Name"]: tag["TagValues"][0]
            for column in found.get("LFTagsOnColumns", [])
            for tag in column["LFTags"]
            if tag["TagKey"] == "sensitivity"
        }

    def rows(self, sql: str) -> list[list[str | None]]:
        """What the analyst reads through the link; AssertionError with Athena's words where he may not."""
        athena, place = self.analyst("athena"), {"Database": "rl_orders"}
        names = [each["Name"] for each in self.client("athena", CONSUMER).list_work_groups()["WorkGroups"]]
        (group,) = [name for name in names if name != "primary"]
        started = athena.start_query_execution(QueryString=sql, WorkGroup=group, QueryExecutionContext=place)
        status = athena.get_query_execution(QueryExecutionId=started["QueryExecutionId"])["QueryExecution"]["Status"]
        assert status["State"] == "SUCCEEDED", status
        found = athena.get_query_results(QueryExecutionId=started["QueryExecutionId"])["ResultSet"]["Rows"]
        return [[cell.get("VarCharValue") for cell in row["Data"]] for row in found]
