"""usage: what somebody queried is used, what nobody did is not, and what is not known is called neither."""

from __future__ import annotations

import json
from pathlib import Path

from reconciler.demo.analyst import deliver, read
from tests.cli.conftest import Run
from tests.drift.test_causes import record
from tests.estate import ANALYTICS, CENTRAL, Estate, bank

MODEL = "credit-risk-model"


def test_a_query_is_a_use_and_who_asked_none_is_unused(built: Estate, folder: Path, run: Run) -> None:
    deliver(built.aws, bank())
    read(built.aws, bank(), lambda _: None)
    found = run("usage", "--format", "json")
    assert found.code == 0, found.err
    used = {(row["principal"].rpartition("/")[2], row["table"]) for row in found.json["usage"] if row["last_used"]}
    assert used == {("data-scientist", "credit_card")}
    assert found.json["subscriptions"][MODEL] is not None
    unused = run("usage", "--unused", "90", "--format", "csv")
    lines = unused.out.splitlines()
    assert lines[0] == "subscription,consumer,who,table,last used,by"
    assert MODEL not in unused.out
    assert all(",not since 20" in line for line in lines[1:])
    assert len(lines) > 1


def test_what_cannot_be_looked_up_is_not_known_and_never_unused(built: Estate, folder: Path, run: Run) -> None:
    built.aws.faults({"service": "cloudtrail", "error": "AccessDeniedException", "message": "not you", "times": None})
    ran = run("usage", "--unused", "90")
    assert ran.code == 0
    assert ran.out == ""
    assert f"! not known in {ANALYTICS}/eu-west-1: cloudtrail.LookupEvents: AccessDeniedException" in ran.err
    assert "more it is not known" in ran.err


def test_files_of_a_trail_tell_of_more_than_ninety_days(folder: Path, run: Run, tmp_path: Path) -> None:
    who = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/data-scientist"
    table = f"arn:aws:glue:eu-west-1:{CENTRAL}:table/credit-card/credit_card"
    old = record(
        "GetDataAccess",
        recipientAccountId=ANALYTICS,
        eventTime="2024-02-01T10:00:00Z",
        requestParameters={"tableArn": table},
        additionalEventData={"lakeFormationPrincipal": who, "requesterService": "ATHENA"},
    )
    (tmp_path / "trail.json").write_text(json.dumps({"Records": [old]}))
    ran = run("usage", "--unused", "300", "--records", str(tmp_path / "trail.json"))
    assert "2024-02-01 10:00" in ran.out
    (tmp_path / "trail.json").write_text("{}")
    broken = run("usage", "--records", str(tmp_path / "trail.json"))
    assert broken.code == 1
    assert "is no file of a CloudTrail trail" in broken.err
