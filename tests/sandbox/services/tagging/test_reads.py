"""The index of tagged resources shows what carries a tag, and nothing else; in CBOR as in JSON."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox import Sandbox
from reconciler.sandbox.http.dispatch import serve
from reconciler.sandbox.http.messages import WireRequest
from reconciler.sandbox.http.protocol.cbor import encoded
from tests.sandbox.conftest import OWNER, Http, document

MARK = {"mesh": "bank"}


def make(aws: Sandbox, tags: dict[str, str], name: str = "ours") -> None:
    """One of every type that can be tagged."""
    rows: Any = [{"Key": key, "Value": value} for key, value in tags.items()]
    session = aws.session(OWNER)
    iam = session.client("iam")
    trust = document({"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"})
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, Tags=rows)
    glue, s3, events = session.client("glue"), session.client("s3"), session.client("events")
    glue.create_database(DatabaseInput={"Name": name})
    glue.create_crawler(
        Name=name, Role=name, DatabaseName=name, Targets={"S3Targets": [{"Path": f"s3://{name}/"}]}, Tags=tags
    )
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": rows})
    session.client("sns").create_topic(Name=name, Tags=rows)
    events.create_event_bus(Name=name, Tags=rows)
    events.put_rule(Name=name, EventPattern='{"source":["aws.glue"]}', Tags=rows)
    session.client("athena").create_work_group(Name=name, Tags=rows)


def shown(client: Any, **request: Any) -> list[str]:
    """The names that the index shows, without region and account."""
    rows: list[str] = []
    while True:
        answer = client.get_resources(**request)
        rows += [
            row["ResourceARN"].split(":", 5)[2] + ":" + row["ResourceARN"].split(":", 5)[5]
            for row in answer["ResourceTagMappingList"]
        ]
        if not answer["PaginationToken"]:
            return rows
        request["PaginationToken"] = answer["PaginationToken"]


@pytest.fixture
def marked(aws: Sandbox) -> Sandbox:
    make(aws, MARK)
    make(aws, {"mesh": "other"}, "theirs")
    return aws


EVERYTHING = [
    "athena:workgroup/ours",
    "events:event-bus/ours",
    "events:rule/ours",
    "glue:crawler/ours",
    "s3:ours",
    "sns:ours",
]


def test_the_index_shows_every_sort_with_the_tag_but_roles(marked: Sandbox) -> None:
    client = marked.session(OWNER).client("resourcegroupstaggingapi")
    assert sorted(shown(client, TagFilters=[{"Key": "mesh", "Values": ["bank"]}])) == EVERYTHING


def test_pages_miss_nothing(marked: Sandbox) -> None:
    client = marked.session(OWNER).client("resourcegroupstaggingapi")
    found = shown(client, TagFilters=[{"Key": "mesh"}], ResourcesPerPage=1)
    assert len(found) == len(set(found)) == 2 * len(EVERYTHING)


def test_types_narrow_the_index(marked: Sandbox) -> None:
    client = marked.session(OWNER).client("resourcegroupstaggingapi")
    found = shown(client, TagFilters=[{"Key": "mesh", "Values": ["bank"]}], ResourceTypeFilters=["s3", "events:rule"])
    assert sorted(found) == ["events:rule/ours", "s3:ours"]


def test_another_account_sees_its_own_only(marked: Sandbox) -> None:
    assert shown(marked.session("222222222222").client("resourcegroupstaggingapi")) == []


def test_a_role_needs_the_action_for_the_index(http: Http) -> None:
    http.role(OWNER, "blind", {"Effect": "Allow", "Action": "glue:*", "Resource": "*"})
    with pytest.raises(ClientError, match="tag:GetResources"):
        http.client("resourcegroupstaggingapi", OWNER, "blind").get_resources()
    http.role(OWNER, "seeing", {"Effect": "Allow", "Action": "tag:GetResources", "Resource": "*"})
    assert http.client("resourcegroupstaggingapi", OWNER, "seeing").get_resources()["ResourceTagMappingList"] == []


def test_json_asks_as_cbor_does(http: Http) -> None:
    keys: Any = http.session(OWNER).get_credentials()
    request = urllib.request.Request(
        http.endpoint,
        data=b"{}",
        headers={
            "authorization": f"AWS4-HMAC-SHA256 Credential={keys.access_key}/20260101/eu-west-1/tagging/aws4_request",
            "x-amz-target": "ResourceGroupsTaggingAPI_20170126.GetResources",
            "x-amz-security-token": keys.token,
        },
    )
    with urllib.request.urlopen(request, timeout=600) as answer:
        assert json.loads(answer.read()) == {"ResourceTagMappingList": [], "PaginationToken": ""}


@pytest.mark.parametrize("body", [b"\xff", b"\x5f", b"\xa1", b"not cbor", b"\x82\x01"])
def test_bytes_that_are_no_cbor_are_the_callers_error(aws: Sandbox, body: bytes) -> None:
    headers = {
        "authorization": "AWS4-HMAC-SHA256 Credential=static/20260101/eu-west-1/tagging/aws4_request",
        "smithy-protocol": "rpc-v2-cbor",
    }
    path = "/service/ResourceGroupsTaggingAPI_20170126/operation/GetResources"
    response = serve(aws.world, WireRequest("POST", "sandbox", path, "", headers, body))
    assert response.status == 400


def test_what_json_can_say_survives_cbor() -> None:
    from botocore.parsers import RpcV2CBORParser

    value: dict[str, Any] = {
        "a": [1, -1, 23, 24, 255, 256, 65_536, 2**32, -(2**40)],
        "ü" * 30: "€",
        "b": True,
        "c": False,
        "d": 1.5,
        "e": {},
    }
    parser: Any = RpcV2CBORParser()
    assert parser.parse_data_item(parser.get_peekable_stream_from_bytes(encoded(value))) == value
