"""IAM policies of the calling role are enforced, so that a test can prove what a role cannot do."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import CONSUMER, MANAGEMENT, OWNER, Http, document

READS = {"Effect": "Allow", "Action": ["glue:Get*", "lakeformation:List*", "s3:Get*", "iam:List*"], "Resource": "*"}


def refused(call: Any, **arguments: Any) -> tuple[str, str]:
    """The code and message of a call that must be refused."""
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    error = raised.value.response["Error"]
    return error["Code"], error["Message"]


def allow(*actions: str, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def test_a_role_that_may_read_cannot_write(http: Http) -> None:
    """reference_policies_evaluation-logic: what no policy allows is denied, in AWS's own words."""
    http.role(OWNER, "plan", READS)
    glue = http.client("glue", OWNER, "plan")
    assert glue.get_databases()["DatabaseList"] == []
    code, message = refused(glue.create_database, DatabaseInput={"Name": "sales"})
    assert code == "AccessDeniedException"
    assert message == (
        f"User: arn:aws:sts::{OWNER}:assumed-role/plan/test is not authorized to perform: glue:CreateDatabase "
        f"on resource: arn:aws:glue:eu-west-1:{OWNER}:catalog because no identity-based policy allows the "
        "glue:CreateDatabase action"
    )


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "code"),
    [
        ("lakeformation", "put_data_lake_settings", {"DataLakeSettings": {}}, "AccessDeniedException"),
        ("lakeformation", "create_lf_tag", {"TagKey": "a", "TagValues": ["b"]}, "AccessDeniedException"),
        ("ram", "enable_sharing_with_aws_organization", {}, "AccessDeniedException"),
        ("athena", "create_work_group", {"Name": "w"}, "AccessDeniedException"),
        ("events", "put_rule", {"Name": "r", "EventPattern": "{}"}, "AccessDeniedException"),
        ("s3", "put_object", {"Bucket": "lake", "Key": "k", "Body": b""}, "AccessDenied"),
        ("iam", "create_role", {"RoleName": "r", "AssumeRolePolicyDocument": "{}"}, "AccessDenied"),
        ("sns", "create_topic", {"Name": "t"}, "AuthorizationError"),
        ("sqs", "create_queue", {"QueueName": "q"}, "AccessDeniedException"),
        ("ssm", "put_parameter", {"Name": "p", "Value": "v", "Type": "String"}, "AccessDeniedException"),
    ],
)
def test_every_service_refuses_what_is_not_allowed(
    http: Http, service: str, operation: str, arguments: dict[str, Any], code: str
) -> None:
    http.role(OWNER, "plan", READS)
    told, message = refused(getattr(http.client(service, OWNER, "plan"), operation), **arguments)
    assert told == code
    assert "is not authorized to perform" in message


def test_resources_are_matched_with_wildcards(http: Http) -> None:
    """glue-specifying-resource-arns: catalog, database and table must be allowed."""
    arns = [f"arn:aws:glue:eu-west-1:{OWNER}:{path}" for path in ("catalog", "database/sales*", "table/sales*/*")]
    http.role(OWNER, "seller", allow("glue:*", resource=arns))
    glue = http.client("glue", OWNER, "seller")
    glue.create_database(DatabaseInput={"Name": "sales_2024"})
    glue.create_table(DatabaseName="sales_2024", TableInput={"Name": "t"})
    assert "database/other" in refused(glue.create_database, DatabaseInput={"Name": "other"})[1]


def test_an_explicit_deny_prevails(http: Http) -> None:
    """reference_policies_evaluation-logic: explicit deny."""
    http.role(OWNER, "r", allow("*"), {"Effect": "Deny", "Action": "glue:Delete*", "Resource": "*"})
    glue = http.client("glue", OWNER, "r")
    glue.create_database(DatabaseInput={"Name": "sales"})
    assert "with an explicit deny in an identity-based policy" in refused(glue.delete_database, Name="sales")[1]


def test_not_action_leaves_out(http: Http) -> None:
    """reference_policies_elements_notaction."""
    http.role(OWNER, "r", {"Effect": "Allow", "NotAction": "glue:Create*", "Resource": "*"})
    glue = http.client("glue", OWNER, "r")
    glue.get_databases()
    assert refused(glue.create_database, DatabaseInput={"Name": "x"})[0] == "AccessDeniedException"


