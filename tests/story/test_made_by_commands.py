"""Documents that commands make and edit are carried out, and everybody reads what was said: from `new` to `retire`."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from reconciler.sandbox import Sandbox
from reconciler.sandbox.inprocess import session_of
from tests.forge.standin import GitHub
from tests.sandbox.athena import ANALYST
from tests.sandbox.conftest import document
from tests.story.shell import commit_as_ada, ended, sandbox_for
from tests.until import until

CENTRAL, SHOPS, LAB = "111111111111", "555555555555", "666666666666"
PLACE = {"LocationConstraint": "eu-west-1"}
BY_HAND = ("--domain", "lending", "--description", "What somebody measured.")
CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: a1
version: 1.0.0
status: active
name: parcels
domain: lending
description: {purpose: Where parcels are.}
team: {name: lending-stewards}
servers: [{server: b, type: glue, account: "1", database: parcels, format: json}]
schema:
  - name: parcels
    description: One row per parcel.
    properties:
      - {name: id, logicalType: string, classification: public, description: Number}
      - {name: street, logicalType: string, classification: restricted, description: Where it goes}
  - name: stops
    description: One row per stop.
    properties: [{name: place, logicalType: string, classification: public, description: Where it was}]
"""
UNCLEAR = "# tags: {sensitivity: say which; without it no clearance opens the column}"
CSV = "id,iban\nx1,DE02\n"
JSON = '{"id": "x1", "street": "Long Road", "city": "Rome"}\n{"id": "x2", "street": "Short Road", "city": "Oslo"}\n'
COLUMNS = [{"Name": "id", "Type": "string"}, {"Name": "iban", "Type": "string"}]


def meshform(*words: str) -> str:
    """What a command says, one of whose exit code is 0."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = ended([*words])
    assert code == 0, said.getvalue()
    return said.getvalue()


@dataclass
class Shop:
    """A repository that `new mesh` has made, its GitHub, and the AWS of its accounts."""

    folder: Path
    github: GitHub
    aws: Sandbox
    patch: pytest.MonkeyPatch

    def git(self, *words: str) -> str:
        done = subprocess.run(["git", "-C", self.folder, *words], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self) -> None:
        assert self.git("status", "--porcelain"), "nothing was written"
        meshform("validate")
        meshform("owners")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "More")

    def carry_out(self, *accepted: str) -> None:
        """Plan as a pull request does, apply; then nothing is left to do."""
        meshform("plan", "--offline", "--base", "HEAD~1")
        meshform("apply", "--auto-approve", "-q", *(word for rule in accepted for word in ("--accept", rule)))
        assert "No changes. AWS is as the mesh says." in meshform("plan")

    def on(self, day: str) -> None:
        for place in ("reconciler.spec.today.today", "reconciler.pipeline.today"):
            self.patch.setattr(place, lambda: date.fromisoformat(day))

    def rows(self, account: str, role: str, table: str) -> list[list[str]] | None:
        """What a role reads of a table, names first; None where Athena refuses it."""
        arn = f"arn:aws:iam::{account}:role/{role}"
        keys = self.aws.session(account).client("sts").assume_role(RoleArn=arn, RoleSessionName="reader")["Credentials"]
        own = session_of(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], "eu-west-1")
        athena = own.client("athena")
        where: dict[str, Any] = {"WorkGroup": "shop-analytics-analyst"}
        if account == LAB:
            where = {"ResultConfiguration": {"OutputLocation": "s3://results/"}}
        asked = athena.start_query_execution(QueryString=f"SELECT * FROM {table}", **where)["QueryExecutionId"]
        told: dict[str, Any] = {}

        def is_over() -> bool:
            told.update(athena.get_query_execution(QueryExecutionId=asked)["QueryExecution"]["Status"])
            return told["State"] not in ("QUEUED", "RUNNING")

        until(is_over)
        if told["State"] != "SUCCEEDED":
            return None
        found = athena.get_query_results(QueryExecutionId=asked)["ResultSet"]["Rows"]
        return [[cell.get("VarCharValue", "") for cell in row["Data"]] for row in found]

    def analyst(self, product: str, table: str = "") -> list[list[str]] | None:
        return self.rows("333333333333", "meshform/shop/analyst", f'"rl_{product}"."{table or product}"')

    def tester(self, product: str) -> list[list[str]] | None:
        return self.rows(LAB, "team/tester", f'"rl_{product}"."{product}"')

    def put(self, account: str, said: str, body: bytes) -> None:
        """Put a file where `new product` has said."""
        place, *_ = re.findall(r"belong into s3://([^/]+)/(\S+)\.", said)
        self.aws.session(account).client("s3").put_object(Bucket=place[0], Key=f"{place[1]}part-0", Body=body)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A new mesh with two more accounts, of which no other document makes use yet, and AWS as people have it then."""
    folder = tmp_path_factory.mktemp("made") / "shop"
    with ExitStack() as world, pytest.MonkeyPatch.context() as patch:
        commit_as_ada(patch)
        meshform("new", "mesh", str(folder), "--organization", "acme", "--yes")
        patch.chdir(folder)
        for account, name, part in ((SHOPS, "shops", "producer"), (LAB, "lab", "consumer")):
            meshform("new", "account", "--name", name, "--id", account, "--parts", part)
        aws = world.enter_context(sandbox_for("mesh"))
        github = world.enter_context(GitHub(git=str(folder)).served())
        for key, value in github.variables.items():
            patch.setenv(key, value)
        made = Shop(folder, github, aws, patch)
        made.git("init", "--quiet", "--initial-branch=main")
        made.commit()
        yield made


