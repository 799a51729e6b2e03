"""Roles have the least that they need, and are found again by their path."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from reconciler.kinds.iam.iam_role import IamRoleKind, Role
from reconciler.model.change import Create, Delete, Update
from reconciler.model.resource import Resource
from reconciler.report.drift import Drift
from reconciler.report.drift_text import drift_text
from tests.estate import ANALYTICS, CENTRAL, Estate, actions, specs

ROLES = specs("iam-role")


def statements(role: Resource[Role]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(role.spec.policy)["Statement"]
    return found


@pytest.mark.parametrize("name", ROLES)
def test_no_role_may_do_everything_on_anything(name: str) -> None:
    for statement in statements(ROLES[name]):
        actions_ = statement["Action"]
        every = [actions_] if isinstance(actions_, str) else actions_
        assert not any(str(action).endswith("*") for action in every)  # type: ignore[union-attr]
        if statement["Resource"] == "*":
            # Actions that take no resource.
            free = ("lakeformation:", "cloudwatch:PutMetricData", "ecr:GetAuthorizationToken")
            assert all(str(action).startswith(free) for action in every), statement  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ROLES)
def test_nobody_is_trusted_in_general(name: str) -> None:
    for statement in json.loads(ROLES[name].spec.trust)["Statement"]:
        assert "*" not in json.dumps(statement["Principal"])


def test_a_register_role_reaches_its_domain_and_nothing_else() -> None:
    role = ROLES["register-investment-banking.bank"]
    assert role.address.placement.account == CENTRAL
    places = json.dumps([statement["Resource"] for statement in statements(role)])
    assert "bank-investment-banking-333333333333-eu-west-1/deals/*" in places
    assert "consumer-banking" not in places
    assert "lakeformation.amazonaws.com" in role.spec.trust


def test_a_reader_gets_data_only_by_lake_formation() -> None:
    role = ROLES["credit-analyst"]
    assert role.address.placement.account == ANALYTICS
    every = json.dumps(statements(role))
    assert "lakeformation:GetDataAccess" in every
    assert "bank-consumer-banking" not in every
    assert "results" in every


def test_a_role_with_a_policy_of_others_is_not_asked_to_go() -> None:
    """IAM would refuse, after our policy was taken off."""
    role = ROLES["credit-analyst"]
    shared = replace(role, spec=replace(role.spec, added_rights=(("a policy", "x"), ("another", "y"))))
    blocked = IamRoleKind().blocked
    assert blocked(Delete(shared), ()) == "IAM deletes no role while it has a policy; another"
    assert [blocked(each, ()) for each in (Delete(role), Create(shared), Update(shared, shared))] == [None, None, None]


def test_a_role_without_our_path_is_never_ours(built: Estate) -> None:
    trust = '{"Version":"2012-10-17","Statement":[]}'
    built.client("iam").create_role(RoleName="register-nothing", AssumeRolePolicyDocument=trust)
    assert built.plan().is_empty
    tags = [{"Key": "meshform:mesh", "Value": "bank"}]
    built.client("iam").create_role(
        RoleName="left-over", Path="/meshform/bank/", AssumeRolePolicyDocument=trust, Tags=tags
    )
    assert actions(built.plan()) == {"delete iam-role left-over"}
    built.repair()
    built.client("iam").delete_role(RoleName="register-nothing")


def test_an_update_sends_only_what_differs() -> None:
    role = ROLES["credit-analyst"]
    from dataclasses import replace

    def operations(**changes: str) -> list[str]:
        have = replace(role, spec=replace(role.spec, **changes))
        return [call.operation for call in IamRoleKind().update(have, role)]

    assert operations(policy="") == ["PutRolePolicy"]
    assert operations(trust="{}") == ["UpdateAssumeRolePolicy"]
    assert operations(trust="{}", policy="") == ["UpdateAssumeRolePolicy", "PutRolePolicy"]


@pytest.mark.parametrize(
    ("path", "tags", "whose"),
    [
        ("/", [], "the role /credit-analyst is not the mesh's"),
        ("/meshform/bank-2/", [{"Key": "meshform:mesh", "Value": "bank-2"}], "is tagged as the mesh bank-2's"),
        ("/meshform/bank/", [{"Key": "meshform:mesh", "Value": "bank-2"}], "belongs to the mesh bank-2"),
    ],
)
def test_somebody_elses_role_of_that_name_is_told_and_left_alone(
    estate: Estate, path: str, tags: list[dict[str, str]], whose: str
) -> None:
    """Names are unique in an account whatever the path: two meshes in one account meet here."""
    iam = estate.client("iam", ANALYTICS)
    trust = '{"Version":"2012-10-17","Statement":[]}'
    iam.create_role(RoleName="credit-analyst", Path=path, AssumeRolePolicyDocument=trust, Tags=tags)
    plan = estate.plan()
    (held,) = [each for each in plan.held if each.address.kind == "iam-role"]
    assert held.address.name == "credit-analyst"
    assert "the name is taken" in held.reason
    assert whose in held.reason
    run = estate.apply_reviewed()
    assert not run.failed
    found = iam.get_role(RoleName="credit-analyst")["Role"]
    assert (found["Path"], found["AssumeRolePolicyDocument"]["Statement"]) == (path, [])
    assert found.get("Tags", []) == tags
    assert iam.list_role_policies(RoleName="credit-analyst")["PolicyNames"] == []


def test_a_role_under_our_path_that_is_tagged_as_anothers_is_not_deleted(built: Estate) -> None:
    iam = built.client("iam")
    trust = '{"Version":"2012-10-17","Statement":[]}'
    tags = [{"Key": "meshform:mesh", "Value": "other"}]
    iam.create_role(RoleName="left-over", Path="/meshform/bank/", AssumeRolePolicyDocument=trust, Tags=tags)
    plan = built.plan()
    assert plan.is_empty
    assert [other.reason for other in plan.foreign] == [
        "under the mesh's path /meshform/bank/, and belongs to the mesh other"
    ]
    iam.delete_role(RoleName="left-over")


def test_a_tag_of_ours_that_a_hand_changed_is_put_right(built: Estate) -> None:
    iam = built.client("iam")
    iam.tag_role(RoleName="register-consumer-banking.bank", Tags=[{"Key": "managed-by", "Value": "me"}])
    assert actions(built.plan()) == {"update iam-role register-consumer-banking.bank"}
    built.repair()


def test_a_role_under_our_path_without_our_tag_is_shown_and_left(built: Estate) -> None:
    iam = built.client("iam")
    iam.create_role(RoleName="left-over", Path="/meshform/bank/", AssumeRolePolicyDocument='{"Statement": []}')
    plan = built.plan()
    assert plan.is_empty
    assert ["was not made by a mesh" in other.reason for other in plan.foreign] == [True]
    iam.delete_role(RoleName="left-over")


def test_rights_that_a_hand_put_on_our_role_are_drift_and_stay(built: Estate) -> None:
    iam, role = built.client("iam", ANALYTICS), "credit-analyst"
    everything = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
    iam.put_role_policy(RoleName=role, PolicyName="more", PolicyDocument=everything)
    iam.attach_role_policy(RoleName=role, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    plan = built.plan()
    assert plan.is_empty
    assert {other.reason for other in plan.added_rights} == {
        "an inline policy that is not ours: more",
        "an attached policy that is not ours: arn:aws:iam::aws:policy/AdministratorAccess",
    }
    first, *_ = drift_text(Drift(built.review()))
    assert first == "2 rights on what is ours that no document gives. Apply leaves such rights."
    iam.delete_role_policy(RoleName=role, PolicyName="more")
    iam.detach_role_policy(RoleName=role, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    assert not built.plan().added_rights
