"""The template of the central account makes the bucket of the evidence where mesh.yaml names it so, and no other."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.bootstrap.actions import duties
from reconciler.bootstrap.evidence_bucket import evidence_bucket, evidence_bucket_name, evidence_key
from reconciler.bootstrap.statements import statements
from reconciler.kinds import registry
from reconciler.spec.mesh import Mesh
from tests.bootstrap.deployed import ROLES
from tests.estate import CENTRAL, bank, variant

NAME = f"bank-evidence-{CENTRAL}"


def mesh(journal: str) -> Mesh:
    return variant(("mesh.yaml", "limits:", f"journal: {journal}\nlimits:"))


def bucket(lock_days: int | None = None, prefix: str = "journal/") -> dict[str, Any]:
    made = evidence_bucket(mesh(f"{{bucket: {NAME}, prefix: {prefix}}}"), lock_days)
    found: dict[str, Any] = made["EvidenceBucket"]
    return found


def test_somebody_elses_bucket_is_left_alone() -> None:
    assert evidence_bucket_name(bank()) == NAME
    assert evidence_bucket(bank(), None) == {}
    assert evidence_bucket(mesh("{bucket: audit-of-the-company}"), 30) == {}


def test_evidence_outlives_the_stack_and_keeps_its_versions() -> None:
    made = bucket()
    assert made["DeletionPolicy"] == made["UpdateReplacePolicy"] == "Retain"
    assert made["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    assert all(made["Properties"]["PublicAccessBlockConfiguration"].values())
    assert "ObjectLockEnabled" not in made["Properties"]


def test_entries_and_snapshots_are_never_expired() -> None:
    """Only notes of runs and parts are: what a rule expires begins with them."""
    rules = bucket(prefix="a/b/")["Properties"]["LifecycleConfiguration"]["Rules"]
    assert [rule["Prefix"] for rule in rules if "ExpirationInDays" in rule] == ["a/b/under-way/", "parts-of-snapshots/"]
    rules = bucket(prefix="parts-of-snapshots/a/")["Properties"]["LifecycleConfiguration"]["Rules"]
    assert [rule["Prefix"] for rule in rules if "ExpirationInDays" in rule] == ["parts-of-snapshots/a/under-way/"]


@pytest.mark.parametrize("days", [1, 3650])
def test_evidence_is_locked_where_that_is_asked(days: int) -> None:
    retention = bucket(days)["Properties"]["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert retention == {"Mode": "GOVERNANCE", "Days": days}


def test_a_key_that_signs_is_made_where_mesh_yaml_names_it_so_and_no_other() -> None:
    assert evidence_key(bank()) == {}
    assert evidence_key(mesh("{signingKey: alias/of-the-company}")) == {}
    made = evidence_key(mesh("{signingKey: alias/bank-evidence}"))
    assert made["EvidenceKey"]["Properties"]["KeyUsage"] == "SIGN_VERIFY"
    assert made["EvidenceKeyAlias"]["Properties"]["AliasName"] == "alias/bank-evidence"
    assert all(each["DeletionPolicy"] == "Retain" for each in made.values())


@pytest.mark.parametrize("named", ["alias/bank-evidence", f"arn:aws:kms:eu-west-1:{CENTRAL}:alias/bank-evidence"])
def test_only_the_role_that_keeps_evidence_signs_and_by_this_key_alone(named: str) -> None:
    signing = variant(ROLES, ("mesh.yaml", "limits:", f"journal: {{signingKey: '{named}'}}\nlimits:"))
    said = [
        (duty, each["Condition"])
        for duty in duties(signing, signing.central)
        for each in statements(signing, signing.central, duty, registry())
        if "kms:Sign" in each["Action"]
    ]
    assert said == [("keep", {"StringEquals": {"kms:RequestAlias": "alias/bank-evidence"}})]
