"""The whole life of pull requests: comment, push, merge, apply, journal, status; in order and out of order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.sandbox import Sandbox
from tests.estate import CENTRAL
from tests.life.at_forge import BUCKET
from tests.life.play import SUBSCRIPTIONS, Play, playing, subscription

STEWARD = f"arn:aws:iam::{CENTRAL}:role/meshform/bank/data-mesh-steward"
DEALS = f"{SUBSCRIPTIONS}/deal-pipeline/deal-report.yaml"
INES = "ines"
PRICES = f"{SUBSCRIPTIONS}/fund-prices/prices.yaml"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """The example mesh, merged and applied once; the tests of this module follow each other on it."""
    with playing(tmp_path_factory.mktemp("life")) as play:
        yield play


def journal(aws: Sandbox) -> list[dict[str, Any]]:
    """The entries of the journal, the oldest first."""
    s3 = aws.session(CENTRAL).client("s3")
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET, Prefix="journal/", Delimiter="/")["Contents"]]
    bodies = [json.loads(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()) for key in keys]
    return sorted(bodies, key=lambda entry: str(entry["started"]))


def test_from_pull_request_to_status(stage: Play, capsys: pytest.CaptureFixture[str]) -> None:
    # A pull request adds a subscription: a comment says what that means.
    stage.push("deals", {DEALS: subscription("deal-report", "internal")})
    number = stage.open("deals")
    assert stage.plan(number) == 0
    (first,) = stage.comments(number)
    for words in (
        "1 subscription changes. investment-banking-stewards must approve that.",
        "subscription deal-report: analytics-coe (credit-analyst) reads investment-banking/deal-pipeline",
        'p0 ==>|"new#58; deal-report"| c1',
        "Digest of the plan",
    ):
        assert words in first
    assert "restricted" not in first

    # A push widens it: the same comment changes.
    stage.push("deals", {DEALS: subscription("deal-report", "internal, confidential")})
    assert stage.plan(number) == 0
    (second,) = stage.comments(number)
    assert second != first
    assert "credit-analyst may read" in second
    assert "up to confidential" in second
    assert [method for method, path in stage.github.requests if "comments" in path and method != "GET"] == [
        "POST",
        "PATCH",
    ]

    # Approved and merged, applied as reviewed; journal, comment and status say so.
    stage.approve(number, INES)
    sha = stage.merge(number)
    assert stage.apply(sha) == 0, capsys.readouterr()
    (third,) = stage.comments(number)
    assert third.splitlines()[0] == second.splitlines()[0]
    assert "✅ Applied: " in third
    assert second.splitlines()[5] in third
    status = stage.github.records.statuses_of(sha)[0]
    assert (status["state"], status["context"]) == ("success", "meshform/apply (mesh)")
    entry = journal(stage.aws)[-1]
    assert (entry["outcome"], entry["commit"], entry["pull_requests"]) == ("done", sha, [number])
    assert entry["steps"]
    assert {step["result"] for step in entry["steps"]} == {"done"}
    assert stage.meshform("plan", "--detailed-exitcode", "-q") == 0, "the next plan is not empty"


def test_a_pull_request_merged_in_between_is_not_undone(stage: Play) -> None:
    old = stage.git("rev-parse", "main")
    stage.push("one", {DEALS: subscription("deal-report", "internal")})
    stage.push("two", {PRICES: _prices("public")})
    one, two = stage.open("one"), stage.open("two")
    assert stage.plan(one) == 0
    assert stage.plan(two) == 0
    stage.approve(one, INES)
    first = stage.merge(one)
    second = stage.merge(two)
    # The newer commit is applied first (GitHub drops waiting runs): both pull requests are carried out by it.
    assert stage.apply(second) == 0
    assert journal(stage.aws)[-1]["pull_requests"] == sorted((one, two))
    assert "✅" in stage.comments(one)[0]
    assert "✅" in stage.comments(two)[0]
    # The run of the older commit comes late. It would take the second away again, which nobody has reviewed.
    runs = len(journal(stage.aws))
    assert stage.apply(first) == 4
    assert len(journal(stage.aws)) == runs, "nothing was begun"
    status = stage.github.records.statuses_of(first)[0]
    assert (status["state"], status["description"]) == ("failure", "Refused: nothing was changed.")
    stage.monkeypatch.chdir(stage.upstream)
    assert stage.meshform("plan", "--detailed-exitcode", "-q") == 0
    assert old != second


def test_a_change_by_hand_between_review_and_merge_is_held_back(stage: Play) -> None:
    stage.push("three", {PRICES: _prices("public, internal")})
    number = stage.open("three")
    assert stage.plan(number) == 0
    lake = stage.aws.session(CENTRAL).client("lakeformation")
    by_hand = {
        "Principal": {"DataLakePrincipalIdentifier": STEWARD},
        "Resource": {"Table": {"CatalogId": CENTRAL, "DatabaseName": "credit-card", "Name": "credit_card"}},
        "Permissions": ["SELECT"],
    }
    lake.grant_permissions(**by_hand)
    sha = stage.merge(number)
    assert stage.apply(sha) == 4
    entry = journal(stage.aws)[-1]
    assert entry["outcome"] == "held back"
    assert entry["steps"], "what was reviewed is carried out"
    assert any("not in the reviewed plan" in held["reason"] for held in entry["held"])
    assert "held back" in stage.comments(number)[0]
    assert "❌" in stage.comments(number)[0]
    listed = lake.list_permissions(Resource=by_hand["Resource"])["PrincipalResourcePermissions"]
    assert [each for each in listed if each["Principal"]["DataLakePrincipalIdentifier"] == STEWARD]
    # A new review of it, by a pull request or a person, repairs it.
    stage.monkeypatch.chdir(stage.upstream)
    assert stage.meshform("apply", "--auto-approve", "-q") == 0


def test_a_commit_that_nobody_reviewed_is_not_applied(stage: Play) -> None:
    stage.push("main", {PRICES: _prices("public")})
    sha = stage.git("rev-parse", "main")
    assert stage.apply(sha) == 4
    assert stage.github.records.statuses_of(sha)[0]["state"] == "failure"
    stage.push("main", {PRICES: _prices("public, internal")})


def test_a_forged_plan_from_a_fork_or_of_another_workflow_counts_for_nothing(stage: Play) -> None:
    stage.push("four", {PRICES: _prices("public")})
    number = stage.open("four")
    merge = stage.synchronize(number)
    code, place = stage.workflow("plan.yml", merge, {"pull_request": {"number": number}})
    assert code == 0
    plan = json.loads((place / "plan.json").read_text(encoding="utf-8"))
    head = stage.github.records.pulls[number]["head"]["sha"]
    stage.github.records.upload(f"meshform-plan-{number}", head, plan, fork=True)
    stage.github.records.upload(f"meshform-plan-{number}", "0" * 40, plan)
    stage.github.records.upload(f"meshform-plan-{number}", head, plan, workflow="added-on-the-branch.yml")
    stage.github.records.upload(f"meshform-plan-{number}", head, plan, event="push")
    sha = stage.merge(number)
    assert stage.apply(sha) == 4
    # With the plan that was really made for it, it is.
    stage.github.records.upload(f"meshform-plan-{number}", head, plan)
    assert stage.apply(sha) == 0


def test_a_refused_plan_is_told_and_journalled(stage: Play) -> None:
    stage.push("five", {DEALS: subscription("deal-report", "internal, restricted")})
    number = stage.open("five")
    assert stage.plan(number) == 0
    assert "data-protection-office must approve" in stage.comments(number)[0]
    assert "up to restricted" in stage.comments(number)[0]
    stage.approve(number, "dora")
    sha = stage.merge(number)
    assert stage.apply(sha) == 3
    assert journal(stage.aws)[-1]["outcome"] == "refused"
    assert "Refused: nothing was changed." in stage.comments(number)[0]
    # A person accepts the rule by its name, in a run started by hand.
    stage.monkeypatch.setenv("MESHFORM_ACCEPT", "opens-most-sensitive")
    try:
        assert stage.apply(sha) == 0
    finally:
        stage.monkeypatch.delenv("MESHFORM_ACCEPT")
    assert journal(stage.aws)[-1]["accepted"] == ["opens-most-sensitive"]


def test_a_held_lock_stops_apply_and_the_comment_says_who_holds_it(stage: Play) -> None:
    s3 = stage.aws.session(CENTRAL).client("s3")
    holder = {"id": "cafe", "by": "arn:somebody", "since": "noon", "renewed": "noon", "where": "https://run/7"}
    s3.put_object(Bucket=BUCKET, Key="meshform.lock", Body=json.dumps(holder).encode())
    stage.push("six", {DEALS: subscription("deal-report", "internal")})
    number = stage.open("six")
    assert stage.plan(number) == 0
    stage.approve(number, INES)
    sha = stage.merge(number)
    before = len(journal(stage.aws))
    assert stage.apply(sha) == 3
    assert "arn:somebody" in stage.comments(number)[0]
    assert len(journal(stage.aws)) == before
    stage.monkeypatch.chdir(stage.upstream)
    assert stage.meshform("unlock", "beef") == 1
    assert stage.meshform("unlock", "cafe") == 0
    assert stage.apply(sha) == 0


def test_the_summary_of_the_job_has_the_whole_plan(stage: Play) -> None:
    text = Path(stage.folder / "summary.md").read_text(encoding="utf-8")
    assert "GrantPermissions" in text


def _prices(clearance: str) -> str:
    return subscription("prices", clearance, product="asset-management/fund-prices")
