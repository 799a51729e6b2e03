"""Names of principals: as the mesh calls them, else account and role; and to whom an ARN belongs."""

from __future__ import annotations

import pytest

from reconciler.access import PrincipalDirectory, principal_directory
from reconciler.access.state.principal_directory import account_of, is_account, is_iam, is_organization
from reconciler.spec.names import domain_steward_arns, principal_arn, steward_arns, writer_arn
from tests.access.building import ANN, CONSUMER, FOR_A_WHOLE_ORGANIZATION, GROUP, ORGANIZATION, OWNER, WORLD
from tests.estate import ANALYTICS, CENTRAL, Edit, bank, variant

CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
NO_KEY: Edit = ("mesh.yaml", "sensitivityKey: sensitivity", "sensitivityKey: nothing")
PRICES = "domains/asset-management/products/fund-prices.yaml"
SSO = f"arn:aws:iam::{CONSUMER}:role/aws-reserved/sso.amazonaws.com"


@pytest.mark.parametrize(
    ("principal", "label"),
    [
        (ANN, "owner/ann"),
        (OWNER, "owner"),
        (f"arn:aws:iam::{OWNER}:role/a/path/cas", "owner/cas"),
        (f"arn:aws:sts::{CONSUMER}:assumed-role/bob/session", "consumer/session"),
        ("arn:aws:iam::999999999999:user/eve", "999999999999/eve"),
        (GROUP, GROUP),
        (f"{SSO}/eu-west-1/AWSReservedSSO_Readers_0123456789abcdef", "consumer/readers"),
        (f"{SSO}/AWSReservedSSO_Readers_0123456789abcdef", "consumer/readers"),
    ],
)
def test_somebody_is_called_as_the_mesh_calls_him_else_by_account_and_role(principal: str, label: str) -> None:
    names = {ANN: "owner/ann", f"{SSO}/AWSReservedSSO_Readers": "consumer/readers"}
    known = PrincipalDirectory(accounts=WORLD.accounts, principals=names)
    assert known.label(principal) == label


@pytest.mark.parametrize(
    ("principal", "account", "iam", "whole"),
    [
        (ANN, OWNER, True, False),
        (f"arn:aws-cn:iam::{OWNER}:user/eve", OWNER, True, False),
        (f"arn:aws:sts::{OWNER}:assumed-role/x/y", OWNER, False, False),
        (f"arn:aws:quicksight:eu-west-1:{OWNER}:group/default/x", OWNER, False, False),
        (f"arn:aws:iam::{OWNER}:saml-provider/x", OWNER, False, False),
        (f"{OWNER}:IAMPrincipals", OWNER, False, False),
        (OWNER, OWNER, False, True),
        ("12345678901", None, False, False),
        ("12345678901x", None, False, False),
        (GROUP, None, False, False),
        (ORGANIZATION, None, False, False),
    ],
)
def test_whose_a_principal_is_is_told_by_its_name(principal: str, account: str | None, iam: bool, whole: bool) -> None:
    assert (account_of(principal), is_iam(principal), is_account(principal)) == (account, iam, whole)
    assert is_organization(principal) == (principal == ORGANIZATION)


def test_accounts_share_without_acceptance_within_one_organization_alone() -> None:
    known = PrincipalDirectory(organizations={OWNER: "o-1", CONSUMER: "o-1", CENTRAL: "o-1", ANALYTICS: "o-2"})
    assert known.same_organization(OWNER, CONSUMER)
    assert not known.same_organization(OWNER, ANALYTICS)
    assert not known.same_organization("9" * 12, "8" * 12), "nobody knows theirs"
    assert not known.same_organization(OWNER, "9" * 12)


def test_everybody_whom_documents_name_is_called_by_them() -> None:
    members = f"members: ['{ANN}']"
    more = {
        **FOR_A_WHOLE_ORGANIZATION,
        "consumers/groups/consumer.yaml": "apiVersion: meshform/v1\nkind: Consumer\nname: groups\ndescription: x\n"
        f"owner: x\naccount: analytics\nprincipals: [{{name: all, group: 0123456789-aaaaaaaa-bbbb-cccc-dddd-"
        f"eeeeeeeeeeee, {members}}}]\n",
    }
    mesh = variant((CREDIT, "kind: Product", "writers: [{name: dbt, role: dbt}]\nkind: Product"), more=more)
    found, coe, groups = principal_directory(mesh), mesh.consumers["analytics-coe"], mesh.consumers["groups"]
    banking, product = mesh.domains["consumer-banking"], mesh.products["credit-profile"]
    expected = {ORGANIZATION: "whole"}
    expected |= {principal_arn(mesh, coe, each): f"analytics-coe/{each.name}" for each in coe.principals}
    expected |= {principal_arn(mesh, groups, each): f"groups/{each.name}" for each in groups.principals}
    expected |= {writer_arn(mesh, product, each): "consumer-banking/dbt" for each in product.writers}
    for arn in domain_steward_arns(mesh, banking):
        expected[arn] = f"consumer-banking/{arn.rpartition('/')[2]}"
    for account in mesh.accounts.values():
        expected |= {arn: f"{account.name}/{arn.rpartition('/')[2]}" for arn in steward_arns(mesh, account)}
    assert expected.items() <= found.principals.items()
    assert found.groups == {ANN: (principal_arn(mesh, groups, groups.principals[0]),)}
    assert found.accounts == {each.id: each.name for each in mesh.accounts.values()}


def test_the_order_of_labels_is_that_of_the_mesh_in_small_letters() -> None:
    found = principal_directory(bank())
    assert (found.sensitivity_key, found.sensitivity_order) == (
        "sensitivity",
        ("public", "internal", "confidential", "restricted"),
    )
    other = principal_directory(variant(NO_KEY, (PRICES, "approval: {mode: owner, automaticUpTo: internal}\n", "")))
    assert (other.sensitivity_key, other.sensitivity_order) == ("nothing", ())
    assert found.organizations == {}
    account = ("accounts/central.yaml", "kind: Account\n", "kind: Account\norganization: o-abcdefghij\n")
    assert principal_directory(variant(account)).organizations == {CENTRAL: "o-abcdefghij"}
