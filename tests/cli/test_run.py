"""Work on request: started by the role that writes, its state and results shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from reconciler.cli import cli
from tests.estate import BANKING, ROOT, Estate

BUCKET = f"bank-consumer-banking-{BANKING}-eu-west-1"
CURATED = ROOT / "reconciler" / "data" / "german-credit" / "credit_card.csv"


def meshform(*arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--mesh", str(ROOT / "mesh"), "-q"])


def rows(answer: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(answer.stdout)
    return found


def put(estate: Estate, text: bytes) -> None:
    estate.client("s3", BANKING).put_object(Bucket=BUCKET, Key="credit_card/part-0.csv", Body=text)


def test_nothing_has_run_before_it_was_started(built: Estate) -> None:
    answer = meshform("run", "credit-profile", "--only", "quality", "--state", "--format", "json")
    assert [row["state"] for row in rows(answer)] == ["NONE"]
    assert not [operation for _, operation in built.writes()]
    assert "No quality run" in meshform("quality", "credit-profile").stdout


def test_a_quality_run_tells_of_each_rule_whether_it_holds(built: Estate) -> None:
    put(built, Path(CURATED).read_bytes())
    answer = meshform("run", "credit-profile", "--only", "crawler", "--only", "quality", "--wait", "--format", "json")
    assert {row["work"]: row["state"] for row in rows(answer)} == {"crawler": "SUCCEEDED", "quality": "SUCCEEDED"}
    told = rows(meshform("quality", "consumer-banking/credit-profile", "--format", "json"))
    assert [row["result"] for row in told] == ["PASS"] * 4


def test_a_rule_that_does_not_hold_is_told_with_its_reason(built: Estate) -> None:
    put(built, b"\n".join(CURATED.read_bytes().splitlines()[:11]))
    assert meshform("run", "credit-profile", "--only", "quality", "--wait").exit_code == 0
    failed = [row for row in rows(meshform("quality", "credit-profile", "--format", "json")) if row["result"] == "FAIL"]
    assert [row["rule"] for row in failed] == ["RowCount = 1000"]
    assert failed[0]["message"]


def test_an_unknown_product_is_one_paragraph(built: Estate) -> None:
    answer = meshform("run", "nothing")
    assert "no product nothing" in str(answer.exception)
