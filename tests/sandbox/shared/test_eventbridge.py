"""An event arrives with its whole envelope, the account too, at queues as at topics, from AWS as from anybody."""

from __future__ import annotations

import json

from tests.sandbox.conftest import OWNER, Http

ENVELOPE = {"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"}


def test_a_queue_receives_the_account_of_an_event(http: Http) -> None:
    """eb-events-structure"""
    events, sqs = http.client("events"), http.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    events.put_rule(Name="r", EventPattern=json.dumps({"account": [OWNER]}))
    events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": f"arn:aws:sqs:eu-west-1:{OWNER}:q"}])
    http.client("glue").create_database(DatabaseInput={"Name": "d"})
    events.put_events(Entries=[{"Source": "mine", "DetailType": "told", "Detail": "{}"}])
    told = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    every = [json.loads(message["Body"]) for message in told]
    found = [each for each in every if each["detail-type"] != "AWS API Call via CloudTrail"]
    assert [each["source"] for each in found] == ["aws.glue", "mine"]
    assert {each["account"] for each in found} == {OWNER}
    assert all(each.keys() == ENVELOPE for each in found)
