"""usage: what somebody queried is used, what nobody did is not, and what is not known is called neither."""

from __future__ import annotations

import json
from pathlib import Path

from reconciler.demo.analyst import deliver, read
from tests.cli.conftest import Run, edit
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


def test_reports_tell_the_last_use_and_what_is_unused(built: Estate, folder: Path, run: Run) -> None:
    deliver(built.aws, bank())
    read(built.aws, bank(), lambda _: None)
    rows = run("report", "access", "--used", "--format", "json").json["rows"]
    told = {
        row["last_used"][:9] for row in rows if row["who"].endswith("data-scientist") and row["permission"] == "SELECT"
    }
    assert len(told) == 1
    assert told.pop().startswith("20")
    assert {row["last_used"][:9] for row in rows if row["who"].endswith("credit-analyst")} == {"not since"}
    assert "not known" in {row["last_used"] for row in rows if row["account"] != "analytics"}, "nobody looked there"
    found = run("report", "subscriptions", "--unused", "90", "--format", "json").json
    names = {row["subscription"] for row in found["rows"]}
    assert names == set(bank().subscriptions) - {MODEL}
    assert {row["last_used"][:9] for row in found["rows"]} == {"not since"}
    asked_nobody = run("report", "subscriptions", "--format", "json").json["rows"]
    assert {row["last_used"] for row in asked_nobody} == {""}
    assert run("report", "access", "--used", "--on", "2026-11-01").code == 64


def test_owners_are_told_the_last_use_and_asked_whatever_it_is(built: Estate, folder: Path, run: Run) -> None:
    deliver(built.aws, bank())
    read(built.aws, bank(), lambda _: None)
    edit(folder, "mesh.yaml", "limits:", "recertification: {first: 2026-11-20, every: 180d}\nlimits:")
    told = " ".join(run("recertify", "--used").out.split())
    assert told.count("; last use 20") == 1
    assert told.count("; last use not since 20") == 1
    asked = " ".join(run("recertify").out.split())
    assert asked.count("; last use not known") == 2


def test_what_cannot_be_looked_up_is_not_known_and_never_unused(built: Estate, folder: Path, run: Run) -> None:
    built.aws.faults({"service": "cloudtrail", "error": "AccessDeniedException", "message": "not you", "times": None})
    ran = run("usage", "--unused", "90")
    assert ran.code == 0
    assert ran.out == ""
    assert f"! not known in {ANALYTICS}/eu-west-1: cloudtrail.LookupEvents: AccessDeniedException" in ran.err
    assert "more it is not known" in ran.err
    report = run("report", "subscriptions", "--unused", "90", "--format", "json")
    assert (report.code, report.json["rows"]) == (0, [])
    assert f"Of {len(bank().written)} more it is not known whether they were used." in report.json["about"]


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