def people(shop: Shop) -> None:
    """What others have made: a table in Glue, and the role and bucket of whoever tests in the lab."""
    glue, lab = shop.aws.session(CENTRAL).client("glue"), shop.aws.session(LAB)
    glue.create_database(DatabaseInput={"Name": "legacy"})
    serde = {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"}
    storage = {"Columns": COLUMNS, "Location": "s3://elsewhere/old/", "SerdeInfo": serde}
    glue.create_table(DatabaseName="legacy", TableInput={"Name": "old", "StorageDescriptor": storage})
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{LAB}:root"}, "Action": "sts:AssumeRole"}
    lab.client("iam").create_role(RoleName="tester", Path="/team/", AssumeRolePolicyDocument=document(trust))
    lab.client("iam").put_role_policy(RoleName="tester", PolicyName="ask", PolicyDocument=document(*ANALYST))
    lab.client("s3").create_bucket(Bucket="results", CreateBucketConfiguration=PLACE)


def sources(folder: Path) -> dict[str, tuple[str, bytes]]:
    """What products are made from: by the name of the product, the source and its data."""
    for name, text in (("loans.csv", CSV), ("parcels.yaml", CONTRACT), ("visits.json", JSON)):
        (folder / name).write_text(text)
    duckdb.sql("SELECT 'x1' AS id, 'DE02' AS iban").write_parquet(str(folder / "payers.parquet"))
    parquet = (folder / "payers.parquet").read_bytes()
    return {
        "loans": ("../loans.csv", CSV.encode()),
        "payers": ("../payers.parquet", parquet),
        "visits": ("../visits.json", JSON.encode()),
        "parcels": ("../parcels.yaml", JSON.encode()),
        "old": ("glue:legacy.old", parquet),
    }


def test_everything_new_is_carried_out_and_read_as_it_was_said(shop: Shop) -> None:
    shop.on("2026-11-26")
    people(shop)
    meshform("new", "team", "--name", "Lending Stewards", "--description", "Decide.", "--github", "acme/lending")
    meshform("new", "domain", "--name", "Lending", "--owner", "lending-stewards", "--account", "shops", *BY_HAND[2:])
    who = ("--owner", "data-governance", "--account", "lab", "--roles", "team/tester", "--description", "Tests.")
    meshform("new", "consumer", "--name", "lab", *who)
    meshform("new", "policy", "all")
    made = sources(shop.folder.parent)
    said = {name: meshform("new", "product", "--from", source, *BY_HAND) for name, (source, _) in made.items()}
    for name in made:
        file = shop.folder / f"mesh/domains/lending/products/{name}.yaml"
        file.write_text(file.read_text().replace(UNCLEAR, "tags: {sensitivity: public}"))
        who = ("--for", "lab/tester" if name == "loans" else "analytics/analyst")
        end = ("--until", "2027-02-10") if name == "loans" else ()
        command = ("new", "subscription") if name == "old" else ("request",)
        asked = meshform(*command, name, *who, "--up-to", "public", "--why", "Learn who pays back.", *end)
        count = 2 if name == "visits" else 1
        assert re.search(rf" {count} of \d+: public: {count} column", asked), asked
    meshform("request", "parcels", "--for", "lab/tester", "--up-to", "public", "--why", "Test what comes.")
    shop.commit()
    shop.carry_out()
    for name, (_, body) in made.items():
        shop.put(SHOPS, said[name], body)
    assert shop.tester("loans") == [["id"], ["x1"]]
    assert shop.analyst("loans") is None
    assert shop.analyst("visits") == [["id", "city"], ["x1", "Rome"], ["x2", "Oslo"]]
    assert shop.tester("visits") is None
    assert shop.analyst("payers") == shop.analyst("old") == [["id"], ["x1"]]
    assert shop.analyst("parcels") == shop.tester("parcels") == [["id"], ["x1"], ["x2"]]


def test_what_is_announced_takes_nothing_away_and_what_is_given_back_is_gone(shop: Shop) -> None:
    meshform("rename-column", "payers.id", "number", "--until", "2027-02-10")
    meshform("retire", "old", "--until", "2027-02-10", "--instead", "payers")
    meshform("retire", "visits.visits.city", "--until", "2027-02-10")
    meshform("retire", "parcels.stops", "--until", "2027-02-10")
    meshform("renew", "payers-analyst", "--until", "2028-01-31")
    meshform("return", "parcels-tester")
    shop.commit()
    shop.carry_out()
    assert shop.tester("parcels") is None
    assert shop.tester("loans") == [["id"], ["x1"]]
    assert shop.analyst("payers") == [["id", "number"], ["x1", ""]]
    assert shop.analyst("old") == [["id"], ["x1"]]
    assert shop.analyst("parcels", "stops") == [["place"]]
    assert shop.analyst("visits") == [["id", "city"], ["x1", "Rome"], ["x2", "Oslo"]]


def test_after_its_last_day_it_is_gone_with_what_names_it(shop: Shop) -> None:
    shop.on("2027-02-11")
    meshform("expire", "--propose")
    while pulls := shop.github.records.pulls_in("open"):
        shop.git("merge", "--quiet", "--no-ff", "--message", "Gone", pulls[0]["head"]["ref"])
        shop.github.records.edit_pull(str(pulls[0]["number"]), state="closed")
        # Each takes its lines out of CODEOWNERS: the next day's run brings the others up to date.
        meshform("expire", "--propose")
    shop.carry_out("schema-break", "catalog-loss", "mass-delete")
    assert shop.analyst("payers") == [["number"], [""]]
    assert shop.analyst("old") is None
    assert shop.analyst("parcels", "stops") is None
    assert shop.analyst("visits") == [["id"], ["x1"], ["x2"]]
    assert shop.tester("loans") is None, "its subscription has ended"
    assert shop.analyst("parcels") == [["id"], ["x1"], ["x2"]]
