"""Who reads, in each way that AWS knows people: roles with paths, permission sets, everybody in an account."""

from __future__ import annotations

import json
from typing import Any

from reconciler.access import principal_directory
from reconciler.kinds import registry, roles
from reconciler.kinds.iam.iam_role import Role
from reconciler.model.resource import Gap, Observation, Snapshot
from reconciler.pipeline import plan_for
from reconciler.plan.compile import compile_mesh
from reconciler.report.drift import Drift
from reconciler.report.drift_text import drift_text
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
    built.clean = False
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
    built.clean = False
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
    built.clean = False
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
    built.clean = False
    role(built, f"arn:aws:iam::{ANALYTICS}:role/teams/bi/writer")
    (held,) = [each for each in built.plan(mesh("role: writer")).held if each.address.kind == "iam-role"]
    assert held.reason.endswith(f"its ARN is arn:aws:iam::{ANALYTICS}:role/teams/bi/writer: name it with its path")


def test_everybody_of_an_account_is_granted_as_such(built: Estate) -> None:
    built.clean = False
    more = mesh("wholeAccount: true")
    built.repair(more)
    assert f"{ANALYTICS}:IAMPrincipals" in holders(built)
    groups = built.client("athena", ANALYTICS).list_work_groups()["WorkGroups"]
    assert not [each for each in groups if "more" in each["Name"]]


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
