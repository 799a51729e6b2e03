"""Whoever has the apply role has the mesh, and not the account: no known way leads from it to more."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reconciler import pipeline
from reconciler.aws.reader import AwsReader
from reconciler.kinds import registry, roles
from reconciler.kinds.common.marks import MARK, PERMISSIONS_DUE
from reconciler.kinds.iam.iam_role import IamRoleKind, Role
from reconciler.kinds.roles.permissions_boundary import boundary, boundary_arn
from reconciler.model.address import Address
from reconciler.model.resource import Resource
from reconciler.sandbox import Sandbox
from reconciler.sandbox.services.iam.policy import Says, identity_says
from reconciler.spec.mesh import Mesh
from tests.bootstrap.deployed import ROLES, listed
from tests.estate import BANKING, CENTRAL, REGION, mesh_of, placement, variant
from tests.kinds.full import SETTINGS, full

EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "*", "Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
PATH = "/meshform/bank/"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
OWN, OTHERS, APPLY = "mine", "payroll", "meshform-apply"


@pytest.fixture(scope="module")
def client(aws: Sandbox, mesh: Mesh) -> Callable[[str], Any]:
    """Clients of the apply role in an account with one bounded role of the mesh, and somebody else's."""
    iam = aws.session(BANKING).client("iam")
    iam.create_role(RoleName=OTHERS, AssumeRolePolicyDocument=TRUST)
    session = aws.session(BANKING, APPLY)
    own = session.client("iam")
    bound = boundary_arn(mesh, BANKING)
    own.create_role(RoleName=OWN, Path=PATH, AssumeRolePolicyDocument=TRUST, PermissionsBoundary=bound)
    own.put_role_policy(RoleName=OWN, PolicyName="meshform", PolicyDocument=EVERYTHING)
    iam.create_role(RoleName="old", Path=PATH, AssumeRolePolicyDocument=TRUST)
    place = {"LocationConstraint": REGION}
    aws.session(BANKING).client("s3", region_name=REGION).create_bucket(
        Bucket="payroll-files", CreateBucketConfiguration=place
    )
    iam.create_policy(PolicyName="somebodys", PolicyDocument=EVERYTHING)
    return lambda service: session.client(service, region_name=REGION)


def arn(name: str, path: str = "/") -> str:
    return f"arn:aws:iam::{BANKING}:role{path}{name}"


