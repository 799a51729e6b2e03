"""LookupEvents tells who did what when, of our own services and of moto's, by every attribute."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reconciler.sandbox import Sandbox, sandbox
from tests.sandbox.conftest import CONSUMER, OWNER
from tests.sandbox.lakes import EVERYTHING, Inside, Lake, refused, table

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def aws() -> Any:
    """A clock that moves a second a call; a steward tags and grants, and is refused once."""
    with sandbox(start=START) as opened:
        lake = Lake(Inside(opened)).sales()
        lake.tag("class", "public")
        lake.grant(lake.role("steward"), table(), "ALTER", "SELECT", option=["ALTER", "SELECT"])
        steward = opened.session(OWNER, "steward", RoleSessionName="anna").client("lakeformation")
        asked = {
            "Principal": {"DataLakePrincipalIdentifier": f"arn:aws:iam::{OWNER}:role/steward"},
            "Resource": table(),
        }
        steward.revoke_permissions(**asked, Permissions=["ALTER"])
        refused(steward.create_lf_tag, TagKey="k", TagValues=["v"])
        lake.client("s3").create_bucket(Bucket="by-hand", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield opened


def found(aws: Sandbox, account: str = OWNER, **given: Any) -> list[dict[str, Any]]:
    """All pages of a look-up."""
    trail = aws.session(account).client("cloudtrail")
    return [event for page in trail.get_paginator("lookup_events").paginate(**given) for event in page["Events"]]


def by(key: str, value: str) -> dict[str, Any]:
    return {"LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]}


def test_an_event_tells_who_what_and_when(aws: Sandbox) -> None:
    (event,) = found(aws, **by("EventName", "RevokePermissions"))
    told = json.loads(event["CloudTrailEvent"])
    assert (event["Username"], event["EventSource"], event["ReadOnly"]) == (
        "anna",
        "lakeformation.amazonaws.com",
        "false",
    )
    assert event["EventTime"] > START
    assert told["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"] == f"arn:aws:iam::{OWNER}:role/steward"
    assert told["requestParameters"]["resource"] == {"table": {"databaseName": "sales", "name": "orders"}}
    assert told["requestParameters"]["permissions"] == ["ALTER"]
    assert "errorCode" not in told


@pytest.mark.parametrize(
    ("key", "value", "names"),
    [
        ("Username", "anna", {"RevokePermissions", "CreateLFTag"}),
        ("ResourceName", "orders", {"CreateTable", "GrantPermissions", "RevokePermissions"}),
        ("ResourceName", "by-hand", {"CreateBucket"}),
    ],
)
def test_events_are_found_by_an_attribute(aws: Sandbox, key: str, value: str, names: set[str]) -> None:
    assert {event["EventName"] for event in found(aws, **by(key, value))} == names


def test_what_was_refused_is_told_with_its_code(aws: Sandbox) -> None:
    told = [json.loads(event["CloudTrailEvent"]) for event in found(aws, **by("EventName", "CreateLFTag"))]
    assert [event.get("errorCode") for event in told] == ["AccessDeniedException", None]


def test_the_newest_come_first_in_pages_and_within_a_time(aws: Sandbox) -> None:
    every = found(aws, **by("ReadOnly", "false"))
    times = [event["EventTime"] for event in every]
    assert times == sorted(times, reverse=True)
    paged = found(aws, **by("ReadOnly", "false"), PaginationConfig={"PageSize": 2})
    assert [event["EventId"] for event in paged] == [event["EventId"] for event in every]
    early = found(aws, **by("ReadOnly", "false"), EndTime=times[-1])
    assert [event["EventTime"] for event in early] == times[-1:]
    trail = aws.session(OWNER).client("cloudtrail")
    code, _ = refused(trail.lookup_events, StartTime=START + timedelta(days=1), EndTime=START)
    assert code == "InvalidTimeRangeException"


def test_another_account_sees_none_of_it(aws: Sandbox) -> None:
    assert found(aws, CONSUMER, **by("ReadOnly", "false")) == []


def test_events_of_iam_are_told_in_the_region_of_global_services(aws: Sandbox) -> None:
    """cloudtrail-concepts: global service events"""
    trail = aws.session(OWNER, region="us-east-1").client("cloudtrail")
    told = trail.lookup_events(**by("EventSource", "iam.amazonaws.com"))["Events"]
    assert [event["EventName"] for event in told] == ["PutRolePolicy", "CreateRole"]
    assert found(aws, **by("EventSource", "iam.amazonaws.com")) == []


def test_it_takes_a_right_to_look(aws: Sandbox) -> None:
    way_in = Inside(aws)
    way_in.role(CONSUMER, "some", {**EVERYTHING, "Action": "glue:*"})
    trail = way_in.client("cloudtrail", CONSUMER, "some")
    assert refused(trail.lookup_events)[0] == "AccessDeniedException"
