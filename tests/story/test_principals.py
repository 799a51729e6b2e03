"""Who reads, in each way that AWS knows people: roles with paths, permission sets, everybody in an account."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler import pipeline
from reconciler.access import principal_directory
from reconciler.audit.report import Part
from reconciler.aws.evidence_store import FolderStore
from reconciler.cli.reporting import Basis, facts_now
from reconciler.kinds import registry, roles
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.identitycenter.center_identity import CenterIdentity
from reconciler.model.resource import Gap, Observation, Snapshot
from reconciler.pipeline import plan_for
from reconciler.plan.compile import compile_mesh
from reconciler.report.drift import Drift
from reconciler.report.drift_text import drift_text
from reconciler.report.text import plan_text
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arn
from reconciler.spec.results import workgroups_of
from tests.estate import ANALYTICS, Estate, actions, bank, edited, mesh_of, variant

CONSUMER = "consumers/analytics-coe/consumer.yaml"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
SSO = f"arn:aws:iam::{ANALYTICS}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Analysts_0123456789abcdef"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def mesh(who: str) -> Any:
    """The example in which somebody more reads."""
    return mesh_of(
        edited(
            (CONSUMER, "principals:\n", f"principals:\n  - {{name: more, {who}}}\n"),
            (REPORT, "principals: [", "principals: [more, "),
        )
    )


def holders(estate: Estate) -> set[str]:
    rows = estate.client("lakeformation", ANALYTICS).list_permissions()["PrincipalResourcePermissions"]
    return {row["Principal"]["DataLakePrincipalIdentifier"] for row in rows}


def role(estate: Estate, arn: str) -> None:
    path, _, name = arn.partition(":role/")[2].rpartition("/")
    estate.client("iam", ANALYTICS).create_role(
        RoleName=name, Path=f"/{path}/" if path else "/", AssumeRolePolicyDocument=TRUST
    )


def test_a_permission_set_is_found_by_its_name(built: Estate) -> None:
    analysts = mesh("permissionSet: Analysts")
    (held,) = [each for each in built.plan(analysts).held if each.address.kind == "iam-role"]
    assert held.address.name == "AWSReservedSSO_Analysts"
    assert held.reason.endswith("(subscriptions: portfolio-report)")
    built.apply_reviewed(analysts)
    assert not [each for each in holders(built) if "AWSReservedSSO" in each]
    role(built, SSO.replace("Analysts_", "Analysts_Of_Others_"))
    role(built, SSO)
    built.repair(analysts)
    assert [each for each in holders(built) if "AWSReservedSSO" in each] == [SSO]
    assert principal_directory(analysts).label(SSO) == "analytics-coe/more"
    # Made anew, it ends otherwise: the old one is revoked, the new one has what it had.
    built.client("iam", ANALYTICS).delete_role(RoleName=SSO.rpartition("/")[2])
    gone = built.plan(analysts)
    assert [each.address.name for each in gone.unmet] == ["AWSReservedSSO_Analysts"]
    role(built, SSO.replace("0123", "ffff"))
    built.repair(analysts)
    assert [each for each in holders(built) if "AWSReservedSSO" in each] == [SSO.replace("0123", "ffff")]


def test_who_reads_by_a_permission_set_keeps_it_while_roles_are_not_seen(built: Estate) -> None:
    analysts = mesh("permissionSet: Analysts")
    role(built, SSO)
    built.repair(analysts)
    seen = built.review(analysts).observation
    assert seen is not None
    roles_there = [each for each in seen.found.of(Role) if each.address.placement.account == ANALYTICS]
    gap = Gap(roles_there[0].address.kind, roles_there[0].address.placement, "AccessDenied")
    blind = Observation(Snapshot(each for each in seen.found.values() if each not in roles_there), (gap,))
    assert actions(plan_for(analysts, compile_mesh(analysts, registry()), blind)) == set()
    # Who is no longer asked for loses it all the same.
    assert actions(plan_for(bank(), compile_mesh(bank(), registry()), blind)) != set()


def test_a_role_that_is_gone_is_drift_with_the_subscriptions_it_had(built: Estate) -> None:
    arn = f"arn:aws:iam::{ANALYTICS}:role/teams/bi/reader"
    role(built, arn)
    readers = mesh("role: teams/bi/reader")
    built.repair(readers)
    assert arn in holders(built)
    built.client("iam", ANALYTICS).delete_role(RoleName="reader")
    review = built.review(readers)
    assert review.plan is not None
    assert [each.address.name for each in review.plan.unmet] == ["reader"]
    said = "\n".join(drift_text(Drift(review)))
    assert said.startswith("Not as it is needed: iam-role reader in analytics")
    assert "subscriptions: portfolio-report" in said
    assert "No drift" not in said


def test_a_role_without_its_path_is_told(built: Estate) -> None:
    role(built, f"arn:aws:iam::{ANALYTICS}:role/teams/bi/writer")
    (held,) = [each for each in built.plan(mesh("role: writer")).held if each.address.kind == "iam-role"]
    assert held.reason.endswith(f"its ARN is arn:aws:iam::{ANALYTICS}:role/teams/bi/writer: name it with its path")


def test_everybody_of_an_account_is_granted_as_such(built: Estate) -> None:
    more = mesh("wholeAccount: true")
    built.repair(more)
    assert f"{ANALYTICS}:IAMPrincipals" in holders(built)
    groups = built.client("athena", ANALYTICS).list_work_groups()["WorkGroups"]
    assert not [each for each in groups if "more" in each["Name"]]


HOME = """\
apiVersion: meshform/v1
kind: Consumer
name: home
description: Who reads in the account of the catalog itself.
owner: analytics
account: central
principals: [{name: more, %s}]
"""


def at_home(who: str) -> Mesh:
    """The example, in which somebody reads in the central account: Identity Center's people are granted no share."""
    report = edited()[REPORT].replace("portfolio-report", "home-report").replace("analytics-coe", "home")
    more = {
        "consumers/home/consumer.yaml": HOME % who,
        "consumers/home/subscriptions/home-report.yaml": report.replace("credit-analyst", "more"),
    }
    return mesh_of(edited(("accounts/central.yaml", "parts: [central]", "parts: [central, consumer]"), more=more))