@pytest.mark.parametrize(
    ("condition", "allowed"),
    [
        ({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, True),
        ({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, False),
        ({"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}, True),
        ({"StringLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWNER}:role/r*"}}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/other"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"Null": {"aws:PrincipalTag/team": "true"}}, True),
        ({"StringEquals": {"aws:PrincipalTag/team": "risk"}}, False),
        ({"StringEqualsIfExists": {"aws:PrincipalTag/team": "risk"}}, True),
        ({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, True),
        ({"NumericLessThan": {"aws:EpochTime": "10"}}, False),
        ({"ForAnyValue:StringEquals": {"aws:PrincipalAccount": [OWNER, CONSUMER]}}, True),
        ({"BinaryEquals": {"aws:PrincipalAccount": "QUJD"}}, False),
    ],
)
def test_conditions_are_heeded_and_unknown_ones_fail_closed(
    http: Http, condition: dict[str, Any], allowed: bool
) -> None:
    """reference_policies_elements_condition_operators."""
    http.role(OWNER, "r", allow("glue:GetDatabases", Condition=condition))
    glue = http.client("glue", OWNER, "r")
    if allowed:
        glue.get_databases()
    else:
        assert refused(glue.get_databases)[0] == "AccessDeniedException"


def test_an_unknown_condition_of_a_deny_denies(http: Http) -> None:
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"BinaryEquals": {"aws:username": "QUJD"}}}
    http.role(OWNER, "r", allow("*"), deny)
    assert refused(http.client("glue", OWNER, "r").get_databases)[0] == "AccessDeniedException"


def test_policy_variables_are_filled_in(http: Http) -> None:
    """reference_policies_variables."""
    http.role(OWNER, "r", allow("glue:*", resource="arn:aws:glue:*:${aws:PrincipalAccount}:*"))
    http.client("glue", OWNER, "r").get_databases()


def test_managed_policies_hold_too(http: Http) -> None:
    """access_policies_managed-vs-inline: customer managed and AWS managed."""
    http.role(OWNER, "r")
    iam = http.client("iam")
    made = iam.create_policy(PolicyName="p", PolicyDocument=document(allow("glue:GetDatabases")))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="r", PolicyArn=made)
    glue = http.client("glue", OWNER, "r")
    glue.get_databases()
    assert refused(glue.create_database, DatabaseInput={"Name": "x"})[0] == "AccessDeniedException"
    iam.attach_role_policy(RoleName="r", PolicyArn="arn:aws:iam::aws:policy/AWSGlueConsoleFullAccess")
    glue.create_database(DatabaseInput={"Name": "x"})


def test_a_permissions_boundary_and_a_session_policy_only_take_away(http: Http) -> None:
    """access_policies_boundaries, access_policies: session policies."""
    http.role(OWNER, "r", allow("glue:*", "athena:*"))
    iam = http.client("iam")
    boundary = iam.create_policy(PolicyName="b", PolicyDocument=document(allow("glue:*", "s3:*")))["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName="r", PermissionsBoundary=boundary)
    assert refused(http.client("athena", OWNER, "r").list_work_groups)[0] == "AccessDeniedException"
    assert refused(http.client("s3", OWNER, "r").list_buckets)[0] == "AccessDenied"
    narrow = http.session(OWNER, "r", Policy=document(allow("glue:GetDatabases"))).client("glue")
    narrow.get_databases()
    assert refused(narrow.create_database, DatabaseInput={"Name": "x"})[0] == "AccessDeniedException"


def test_an_iam_user_s_key_acts_with_the_user_s_policies(http: Http) -> None:
    """id_users: access keys."""
    iam = http.client("iam")
    iam.create_user(UserName="ann")
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=document(READS))
    keys = iam.create_access_key(UserName="ann")["AccessKey"]
    session = http.session()
    arguments = {"aws_access_key_id": keys["AccessKeyId"], "aws_secret_access_key": keys["SecretAccessKey"]}
    identity = session.client("sts", **arguments, aws_session_token="").get_caller_identity()
    assert identity["Arn"] == f"arn:aws:iam::{OWNER}:user/ann"
    glue = session.client("glue", **arguments, aws_session_token="")
    glue.get_databases()
    assert refused(glue.create_database, DatabaseInput={"Name": "x"})[0] == "AccessDeniedException"


def test_another_account_needs_the_bucket_policy_and_its_own(http: Http) -> None:
    """example-walkthroughs-managing-access-example2: both sides must allow."""
    s3 = http.client("s3")
    s3.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="lake", Key="a/1", Body=b"x")
    reader = http.role(CONSUMER, "reader", allow("s3:GetObject"))
    http.role(CONSUMER, "other", allow("glue:*"))
    client = http.client("s3", CONSUMER, "reader")
    assert refused(client.get_object, Bucket="lake", Key="a/1")[0] == "AccessDenied"
    opens = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{CONSUMER}:root"}, "Action": "s3:GetObject"}
    s3.put_bucket_policy(Bucket="lake", Policy=document({**opens, "Resource": "arn:aws:s3:::lake/a/*"}))
    assert client.get_object(Bucket="lake", Key="a/1")["Body"].read() == b"x"
    assert refused(client.get_object, Bucket="lake", Key="b/1")[0] == "AccessDenied"
    assert refused(http.client("s3", CONSUMER, "other").get_object, Bucket="lake", Key="a/1")[0] == "AccessDenied"
    denies = {"Effect": "Deny", "Principal": {"AWS": reader}, "Action": "s3:*", "Resource": "arn:aws:s3:::lake/*"}
    s3.put_bucket_policy(Bucket="lake", Policy=document({**opens, "Resource": "arn:aws:s3:::lake/a/*"}, denies))
    assert "explicit deny" in refused(client.get_object, Bucket="lake", Key="a/1")[1]


def test_the_organization_s_role_may_do_everything(http: Http) -> None:
    """orgs_manage_accounts_access: OrganizationAccountAccessRole with full rights in every account."""
    names = [r["RoleName"] for r in http.client("iam", "999999999999").list_roles()["Roles"]]
    assert names == ["OrganizationAccountAccessRole"]
    assert http.client("sts", MANAGEMENT).get_caller_identity()["Account"] == MANAGEMENT
