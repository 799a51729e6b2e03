"""What bootstrap prints agrees with the Service Authorization Reference and with AWS's own managed policies.

The reference ships with parliament, the managed policies with moto: neither is of our making.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import parliament
import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from reconciler.bootstrap.actions import duties
from reconciler.bootstrap.statements import statements
from reconciler.kinds import registry
from reconciler.kinds.roles.permissions_boundary import boundary
from reconciler.spec.documents.account import Account
from reconciler.spec.mesh import Mesh
from tests.bootstrap.deployed import ROLES, listed
from tests.estate import mesh_of
from tests.kinds.full import full

MESH: Mesh = mesh_of(full(ROLES))
ACCOUNTS = tuple(MESH.accounts.values())
# Told by the reference as having resources, and allowed on all: an invitation bears an id of its sender's account,
# shares and their permissions are told by name in a condition, accounts of the organization are all read.
ON_ALL = {
    "organizations:DescribeAccount",
    "ram:AcceptResourceShareInvitation",
    "ram:AssociateResourceShare",
    "ram:AssociateResourceSharePermission",
    "ram:DeleteResourceShare",
    "ram:DisassociateResourceShare",
    "ram:UpdateResourceShare",
}
# Buckets came to it after this copy of the reference:
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html
NEWER = {"s3:TagResource": ["arn:${Partition}:s3:::${BucketName}"]}
READS = ("Get", "List", "Describe", "BatchGet", "Search")


@cache
def reference() -> Mapping[str, Mapping[str, Any]]:
    """Each action with its resource types (name of the type: pattern of its ARNs) and what it depends on."""
    found = {}
    path = Path(parliament.__file__).parent / "iam_definition.json"
    for service in json.loads(path.read_text(encoding="utf-8")):
        arns = {each["resource"]: each["arn"] for each in service["resources"]}
        for privilege in service["privileges"]:
            sorts = [each["resource_type"].rstrip("*") for each in privilege["resource_types"]]
            needed = {action for each in privilege["resource_types"] for action in each["dependent_actions"]}
            name = f"{service['prefix']}:{privilege['privilege']}"
            known = [arns[sort] for sort in sorts if sort in arns]
            found[name] = {"arns": [*known, *NEWER.get(name, ())], "needs": needed, "level": privilege["access_level"]}
    return found


def printed(account: Account, duty: str = "apply") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each action of a role with its statement."""
    for statement in statements(MESH, account, duty, registry()):  # type: ignore[arg-type]
        for action in listed(statement["Action"]):
            yield action, statement


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.name)
def test_the_apply_role_may_do_whatever_awss_policy_for_grantors_across_accounts_allows(account: Account) -> None:
    policy = json.loads(aws_managed_policies_data)["AWSLakeFormationCrossAccountManager"]["Document"]
    wanted = {action for statement in policy["Statement"] for action in listed(statement["Action"])}
    assert len(wanted) > 10
    every = {action for action in reference() if any(fnmatchcase(action, pattern) for pattern in wanted)}
    assert every - {action for action, _ in printed(account)} == set()


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.name)
def test_every_action_exists(account: Account) -> None:
    for duty in duties(MESH, account):
        assert {action for action, _ in printed(account, duty)} <= reference().keys()


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.name)
def test_an_action_names_resources_just_where_the_reference_has_some(account: Account) -> None:
    for duty in duties(MESH, account):
        for action, statement in printed(account, duty):
            arns = reference()[action]["arns"]
            if listed(statement["Resource"]) == ["*"]:
                is_read = action.partition(":")[2].startswith(READS)
                assert not arns or is_read or action in ON_ALL, action
            else:
                assert arns or action.startswith("s3:"), f"{action} takes no resource, so this allows nothing"
                for resource in listed(statement["Resource"]):
                    assert any(_is_of(resource, arn) for arn in arns), (action, resource)


def _is_of(resource: str, arn: str) -> bool:
    """Whether an ARN (with wildcards) is of a type: `arn:${Partition}:glue:${Region}:${Account}:crawler/${Name}`."""
    pattern = "".join(part.partition("}")[2] if part else "" for part in arn.split("$")[1:])
    service, literal = pattern.split(":")[1], arn.rpartition(":")[2].partition("$")[0]
    return resource.split(":")[2] == service and resource.split(":", 5)[5].startswith(literal)


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.name)
def test_the_plan_role_does_nothing_that_the_reference_calls_a_write(account: Account) -> None:
    """Each pull request acts as it. To go on to the same role elsewhere, and to hold a signature to its text, are
    called writes and change nothing."""
    levels = {action: reference()[action]["level"] for action, _ in printed(account, "plan")}
    assert len(levels) > 20
    writes = {action for action, level in levels.items() if level not in ("List", "Read")}
    assert writes <= {"kms:Verify", "sts:AssumeRole"}


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.name)
def test_what_an_action_depends_on_is_allowed_too(account: Account) -> None:
    have = {action for action, _ in printed(account)}
    for action in have & reference().keys():
        assert reference()[action]["needs"] <= have, action


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.name)
def test_parliament_finds_nothing_in_the_printed_policies(account: Account) -> None:
    """Sids, ARNs, condition keys and operators, each against the reference."""
    documents = [dict(boundary(MESH, account))]
    documents += [
        {"Version": "2012-10-17", "Statement": statements(MESH, account, duty, registry())}
        for duty in duties(MESH, account)
    ]
    quiet = {
        "RESOURCE_STAR",  # reading is in bulk; see above for what writes
        "RESOURCE_MISMATCH",  # TagResource is of many types; see above
        "MISMATCHED_TYPE_BUT_USABLE",  # the boundary's ARN is told as AWS's guide tells it
        "RESOURCE_POLICY_PRIVILEGE_ESCALATION",  # bucket policies are what apply is there to write
    }
    for document in documents:
        told = parliament.analyze_policy_string(json.dumps(document)).findings
        # AWS's own policy for grantors has this condition, which the reference does not know.
        found = [str(each) for each in told if each.issue not in quiet and "ram:PermissionArn" not in each.detail]
        assert found == []
