"""What somebody revoked by hand stays revoked through plan, review and apply until it is accepted by name."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reconciler.model.lakeformation import Grant, OnTagPolicy
from tests.cli.conftest import Run, edit
from tests.estate import ANALYTICS, CENTRAL, Estate

FUNDS = "domains/asset-management/products/fund-prices.yaml"


@pytest.fixture
def git(folder: Path) -> Path:
    """The folder of the example as a commit of a repository."""
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=folder.parent, check=True)
    return folder


def revoke_by_hand(built: Estate) -> Grant:
    """Somebody takes SELECT from the data scientist, as in an emergency."""
    grant: Grant = next(
        each.spec
        for each in built.look().found.of(Grant)
        if isinstance(each.spec.target, OnTagPolicy)
        and each.spec.permission == "SELECT"
        and each.spec.principal.endswith("/data-scientist")
    )
    assert isinstance(grant.target, OnTagPolicy)
    terms = [{"TagKey": key, "TagValues": list(values)} for key, values in grant.target.terms]
    built.client("lakeformation", ANALYTICS).revoke_permissions(
        Principal={"DataLakePrincipalIdentifier": grant.principal},
        Resource={"LFTagPolicy": {"CatalogId": CENTRAL, "ResourceType": "TABLE", "Expression": terms}},
        Permissions=["SELECT"],
    )
    return grant


def test_an_unrelated_change_gives_back_what_was_revoked_only_by_name(
    built: Estate, git: Path, run: Run, tmp_path: Path
) -> None:
    grant = revoke_by_hand(built)
    built.aws.calls.clear()
    edit(git, FUNDS, "Published the next morning.", "Published in the morning.")
    planned = run("plan", "--base", "HEAD", "--format", "json")
    verdict = planned.json["verdict"]
    assert (
        "Besides, analytics-coe/data-scientist gets back 17 columns of credit-card.credit_card" in verdict["sentence"]
    )
    assert verdict["refused_by"] == ["reopens-access"]
    reviewed = tmp_path / "plan.json"
    reviewed.write_text(planned.out)

    refused = run("apply", "--allow-dirty", "--expect", str(reviewed))
    assert refused.code == 3
    assert "analytics-coe/data-scientist would get back 17 columns of credit-card.credit_card" in refused.err
    assert "hint: if this is what you want, accept by name: `meshform apply --accept reopens-access`" in refused.err
    assert built.writes() == []

    done = run("apply", "--allow-dirty", "--expect", str(reviewed), "--accept", "reopens-access")
    assert done.code == 0, done.err
    assert any(each.spec == grant for each in built.look().found.of(Grant))


def test_drift_says_who_lost_what_by_hand(built: Estate, folder: Path, run: Run) -> None:
    grant = revoke_by_hand(built)
    drift = run("drift")
    assert drift.code == 2
    assert (
        "analytics-coe/data-scientist lost 17 columns of credit-card.credit_card by hand; apply gives it back."
        in drift.out
    )
    assert f"+ missing: grant {grant.name}" in drift.out
