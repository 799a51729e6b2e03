"""A role that was deleted and is made again gets its permissions again, whatever AWS keeps of the first one."""

from __future__ import annotations

from tests.estate import ANALYTICS, Estate, addresses, wave_of

NAME = "credit-analyst"


def test_the_permissions_of_a_role_that_is_made_again_are_given_after_it(built: Estate) -> None:
    listed = [have for have in built.look().found.of_kind("grant") if have.spec.principal.endswith(f"/{NAME}")]
    assert listed
    iam = built.client("iam", ANALYTICS)
    for policy in iam.list_role_policies(RoleName=NAME)["PolicyNames"]:
        iam.delete_role_policy(RoleName=NAME, PolicyName=policy)
    iam.delete_role(RoleName=NAME)
    built.fresh_sessions()
    plan = built.plan()
    waves = wave_of(plan)
    (role,) = [each for each in addresses(plan) if each.kind == "iam-role"]
    assert {have.address for have in listed} <= {each for each in addresses(plan) if waves[each] > waves[role]}
    assert {each.kind for each in addresses(plan)} == {"iam-role", "grant"}
    built.repair()


def test_no_grant_that_the_mesh_does_not_ask_for_is_given_again(built: Estate) -> None:
    """It goes, as it would without the role."""
    built.client("lakeformation", ANALYTICS).grant_permissions(
        Principal={"DataLakePrincipalIdentifier": f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/{NAME}"},
        Resource={"Database": {"CatalogId": ANALYTICS, "Name": "rl_credit-card"}},
        Permissions=["DROP"],
    )
    iam = built.client("iam", ANALYTICS)
    for policy in iam.list_role_policies(RoleName=NAME)["PolicyNames"]:
        iam.delete_role_policy(RoleName=NAME, PolicyName=policy)
    iam.delete_role(RoleName=NAME)
    built.fresh_sessions()
    steps = [step for step in built.plan().steps if "DROP on" in step.address.name]
    assert [step.change.action for step in steps] == ["delete"]
    built.repair()