POLICY = f"arn:aws:iam::{BANKING}:policy/somebodys"
BOUNDARY = f"arn:aws:iam::{BANKING}:policy/meshform-bank-boundary"
JOB = {"Name": "glueetl", "ScriptLocation": "s3://evil/x.py"}
WAYS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "CreateRole without a boundary": (
        "iam",
        "create_role",
        {"RoleName": "new", "Path": PATH, "AssumeRolePolicyDocument": TRUST},
    ),
    "CreateRole under another boundary": (
        "iam",
        "create_role",
        {"RoleName": "new", "Path": PATH, "AssumeRolePolicyDocument": TRUST, "PermissionsBoundary": ADMIN},
    ),
    "CreateRole outside of the path": (
        "iam",
        "create_role",
        {"RoleName": "new", "AssumeRolePolicyDocument": TRUST, "PermissionsBoundary": BOUNDARY},
    ),
    "PutRolePolicy on a role without a boundary": (
        "iam",
        "put_role_policy",
        {"RoleName": "old", "PolicyName": "meshform", "PolicyDocument": EVERYTHING},
    ),
    "PutRolePolicy on somebody's role": (
        "iam",
        "put_role_policy",
        {"RoleName": OTHERS, "PolicyName": "meshform", "PolicyDocument": EVERYTHING},
    ),
    "PutRolePolicy on itself": (
        "iam",
        "put_role_policy",
        {"RoleName": APPLY, "PolicyName": "meshform", "PolicyDocument": EVERYTHING},
    ),
    "PutRolePermissionsBoundary of another": (
        "iam",
        "put_role_permissions_boundary",
        {"RoleName": OWN, "PermissionsBoundary": ADMIN},
    ),
    "DeleteRolePermissionsBoundary": ("iam", "delete_role_permissions_boundary", {"RoleName": OWN}),
    "AttachRolePolicy": ("iam", "attach_role_policy", {"RoleName": OWN, "PolicyArn": ADMIN}),
    "UpdateAssumeRolePolicy of somebody's role": (
        "iam",
        "update_assume_role_policy",
        {"RoleName": OTHERS, "PolicyDocument": TRUST},
    ),
    "UpdateAssumeRolePolicy of itself": (
        "iam",
        "update_assume_role_policy",
        {"RoleName": APPLY, "PolicyDocument": TRUST},
    ),
    "CreatePolicyVersion": (
        "iam",
        "create_policy_version",
        {"PolicyArn": POLICY, "PolicyDocument": EVERYTHING, "SetAsDefault": True},
    ),
    "CreatePolicyVersion of the boundary": (
        "iam",
        "create_policy_version",
        {"PolicyArn": BOUNDARY, "PolicyDocument": EVERYTHING, "SetAsDefault": True},
    ),
    "SetDefaultPolicyVersion": ("iam", "set_default_policy_version", {"PolicyArn": POLICY, "VersionId": "v1"}),
    "UntagRole of the mark of the mesh": ("iam", "untag_role", {"RoleName": OWN, "TagKeys": [MARK]}),
    "UntagRole of the mark beside the tag that may go": (
        "iam",
        "untag_role",
        {"RoleName": OWN, "TagKeys": [PERMISSIONS_DUE, MARK]},
    ),
    "UntagRole of somebody's role": ("iam", "untag_role", {"RoleName": OTHERS, "TagKeys": [PERMISSIONS_DUE]}),
    "CreateUser": ("iam", "create_user", {"UserName": "me"}),
    "CreateAccessKey": ("iam", "create_access_key", {"UserName": "root"}),
    "CreateLoginProfile": ("iam", "create_login_profile", {"UserName": "root", "Password": "not a secret"}),
    "PassRole of somebody's role to a Glue job": (
        "glue",
        "create_job",
        {"Name": "meshform-bank-x", "Role": arn(OTHERS), "Command": JOB},
    ),
    "PassRole of somebody's role to a crawler": (
        "glue",
        "create_crawler",
        {"Name": "meshform-bank-x", "Role": arn(OTHERS), "Targets": {"S3Targets": [{"Path": "s3://x/"}]}},
    ),
    "a Glue job of another name": ("glue", "create_job", {"Name": "somebodys", "Role": arn(OWN, PATH), "Command": JOB}),
    "UpdateJob of somebody's": (
        "glue",
        "update_job",
        {"JobName": "somebodys", "JobUpdate": {"Role": arn(OWN, PATH), "Command": JOB}},
    ),
    "UpdateCrawler of somebody's": ("glue", "update_crawler", {"Name": "somebodys"}),
    "StartJobRun of somebody's": ("glue", "start_job_run", {"JobName": "somebodys"}),
    "DataBrew job of somebody's": ("databrew", "start_job_run", {"Name": "somebodys"}),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_way_to_more_rights_is_denied(client: Callable[[str], Any], way: str) -> None:
    service, operation, params = WAYS[way]
    with pytest.raises(ClientError) as refused:
        getattr(client(service), operation)(**params)
    assert refused.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException"), refused.value


def test_the_one_tag_that_goes_may_be_taken_off_the_mesh_s_own_roles(client: Callable[[str], Any]) -> None:
    assert client("iam").untag_role(RoleName=OWN, TagKeys=[PERMISSIONS_DUE])


WITHIN: dict[str, tuple[str, str, dict[str, Any]]] = {
    "list users": ("iam", "list_users", {}),
    "make a role": ("iam", "create_role", {"RoleName": "new", "AssumeRolePolicyDocument": TRUST}),
    "grow itself": ("iam", "put_role_policy", {"RoleName": OWN, "PolicyName": "more", "PolicyDocument": EVERYTHING}),
    "become the apply role": ("sts", "assume_role", {"RoleArn": arn(APPLY), "RoleSessionName": "attack"}),
    "read other buckets": ("s3", "list_objects_v2", {"Bucket": "payroll-files"}),
    "administer the lake": ("lakeformation", "put_data_lake_settings", {"DataLakeSettings": {}}),
    "drop a database": ("glue", "delete_database", {"Name": "x"}),
}


