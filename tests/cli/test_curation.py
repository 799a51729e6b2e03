"""Curation on request: raw files in, the product's table readable by its consumers; a failed run says why."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from reconciler.cli import cli
from reconciler.demo.analyst import read
from tests.estate import BANKING, EXAMPLE, ROOT, Estate, bank, example, mesh_of

BUCKET = f"bank-consumer-banking-{BANKING}-eu-west-1"
DATA = ROOT / "reconciler" / "data" / "german-credit"
PRODUCT = "domains/consumer-banking/products/credit-profile.yaml"


def meshform(*arguments: str, mesh: Path = EXAMPLE) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--mesh", str(mesh), "-q"])


def rows(answer: Result) -> dict[str, dict[str, Any]]:
    """What became of each piece of work."""
    return {row["work"]: row for row in json.loads(answer.stdout)}


def put(estate: Estate, key: str, body: bytes) -> None:
    estate.client("s3", BANKING).put_object(Bucket=BUCKET, Key=key, Body=body)


def curated(estate: Estate) -> list[list[str]]:
    """The rows at the table's location, header first."""
    s3 = estate.client("s3", BANKING)
    (found,) = s3.list_objects_v2(Bucket=BUCKET, Prefix="credit_card/")["Contents"]
    body = s3.get_object(Bucket=BUCKET, Key=found["Key"])["Body"].read()
    return list(csv.reader(body.decode().splitlines()))


def test_the_raw_files_become_the_product_and_its_consumer_reads_english_columns(built: Estate) -> None:
    put(built, "raw/kredit_raw.csv", (DATA / "kredit_raw.csv").read_bytes())
    answer = meshform("run", "credit-profile", "--wait", "--format", "json")
    assert answer.exit_code == 0, answer.stdout
    assert {work: row["state"] for work, row in rows(answer).items()} == {
        "curation": "SUCCEEDED",
        "crawler": "SUCCEEDED",
        "quality": "SUCCEEDED",
    }
    assert curated(built) == list(csv.reader((DATA / "credit_card.csv").read_text().splitlines()))
    told: list[str] = []
    read(built.aws, bank(), told.append)
    shown = next(line for line in told if "rows" in line)
    assert shown.startswith("  1000 rows, 17 of 21 columns: status, duration, credit_history,")
    columns = [each.name for each in bank().products["credit-profile"].table("credit_card").columns]
    restricted = {"personal_status_sex", "age", "telephone", "foreign_worker"}
    assert shown.partition(": ")[2].split(", ") == [name for name in columns if name not in restricted]
    assert built.plan().is_empty, "a crawl after curation leaves the declared table as it is"


def test_the_state_of_the_last_curation_is_shown(built: Estate) -> None:
    put(built, "raw/kredit_raw.csv", (DATA / "kredit_raw.csv").read_bytes())
    before = ("run", "credit-profile", "--only", "curation", "--state", "--format", "json")
    first = rows(meshform("run", "credit-profile", "--only", "curation", "--format", "json"))["curation"]
    assert first["state"] == "STARTING"
    states = [rows(meshform(*before))["curation"]["state"] for _ in range(2)]
    assert states == ["RUNNING", "SUCCEEDED"]


def test_a_failed_curation_is_told_with_its_reason_and_nothing_is_started_after_it(built: Estate) -> None:
    put(built, "raw/kredit_raw.csv", b"status,hoehe\n1,1169\n")
    answer = meshform("run", "credit-profile", "--wait")
    assert answer.exit_code == 1
    _, curation, crawler, quality = answer.stdout.splitlines()
    assert curation.startswith("curation")
    assert "failed" in curation
    assert "step 1, RENAME: the dataset has no column laufkont" in curation
    assert "skipped  the curation failed" in crawler
    assert "skipped  the curation failed" in quality


def test_an_older_run_that_went_well_is_not_taken_for_the_new_one(built: Estate) -> None:
    put(built, "raw/kredit_raw.csv", (DATA / "kredit_raw.csv").read_bytes())
    run = ("run", "credit-profile", "--only", "curation", "--wait", "--format", "json")
    assert rows(meshform(*run))["curation"]["state"] == "SUCCEEDED"
    built.client("s3", BANKING).delete_object(Bucket=BUCKET, Key="raw/kredit_raw.csv")
    answer = meshform(*run)
    assert answer.exit_code == 1
    assert rows(answer)["curation"]["state"] == "FAILED"
    assert "There are no files at s3://" in rows(answer)["curation"]["message"]


def test_a_glue_job_curates_as_well(estate: Estate, tmp_path: Path) -> None:
    mesh = tmp_path / "mesh"
    shutil.copytree(EXAMPLE, mesh)
    text = example()[PRODUCT]
    start, end = text.index("curation:\n"), text.index("approval:")
    job = f"curation:\n  glueJob:\n    script: s3://{BUCKET}/scripts/curate.py\n"
    (mesh / PRODUCT).write_text(text[:start] + job + text[end:])
    files = {path.relative_to(mesh).as_posix(): path.read_text() for path in sorted(mesh.rglob("*.yaml"))}
    assert not estate.apply_reviewed(mesh_of(files)).failed
    put(estate, "scripts/curate.py", b"print()")
    run = ("run", "credit-profile", "--only", "curation", "--wait")
    answer = meshform(*run, mesh=mesh)
    assert answer.exit_code == 1
    assert "scripts of Glue jobs are not run" in answer.stdout
    estate.aws.world.job_outcomes.add([{"job": "meshform-bank-credit-profile", "account": BANKING}])
    answer = meshform(*run, mesh=mesh)
    assert answer.exit_code == 0, answer.stdout
    assert "succeeded" in answer.stdout
