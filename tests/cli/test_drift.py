"""drift: who is exposed stands first, with since when and by whom, and nothing of it makes a run end well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reconciler.aws import trail
from tests.cli.conftest import Run
from tests.estate import ANALYTICS, BANKING, CENTRAL, Estate

BUCKET = f"bank-consumer-banking-{BANKING}-eu-west-1"
TABLE = {"DatabaseName": "credit-card", "Name": "credit_card"}
STEWARD = f"arn:aws:iam::{CENTRAL}:role/meshform/bank/data-mesh-steward"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits here for CloudTrail's pace; tests/aws/test_trail.py holds it."""
    monkeypatch.setattr(trail, "SECONDS", 0)


def add_administrator(estate: Estate, account: str, arn: str) -> None:
    lake = estate.client("lakeformation", account)
    settings = lake.get_data_lake_settings()["DataLakeSettings"]
    settings["DataLakeAdmins"].append({"DataLakePrincipalIdentifier": arn})
    lake.put_data_lake_settings(DataLakeSettings=settings)


def act(estate: Estate) -> None:
    """One of each that a steward wants to hear of."""
    lake = estate.client("lakeformation")
    lake.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": STEWARD}, Resource={"Table": TABLE}, Permissions=["SELECT"]
    )
    lake.add_lf_tags_to_resource(
        Resource={"TableWithColumns": {**TABLE, "ColumnNames": ["age"]}},
        LFTags=[{"TagKey": "sensitivity", "TagValues": ["internal"]}],
    )
    hand = f"arn:aws:iam::{ANALYTICS}:role/hand"
    iam = estate.client("iam", ANALYTICS)
    iam.create_role(RoleName="hand", AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}')
    add_administrator(estate, ANALYTICS, hand)
    everything = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
    iam.put_role_policy(RoleName="credit-analyst", PolicyName="more", PolicyDocument=everything)
    s3 = estate.client("s3", BANKING)
    policy: Any = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
    policy["Statement"].append(
        {
            "Sid": "Partner",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ANALYTICS}:root"},
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{BUCKET}/*",
        }
    )
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))
    iam.delete_role_policy(RoleName="data-scientist", PolicyName="meshform")
    iam.delete_role(RoleName="data-scientist")


def test_a_steward_reads_first_who_is_exposed_since_when_and_by_whom(built: Estate, folder: Path, run: Run) -> None:
    act(built)
    text = run("drift")
    assert text.code == 2
    reads, _, rest = text.out.partition("Cannot read or do what documents give:")
    misses, _, rights = rest.partition("3 rights on what is ours that no document gives. Apply leaves such rights.")
    assert "central/data-mesh-steward may read 21 of 21 columns of credit-card.credit_card" in reads
    assert "analytics-coe/credit-analyst may read 1 more column of credit-card.credit_card (age)" in reads
    assert "The role data-scientist is gone: nobody reads as it" in misses
    for said in ("hand", "an inline policy that is not ours: more", "a statement that is not ours: Partner"):
        assert said in rights
    exposed = text.out.partition("differences. `meshform apply` repairs")[0]
    assert "is not known" not in exposed
    assert exposed.count("sandbox as role OrganizationAccountAccessRole of") >= 5

    found = run("drift", "--format", "json").json
    assert found["drift"]
    assert {each["by"][0].rpartition("/")[2] for each in found["exposure"]["rights"]} == {"sandbox"}
    (steward,) = [each for each in found["exposure"]["reads"] if "data-mesh-steward" in each["sentence"]]
    assert steward["since"].endswith("UTC")
    assert steward["access"][0]["principal"] == STEWARD
    assert found["history_not_read"] == []


def test_a_hand_made_administrator_alone_is_drift(built: Estate, folder: Path, run: Run) -> None:
    assert run("drift").code == 0
    built.client("iam", ANALYTICS).create_role(
        RoleName="alone", AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}'
    )
    add_administrator(built, ANALYTICS, f"arn:aws:iam::{ANALYTICS}:role/alone")
    ran = run("drift")
    assert ran.code == 2
    assert "No drift" not in ran.out
    assert f"an administrator that no document names: arn:aws:iam::{ANALYTICS}:role/alone" in ran.out


def test_who_may_not_look_into_the_history_is_told_so_and_the_drift_all_the_same(
    built: Estate, folder: Path, run: Run
) -> None:
    built.client("glue", ANALYTICS).delete_database(Name="rl_credit-card")
    built.aws.faults({"service": "cloudtrail", "error": "AccessDeniedException", "message": "not you", "times": None})
    ran = run("drift")
    assert ran.code == 2
    assert "+ missing: resource-link rl_credit-card" in ran.out
    assert f"! who changed what could not be asked in {ANALYTICS}/eu-west-1: cloudtrail.LookupEvents: Acc" in ran.out
