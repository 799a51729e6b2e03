"""Every command gets through with the roles exactly as bootstrap prints them, and nothing is opened beside that.

For the person whom `--trust` names, who is let into the central account's roles only, and for the jobs of the forge, of
which each is one of these two roles and cannot be the other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from reconciler.doctor.trials import bench, catalog
from reconciler.sandbox import Sandbox, sandbox
from reconciler.sandbox.inprocess import session_of
from tests.bootstrap.deployed import ROLES
from tests.cli.conftest import Ran, Run, edit, folder, run
from tests.doctor.conftest import Clock
from tests.estate import ANALYTICS, BANKING, CENTRAL, MARKETS, REGION, every_rule

__all__ = ("folder", "run")

ACCOUNTS = {"central": CENTRAL, "banking-data": BANKING, "markets-data": MARKETS, "analytics": ANALYTICS}
ME = f"arn:aws:iam::{CENTRAL}:user/me"
HEALS = "drift: {heal: {kinds: [grant], accept: [reopens-access]}}\nlimits:"
TABLE = {"DatabaseName": "credit-card", "Name": "credit_card"}
ACCEPTED = [word for rule in every_rule() if rule != "policy" for word in ("--accept", rule)]

Keys = tuple[str, str, str | None]


def person(aws: Sandbox) -> Keys:
    """The keys of the user whom `--trust` names."""
    iam = aws.session(CENTRAL).client("iam")
    for old in iam.list_access_keys(UserName="me")["AccessKeyMetadata"]:
        iam.delete_access_key(UserName="me", AccessKeyId=old["AccessKeyId"])
    made = iam.create_access_key(UserName="me")["AccessKey"]
    return made["AccessKeyId"], made["SecretAccessKey"], None


def session(keys: Keys) -> boto3.Session:
    return session_of(*keys, REGION)


def sign(patch: pytest.MonkeyPatch, keys: Keys) -> None:
    """Have these keys where commands look for them."""
    for name, value in zip(("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"), keys, strict=True):
        if value is not None:
            patch.setenv(f"AWS_{name}", value)


def as_role(keys: Keys, account: str, role: str, name: str = "GitHubActions") -> Keys:
    """The keys of a role's session, as a job has them by OpenID Connect."""
    found = (
        session(keys)
        .client("sts")
        .assume_role(RoleArn=f"arn:aws:iam::{account}:role/{role}", RoleSessionName=name)["Credentials"]
    )
    return found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"]


