"""--changed-since: what is read, what is said of it, and that apply holds to what was reviewed as ever."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Run, edit
from tests.estate import ANALYTICS, BANKING, CENTRAL, Estate

MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
FUNDS = "domains/asset-management/products/fund-prices.yaml"
PART = "Only a part of AWS was read: what the change since HEAD can touch."
NOT_LOOKED_AT = "Whether anything else has drifted was not looked at."


@pytest.fixture
def applied(folder: Path) -> Path:
    """The example as a commit, with drift that is watched by a schedule."""
    edit(folder, "mesh.yaml", "limits:", "drift: {watched: schedule}\nlimits:")
    for words in (["init", "-q"], ["add", "mesh"], ["commit", "-qm", "Applied"]):
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words], cwd=folder.parent, check=True
        )
    return folder


def test_it_is_refused_where_nobody_else_looks_for_drift(built: Estate, applied: Path, run: Run) -> None:
    edit(applied, "mesh.yaml", "watched: schedule", "watched: plan")
    for command in (["plan"], ["apply", "--allow-dirty"]):
        ran = run(*command, "--changed-since", "HEAD")
        assert ran.code == 1
        assert re.search(r"mesh/mesh\.yaml:\d+:\d+: --changed-since leaves most of AWS unread", ran.err)
        assert "`drift: {watched: schedule}`" in ran.err
    assert len(built.aws.calls) == 0


def test_the_plan_says_that_a_part_was_read_and_which(built: Estate, applied: Path, run: Run) -> None:
    (applied / MODEL).unlink()
    ran = run("plan", "--changed-since", "HEAD")
    assert f"{PART} {NOT_LOOKED_AT}" in ran.out
    assert re.search(r"analytics.*: .*grant.*iam-role", ran.out)
    assert "Since HEAD, the mesh asks for: " in ran.out
    comment = run("comment", "--print", "--changed-since", "HEAD")
    assert f"**{PART} {NOT_LOOKED_AT}**" in comment.out
    document = run("plan", "--changed-since", "HEAD", "--format", "json").json
    assert document["complete"] is False
    assert document["portion"]["since"] == "HEAD"
    grants = {"kind": "grant", "account": ANALYTICS, "region": "eu-west-1", "databases": None}
    assert grants in document["portion"]["places"]
    assert "portion" not in run("plan", "--base", "HEAD", "--format", "json").json


def test_the_databases_that_were_read_are_named(built: Estate, applied: Path, run: Run) -> None:
    edit(applied, FUNDS, "description: ", "description: More about it. ")
    ran = run("plan", "--changed-since", "HEAD")
    assert "table (of fund-prices)" in ran.out
    places = run("plan", "--changed-since", "HEAD", "--format", "json").json["portion"]["places"]
    assert {"kind": "table", "account": CENTRAL, "region": "eu-west-1", "databases": ["fund-prices"]} in places
    assert [call.operation for call in built.aws.calls].count("GetTables") == 2, "one database in each of two plans"


def test_a_change_that_touches_nothing_calls_no_account_at_all(
    built: Estate, applied: Path, run: Run, tmp_path: Path
) -> None:
    edit(applied, MODEL, "purpose: ", "purpose: More of it. ")
    ran = run("plan", "--changed-since", "HEAD", "--detailed-exitcode")
    assert ran.code == 0, ran.err
    assert "What changed since HEAD touches nothing in AWS, so no account was asked." in ran.out
    assert NOT_LOOKED_AT in ran.out
    assert "AWS is as the mesh says" not in ran.out
    outcome = tmp_path / "outcome.json"
    done = run("apply", "--allow-dirty", "--changed-since", "HEAD", "--outcome", str(outcome))
    assert done.code == 0, done.err
    assert "Carry this out" not in done.err
    assert "Journal" not in done.out
    assert json.loads(outcome.read_text())["exit_code"] == 0
    assert run("apply", "--allow-dirty", "--changed-since", "HEAD", "--format", "json").json["journal"] is None
    assert len(built.aws.calls) == 0


def test_a_reviewed_change_is_carried_out_and_drift_elsewhere_stays(
    built: Estate, applied: Path, run: Run, tmp_path: Path
) -> None:
    built.client("s3", BANKING).put_bucket_versioning(
        Bucket=f"bank-consumer-banking-{BANKING}-eu-west-1", VersioningConfiguration={"Status": "Suspended"}
    )
    (applied / MODEL).unlink()
    reviewed = tmp_path / "reviewed.json"
    reviewed.write_text(run("plan", "--changed-since", "HEAD", "--format", "json").out)
    ran = run("apply", "--allow-dirty", "--changed-since", "HEAD", "--expect", str(reviewed))
    assert ran.code == 0, ran.err
    assert "held back" not in ran.out
    left = run("plan", "--format", "json").json
    assert {step["address"].split()[0] for step in left["steps"]} == {"bucket"}
    (entry,) = (applied.parent / ".meshform" / "journal").glob("*.json")
    assert json.loads(entry.read_text())["changed_since"] == "HEAD"


def test_what_somebody_changed_since_the_review_is_held_back(
    built: Estate, applied: Path, run: Run, tmp_path: Path
) -> None:
    (applied / MODEL).unlink()
    reviewed = tmp_path / "reviewed.json"
    reviewed.write_text(run("plan", "--changed-since", "HEAD", "--format", "json").out)
    built.client("lakeformation").grant_permissions(
        Principal={"DataLakePrincipalIdentifier": ANALYTICS},
        Resource={"Database": {"CatalogId": CENTRAL, "Name": "credit-card"}},
        Permissions=["DESCRIBE"],
    )
    ran = run("apply", "--allow-dirty", "--changed-since", "HEAD", "--expect", str(reviewed))
    assert ran.code == 4, ran.err
    assert "not in the reviewed plan" in ran.out
    assert "database" in ran.out


def test_gates_stop_it_as_ever(built: Estate, applied: Path, run: Run) -> None:
    (applied / FUNDS).unlink()
    refused = run("apply", "--allow-dirty", "--changed-since", "HEAD", "--auto-approve")
    assert refused.code == 3
    assert "--accept catalog-loss" in refused.err
    assert "--accept mass-delete" in refused.err
    assert built.writes() == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "--changed-since", "HEAD", "--offline", "--base", "HEAD"),
        ("plan", "--changed-since", "HEAD", "--base", "HEAD~1"),
    ],
    ids=" ".join,
)
def test_it_goes_with_neither_another_base_nor_without_aws(applied: Path, run: Run, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert ran.code == 64
    assert "--changed-since REF is a plan against AWS" in ran.err


def test_a_commit_that_is_not_there_is_told(built: Estate, applied: Path, run: Run) -> None:
    ran = run("apply", "--allow-dirty", "--changed-since", "nowhere", "--auto-approve")
    assert ran.code == 1
    assert "nowhere" in ran.err
    assert len(built.aws.calls) == 0
