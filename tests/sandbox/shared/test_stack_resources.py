"""CloudFormation: what moto passes over is made with all that the template gives it, and is gone with the stack."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox import sandbox
from tests.estate import CENTRAL, REGION

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::one/*"}
TRUST = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}
BY_BUS = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{CENTRAL}:root"}, "Action": "events:PutEvents"}
BY_QUEUE = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
BY_BUCKET = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::one/*"}


def policy(statement: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [statement]}


def resource(sort: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{sort}", "Properties": properties}


RESOURCES = {
    "Role": resource(
        "IAM::Role",
        RoleName="carrier",
        AssumeRolePolicyDocument=policy(TRUST),
        ManagedPolicyArns=[{"Ref": "Policy"}, "arn:aws:iam::aws:policy/ReadOnlyAccess"],
        Policies=[{"PolicyName": "own", "PolicyDocument": policy(ALLOW)}],
    ),
    "Policy": resource("IAM::ManagedPolicy", PolicyDocument=policy(ALLOW)),
    "Bucket": resource("S3::Bucket", BucketName="one", VersioningConfiguration={"Status": "Enabled"}),
    "BucketPolicy": resource("S3::BucketPolicy", Bucket={"Ref": "Bucket"}, PolicyDocument=policy(BY_BUCKET)),
    "Bus": resource("Events::EventBus", Name="watch"),
    "BusPolicy": resource(
        "Events::EventBusPolicy",
        EventBusName={"Ref": "Bus"},
        StatementId="Mesh",
        Statement={**BY_BUS, "Resource": {"Fn::GetAtt": ["Bus", "Arn"]}},
    ),
    "Queue": resource("SQS::Queue", QueueName="news", SqsManagedSseEnabled=True),
    "QueuePolicy": resource("SQS::QueuePolicy", Queues=[{"Ref": "Queue"}], PolicyDocument=policy(BY_QUEUE)),
    "Key": resource("KMS::Key", KeyPolicy=policy(ALLOW), KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY"),
    "Alias": resource("KMS::Alias", AliasName="alias/signs", TargetKeyId={"Ref": "Key"}),
    "Provider": resource("IAM::OIDCProvider", Url="https://forge.example.com", ClientIdList=["sts.amazonaws.com"]),
}


def test_each_is_made_with_all_that_it_is_given_and_goes_with_the_stack() -> None:
    with sandbox() as aws:
        session = aws.session(CENTRAL)
        iam, s3, sqs, kms = (session.client(each, region_name=REGION) for each in ("iam", "s3", "sqs", "kms"))
        events, stacks = (
            session.client("events", region_name=REGION),
            session.client("cloudformation", region_name=REGION),
        )
        body = json.dumps({"Resources": RESOURCES})
        stacks.create_stack(StackName="all", TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"])
        attached = iam.list_attached_role_policies(RoleName="carrier")["AttachedPolicies"]
        assert len(attached) == 2
        assert iam.get_role_policy(RoleName="carrier", PolicyName="own")["PolicyDocument"] == policy(ALLOW)
        assert s3.get_bucket_versioning(Bucket="one")["Status"] == "Enabled"
        assert json.loads(s3.get_bucket_policy(Bucket="one")["Policy"]) == policy(BY_BUCKET)
        assert json.loads(events.describe_event_bus(Name="watch")["Policy"])["Statement"][0]["Sid"] == "Mesh"
        url = sqs.get_queue_url(QueueName="news")["QueueUrl"]
        told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        assert json.loads(told["Policy"]) == policy(BY_QUEUE)
        assert told["SqsManagedSseEnabled"] == "true"
        key = kms.describe_key(KeyId="alias/signs")["KeyMetadata"]
        assert (key["KeySpec"], key["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
        assert json.loads(kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]) == policy(ALLOW)
        (provider,) = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=provider["Arn"])
        assert (found["Url"], found["ClientIDList"]) == ("forge.example.com", ["sts.amazonaws.com"])
        stacks.delete_stack(StackName="all")
        assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == []
        assert [each["RoleName"] for each in iam.list_roles()["Roles"] if each["RoleName"] == "carrier"] == []
        assert s3.list_buckets()["Buckets"] == []
        assert [each["Name"] for each in events.list_event_buses()["EventBuses"]] == ["default"]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (resource("Budgets::Budget"), "AWS::Budgets::Budget"),
        (resource("Glue::Database"), "AWS::Glue::Database"),
        (resource("S3::Bucket", WebsiteConfiguration={}), "WebsiteConfiguration"),
        (resource("Events::EventBusPolicy", StatementId="x", Action="events:PutEvents"), "EventBusPolicy"),
    ],
)
def test_what_would_be_passed_over_says_so(made: dict[str, Any], said: str) -> None:
    with sandbox() as aws:
        stacks = aws.session(CENTRAL).client("cloudformation", region_name=REGION)
        with pytest.raises(ClientError, match=said) as error:
            stacks.create_stack(StackName="x", TemplateBody=json.dumps({"Resources": {"Made": made}}))
        assert error.value.response["Error"]["Code"] == "NotImplemented"
