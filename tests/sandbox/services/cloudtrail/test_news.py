"""Calls are events of the default bus, with who called, when, what for, and what was refused."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from tests.sandbox.conftest import CONSUMER, OWNER, Http
from tests.sandbox.lakes import EVERYTHING, Lake, database, refused, table

CALLS = {"detail-type": ["AWS API Call via CloudTrail"]}


@pytest.fixture
def heard(http: Http) -> Any:
    """What a queue hears of a pattern; each listening is a rule of its own."""
    sqs, events = http.client("sqs"), http.client("events")
    url = sqs.create_queue(QueueName="calls")["QueueUrl"]

    def listen(**detail: list[Any]) -> Any:
        pattern = {**CALLS, **({"detail": detail} if detail else {})}
        events.put_rule(Name="calls", EventPattern=json.dumps(pattern))
        events.put_targets(Rule="calls", Targets=[{"Id": "1", "Arn": f"arn:aws:sqs:eu-west-1:{OWNER}:calls"}])

        def told() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = []
            while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
                found += [json.loads(message["Body"]) for message in messages]
                for message in messages:
                    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            return found

        return told

    return listen


def test_a_grant_is_told_with_identity_time_and_parameters(http: Http, heard: Any) -> None:
    lake = Lake(http).sales()
    steward = lake.role("steward")
    lake.settings(DataLakeAdmins=[{"DataLakePrincipalIdentifier": steward}], Parameters={"CROSS_ACCOUNT_VERSION": "4"})
    analyst = lake.role("analyst")
    told = heard(eventName=["GrantPermissions"])
    http.client("lakeformation", OWNER, "steward").grant_permissions(
        Principal={"DataLakePrincipalIdentifier": analyst}, Resource=table(), Permissions=["SELECT"]
    )
    (event,) = told()
    detail = event["detail"]
    assert (event["source"], event["account"], event["resources"]) == ("aws.lakeformation", OWNER, [])
    assert (detail["eventSource"], detail["recipientAccountId"]) == ("lakeformation.amazonaws.com", OWNER)
    assert detail["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"] == steward
    assert detail["requestParameters"]["principal"] == {"dataLakePrincipalIdentifier": analyst}
    assert detail["requestParameters"]["permissions"] == ["SELECT"]
    datetime.strptime(detail["eventTime"], "%Y-%m-%dT%H:%M:%SZ")
    assert "errorCode" not in detail


def test_it_is_the_record_that_a_lookup_tells(http: Http, heard: Any) -> None:
    told = heard(eventName=["CreateDatabase"])
    http.client("glue").create_database(DatabaseInput={"Name": "x"})
    asked = [{"AttributeKey": "EventName", "AttributeValue": "CreateDatabase"}]
    (found,) = http.client("cloudtrail").lookup_events(LookupAttributes=asked)["Events"]
    assert [event["detail"] for event in told()] == [json.loads(found["CloudTrailEvent"])]


def test_what_was_refused_is_told_with_its_code(http: Http, heard: Any) -> None:
    lake = Lake(http).sales()
    http.role(OWNER, "nobody", EVERYTHING)
    told = heard(errorCode=["AccessDeniedException"])
    client = http.client("lakeformation", OWNER, "nobody")
    who = {"DataLakePrincipalIdentifier": lake.admin}
    refused(client.grant_permissions, Principal=who, Resource=database(), Permissions=["DROP"])
    assert [event["detail"]["eventName"] for event in told()] == ["GrantPermissions"]


def test_reads_data_and_other_accounts_are_not_told(http: Http, heard: Any) -> None:
    s3 = http.client("s3")
    told = heard()
    told()
    s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="files", Key="k", Body=b"")
    s3.list_buckets()
    http.client("glue").get_databases()
    http.client("glue", CONSUMER).create_database(DatabaseInput={"Name": "x"})
    assert [event["detail"]["eventName"] for event in told()] == ["CreateBucket"]


def test_services_of_moto_are_told_too(http: Http, heard: Any) -> None:
    told = heard(eventSource=["iam.amazonaws.com"])
    http.role(OWNER, "analyst", EVERYTHING)
    assert [event["detail"]["eventName"] for event in told()] == ["CreateRole", "PutRolePolicy"]