@pytest.mark.parametrize("deed", WITHIN)
def test_a_role_of_the_mesh_that_may_do_everything_by_its_policy_is_held_by_the_boundary(
    aws: Sandbox, client: Callable[[str], Any], deed: str
) -> None:
    service, operation, params = WITHIN[deed]
    sts = aws.session(BANKING).client("sts")
    given = sts.assume_role(RoleArn=arn(OWN, PATH), RoleSessionName="attack")["Credentials"]
    session = aws.session(BANKING)
    own = session.client(
        service,
        region_name=REGION,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
    with pytest.raises(ClientError) as refused:
        getattr(own, operation)(**params)
    assert refused.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException"), refused.value


def test_the_boundary_leaves_every_role_of_the_mesh_what_its_policy_gives(mesh: Mesh) -> None:
    """Else a role would be made that cannot do its work."""
    seen = 0
    for role in roles.of(mesh):
        account = mesh.account_by_id(role.placement.account)
        assert account is not None
        bound = json.dumps(dict(boundary(mesh, account)))
        for statement in role.policy["Statement"]:
            for action in listed(statement["Action"]):
                for resource in listed(statement["Resource"]):
                    context = {
                        "iam:PassedToService": "sagemaker.amazonaws.com",
                        "cloudwatch:namespace": "Glue Data Quality",
                        "kms:ViaService": f"s3.{REGION}.amazonaws.com",
                    }
                    seen += 1
                    asked = resource.replace("*", "x") if resource != "*" else resource
                    says = identity_says([bound], action, asked, context)
                    assert says is Says.ALLOW, (role.name, action, resource)
    assert seen > 100


def test_the_boundary_holds_no_right_over_iam_but_to_run_jobs_as_own_roles(mesh: Mesh) -> None:
    for account in mesh.accounts.values():
        for statement in boundary(mesh, account)["Statement"]:
            for action in listed(statement["Action"]):
                assert not action.startswith(("sts:", "organizations:", "*")), action
                assert "*" not in action
                if action.startswith("iam:"):
                    assert action == "iam:PassRole"
                    assert statement["Resource"] == [f"arn:aws:iam::{account.id}:role{PATH}*"]


def test_roles_made_without_a_boundary_get_it_before_anything_else() -> None:
    where = Address("iam-role", placement(CENTRAL), "register-x")
    have = Resource(where, Role(PATH, "{}", "{}"))
    want = Resource(where, Role(PATH, "{}", '{"a":"b"}', boundary=BOUNDARY))
    calls = IamRoleKind().update(have, want)
    assert [call.operation for call in calls] == ["PutRolePermissionsBoundary", "PutRolePolicy"]


def test_a_boundary_that_somebody_else_put_on_a_role_stays_where_the_mesh_asks_for_none() -> None:
    where = Address("iam-role", placement(CENTRAL), "register-x")
    have = Resource(where, Role(PATH, "{}", "{}", boundary=BOUNDARY))
    want = Resource(where, Role(PATH, "{}", "{}"))
    assert IamRoleKind().merge_unmanaged(want, have).spec == have.spec


def test_a_boundary_of_mesh_yaml_is_taken_also_where_bootstrap_made_no_roles() -> None:
    mesh = variant((SETTINGS, "roles:\n", "roles:\n  boundary: everybodys-limit\n"))
    role = next(iter(IamRoleKind().desired(mesh)))
    assert role.spec.boundary == f"arn:aws:iam::{role.address.placement.account}:policy/everybodys-limit"
    assert next(iter(IamRoleKind().desired(variant()))).spec.boundary == ""


@pytest.mark.usefixtures("client")
def test_the_listing_of_roles_tells_the_boundary() -> None:
    """So a hand that takes one away is drift."""
    mesh = mesh_of(full(ROLES))
    sessions = pipeline.sessions_for(mesh, writes=True)
    kind = registry()["iam-role"]
    (seen,) = [each for each in kind.observe(AwsReader(sessions), placement(BANKING), mesh) if each.address.name == OWN]
    assert seen.spec.boundary == BOUNDARY