def of_center(estate: Estate) -> set[str]:
    """Whom of Identity Center anything is granted."""
    rows = estate.client("lakeformation").list_permissions(MaxResults=1000)["PrincipalResourcePermissions"]
    found = {row["Principal"]["DataLakePrincipalIdentifier"] for row in rows}
    return {each for each in found if "identitystore" in each}


@pytest.mark.parametrize("sort", ["group", "user"])
def test_who_is_in_identity_center_is_looked_up_by_name(
    built: Estate, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = at_home({"group": "groupName: Data Analysts", "user": "centerUserName: ada@example.com"}[sort])
    (held,) = [each for each in built.plan(named).held if each.address.kind == "center-identity"]
    assert f"no {sort} of IAM Identity Center has this name" in held.reason
    assert "subscriptions: home-report" in held.reason
    built.apply_reviewed(named)
    assert not of_center(built)

    arn = joins(built, sort)
    review = built.review(named)
    assert "home/more gains 14 columns" in next(iter(plan_text(review)))
    built.repair(named)
    assert of_center(built) == {arn}
    assert actions(built.plan(named)) == set()

    # What somebody gave by hand is told of him by his name, wherever it is told.
    lake, whom = built.client("lakeformation"), {"DataLakePrincipalIdentifier": arn}
    card = {"Database": {"Name": "credit-card"}}
    lake.grant_permissions(Principal=whom, Resource=card, Permissions=["DESCRIBE", "ALTER"])
    built.fresh_sessions()
    told = "\n".join(drift_text(Drift(built.review(named)), 1))
    assert "not asked for: grant ALTER on database 111111111111:credit-card to home/more" in told
    assert "identitystore" not in told
    built.repair(named)
    monkeypatch.setattr(pipeline, "sessions_for", lambda *_, **__: built.sessions)
    basis = Basis("mesh", named, None, FolderStore("evidence", "journal"), Part())
    rows, _ = facts_now(basis, live=True, quiet=True)
    assert {fact.name for _, fact in rows if fact.principal == arn} == {"home/more"}

    # Where the store cannot be asked, nobody loses anything, and it is told.
    seen = built.review(named).observation
    assert seen is not None
    (known,) = seen.found.of(CenterIdentity)
    gap = Gap(known.address.kind, known.address.placement, "AccessDeniedException")
    blind = Observation(Snapshot(each for each in seen.found.values() if each != known), (gap,))
    unsure = pipeline.review(named, observation=blind)
    assert unsure.plan is not None
    assert actions(unsure.plan) == set()
    assert unsure.plan.gaps == (gap,)
    # Whom the documents no longer name loses it.
    built.repair(bank())
    assert not of_center(built)


def joins(estate: Estate, sort: str) -> str:
    """A new group or user of the organization's identity store, as Lake Formation calls it."""
    store = estate.client("identitystore")
    (instance,) = estate.client("sso-admin").list_instances()["Instances"]
    where = {"IdentityStoreId": instance["IdentityStoreId"]}
    if sort == "group":
        return str(store.create_group(**where, DisplayName="Data Analysts")["GroupArn"])
    return str(store.create_user(**where, UserName="ada@example.com", DisplayName="Ada")["UserArn"])


def test_a_user_of_identity_center_is_named_by_his_id() -> None:
    user = "906769f4-1061-7024-a12b-abcdef123456"
    named = mesh(f"centerUser: {user}")
    consumer = named.consumers["analytics-coe"]
    assert principal_arn(named, consumer, consumer.principal("more")) == f"arn:aws:identitystore:::user/{user}"
    assert "more" not in {each.principal.name for each in workgroups_of(named, consumer) if each.principal}


def test_who_assumes_a_role_from_outside_says_its_external_id() -> None:
    made = variant((CONSUMER, "    role: credit-analyst\n", "    role: credit-analyst\n    externalId: tableau-17\n"))
    (reader,) = [each for each in roles.of(made) if each.name == "credit-analyst"]
    (statement,) = reader.trust["Statement"]
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": "tableau-17"}}