@pytest.fixture
def aws(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """Accounts with what `bootstrap` prints for the example mesh, deployed by CloudFormation."""
    edit(folder, *ROLES)
    edit(folder, "mesh.yaml", "limits:", HEALS)
    clock = Clock()
    for module in (bench, catalog):
        monkeypatch.setattr(module, "time", clock)
    with sandbox() as opened:
        opened.session(CENTRAL).client("iam").create_user(UserName="me")
        assert run("bootstrap", "--github", "bank/mesh", "--trust", ME, "--trial", "--out", "made").code == 0
        for name, account in ACCOUNTS.items():
            made = yaml.safe_load(Path(f"made/{name}.yaml").read_text(encoding="utf-8"))
            # What roles may do in the bucket is tried, not how CloudFormation makes it.
            made["Resources"] = {each: made["Resources"][each] for each in made["Resources"] if "Bucket" not in each}
            body = json.dumps(made)
            opened.session(account).client("cloudformation", region_name=REGION).create_stack(
                StackName="meshform-bank", TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"]
            )
        yield opened


@pytest.fixture(params=["the person whom --trust names", "the jobs of the forge"])
def as_duty(
    request: pytest.FixtureRequest, aws: Sandbox, run: Run, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Ran]:
    """Run a command, signed in as whoever does a duty."""

    def ran(duty: str, *words: str) -> Ran:
        keys = person(aws)
        if request.param == "the jobs of the forge":
            keys = as_role(keys, CENTRAL, f"meshform-{duty}")
        with monkeypatch.context() as signed:
            sign(signed, keys)
            return run(*words)

    return ran


def hand(aws: Sandbox, account: str) -> Any:
    """Lake Formation of an account in the hands of somebody who is let in as an administrator."""
    keys = as_role(person(aws), CENTRAL, "meshform-apply", "somebody")
    if account != CENTRAL:
        keys = as_role(keys, account, "meshform-apply", "somebody")
    return session(keys).client("lakeformation", region_name=REGION)


def revoke_a_reader(aws: Sandbox) -> None:
    """Somebody takes the data scientist's rights to tables by hand."""
    lake = hand(aws, ANALYTICS)
    rows = lake.list_permissions(CatalogId=CENTRAL)["PrincipalResourcePermissions"]
    found = next(
        row
        for row in rows
        if row["Principal"]["DataLakePrincipalIdentifier"].endswith("/data-scientist")
        and row["Resource"].get("LFTagPolicy", {}).get("ResourceType") == "TABLE"
    )
    lake.revoke_permissions(Principal=found["Principal"], Resource=found["Resource"], Permissions=["SELECT"])


def grant_by_hand(aws: Sandbox) -> None:
    steward = f"arn:aws:iam::{CENTRAL}:role/meshform/bank/data-mesh-steward"
    hand(aws, CENTRAL).grant_permissions(
        Principal={"DataLakePrincipalIdentifier": steward}, Resource={"Table": TABLE}, Permissions=["SELECT"]
    )


def test_every_command_gets_through(aws: Sandbox, folder: Path, as_duty: Callable[..., Ran]) -> None:
    def well(ran: Ran) -> Ran:
        assert ran.code == 0, (ran.out, ran.err)
        return ran

    for duty in ("plan", "apply"):
        well(as_duty(duty, "doctor"))
    well(as_duty("apply", "apply", "--auto-approve", "--allow-dirty", *ACCEPTED))
    assert "No changes" in well(as_duty("plan", "plan")).out
    trial = well(as_duty("apply", "doctor", "--trial", "--format", "json")).json["answers"]
    assert [each for each in trial if each["verdict"] == "refuted" and each["blocker"]] == []
    assert {each["verdict"] for each in trial if each["id"] == "trial-leaves-nothing"} == {"confirmed"}
    well(as_duty("plan", "drift"))

    revoke_a_reader(aws)
    assert as_duty("plan", "drift").code == 2
    well(as_duty("apply", "drift", "--heal"))
    well(as_duty("plan", "drift"))

    grant_by_hand(aws)
    well(as_duty("apply", "adopt", "--revoke", "--all", "--auto-approve"))
    well(as_duty("plan", "drift"))

    well(as_duty("apply", "suspend", "analytics-coe/data-scientist", "--why", "Lost a laptop", "--by", "me", "--now"))
    well(as_duty("apply", "destroy", "--name", "bank", *ACCEPTED))


def answers(ran: Ran) -> list[dict[str, Any]]:
    """What the doctor says of the roles."""
    return [each for each in ran.json["answers"] if each["id"] == "roles-can-be-assumed"]


def test_the_doctor_says_no_more_of_a_role_than_is_seen_of_it(
    aws: Sandbox, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job that plans is not let into the role of apply, and that is as it should be, unless that role is missing."""

    def doctor(keys: Keys, *words: str) -> Ran:
        with monkeypatch.context() as signed:
            sign(signed, keys)
            return run("doctor", "--format", "json", *words)

    plans = as_role(person(aws), CENTRAL, "meshform-plan")
    ran = doctor(plans)
    assert ran.code == 0, ran.err
    said = {(each["where"], each["evidence"].partition(" ")[0]): each for each in answers(ran)}
    for name in ACCOUNTS:
        assert said[name, "meshform-plan"]["verdict"] == "confirmed"
        assert said[name, "meshform-apply"]["verdict"] == "unknown"
        assert "meshform-apply is there, and " in said[name, "meshform-apply"]["evidence"]
    assert "Run `meshform doctor` as somebody who is let into it" in said["central", "meshform-apply"]["hint"]
    trial = doctor(plans, "--trial")
    assert trial.code == 1
    assert "No trial was made: the role arn:aws:iam::111111111111:role/meshform-apply cannot be assumed" in trial.err

    stranger = as_role(("sandbox", "sandbox", None), ANALYTICS, "OrganizationAccountAccessRole")
    outside = doctor(stranger)
    assert outside.code == 1
    assert "Nothing was seen of the accounts" in outside.err
    assert {each["verdict"] for each in outside.json["answers"]} == {"unknown"}

    iam = aws.session(ANALYTICS).client("iam")
    for policy in iam.list_attached_role_policies(RoleName="meshform-apply")["AttachedPolicies"]:
        iam.detach_role_policy(RoleName="meshform-apply", PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName="meshform-apply")
    gone = doctor(plans)
    assert gone.code == 1
    assert [each["where"] for each in answers(gone) if each["verdict"] == "refuted"] == ["analytics"]


JOURNAL = f"journal: {{bucket: bank-evidence-{CENTRAL}}}\nlimits:"


@pytest.fixture
def evidence_in_a_bucket(folder: Path) -> None:
    """Written before anything is deployed: the roles are printed for it."""
    edit(folder, "mesh.yaml", "limits:", JOURNAL)


def test_evidence_is_kept_as_the_role_for_it_and_not_as_the_one_that_plans(
    evidence_in_a_bucket: None, aws: Sandbox, as_duty: Callable[..., Ran], request: pytest.FixtureRequest
) -> None:
    aws.session(CENTRAL).client("s3", region_name=REGION).create_bucket(
        Bucket=f"bank-evidence-{CENTRAL}", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    kept = as_duty("keep", "drift", "--keep")
    assert kept.code == 2, kept.err
    assert f"Kept s3://bank-evidence-{CENTRAL}/snapshots/" in kept.err
    report = as_duty("keep", "report", "access", "--out", "access.csv", "--format", "csv")
    assert report.code == 0, report.err
    assert as_duty("plan", "report", "verify", "access.csv").code == 0
    if "jobs of the forge" not in request.node.name:
        return  # whom `--trust` names is let into each of them
    for words in (("drift", "--keep"), ("report", "access", "--out", "other.csv")):
        refused = as_duty("plan", *words)
        assert refused.code == 1
        assert "AccessDenied" in refused.err or "not authorized" in refused.err
        assert "the role meshform-keep, which keeps evidence, does not let these credentials in" in " ".join(
            refused.err.split()
        )
