"""Glue's state changes reach EventBridge's rules and their targets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.conftest import OWNER, Http
from tests.sandbox.services.glue.test_crawlers import ANYTHING, GLUE, PEOPLE, crawl
from tests.sandbox.services.glue.test_databases import table


@pytest.fixture
def queue(http: Http) -> str:
    return str(http.client("sqs").create_queue(QueueName="q")["QueueUrl"])


def rule(http: Http, target: str, pattern: dict[str, Any], **more: Any) -> None:
    events = http.client("events")
    events.put_rule(Name="r", EventPattern=json.dumps(pattern), **more)
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": target}])


def received(http: Http, queue: str) -> list[dict[str, Any]]:
    messages = http.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"]) for message in messages]


def test_a_new_table_is_told_as_a_database_state_change(http: Http, queue: str) -> None:
    """eventbridge ref, events-ref-glue: Glue Data Catalog Database State Change."""
    pattern = {"source": ["aws.glue"], "detail": {"typeOfChange": ["CreateTable"]}}
    rule(http, f"arn:aws:sqs:eu-west-1:{OWNER}:q", pattern)
    glue = http.client("glue")
    glue.create_database(DatabaseInput={"Name": "sales"})
    glue.create_table(DatabaseName="sales", TableInput=table("orders"))
    (event,) = received(http, queue)
    assert event["detail-type"] == "Glue Data Catalog Database State Change"
    assert event["detail"] == {"databaseName": "sales", "typeOfChange": "CreateTable", "changedTables": ["orders"]}
    assert event["resources"] == [f"arn:aws:glue:eu-west-1:{OWNER}:table/sales/orders"]


def test_a_changed_table_is_told_as_a_table_state_change(http: Http, queue: str) -> None:
    """eventbridge ref, events-ref-glue: Glue Data Catalog Table State Change."""
    pattern = {"detail-type": ["Glue Data Catalog Table State Change"]}
    rule(http, f"arn:aws:sqs:eu-west-1:{OWNER}:q", pattern)
    glue = http.client("glue")
    glue.create_database(DatabaseInput={"Name": "sales"})
    glue.create_table(DatabaseName="sales", TableInput=table("orders", PartitionKeys=[{"Name": "y", "Type": "int"}]))
    given = table("orders", Description="d", PartitionKeys=[{"Name": "y", "Type": "int"}])
    glue.update_table(DatabaseName="sales", TableInput=given)
    glue.create_partition(DatabaseName="sales", TableName="orders", PartitionInput={"Values": ["2024"]})
    told = [(e["detail"]["typeOfChange"], e["detail"]["changedPartitions"]) for e in received(http, queue)]
    assert told == [("UpdateTable", []), ("CreatePartition", ["[2024]"])]


def test_a_rule_reaches_an_sns_topic(http: Http, queue: str) -> None:
    """eb-targets: Amazon SNS topic. moto alone raises NotImplementedError here."""
    sns = http.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:eu-west-1:{OWNER}:q")
    rule(http, topic, {"source": ["aws.glue"], "detail-type": ["Glue Data Catalog Database State Change"]})
    http.client("glue").create_database(DatabaseInput={"Name": "sales"})
    (message,) = received(http, queue)
    assert json.loads(message["Message"])["detail"]["typeOfChange"] == "CreateDatabase"


def test_a_disabled_rule_stays_silent(http: Http, queue: str) -> None:
    """eb-rules: disabled rules match nothing."""
    rule(http, f"arn:aws:sqs:eu-west-1:{OWNER}:q", {"source": ["aws.glue"]}, State="DISABLED")
    http.client("glue").create_database(DatabaseInput={"Name": "sales"})
    assert received(http, queue) == []


def test_a_crawl_tells_its_start_and_its_end(http: Http, queue: str) -> None:
    """eventbridge ref, events-ref-glue: Glue Crawler State Change."""
    rule(http, f"arn:aws:sqs:eu-west-1:{OWNER}:q", {"detail-type": ["Glue Crawler State Change"]})
    s3 = http.client("s3")
    s3.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="lake", Key="raw/people/1.csv", Body=PEOPLE)
    http.role(OWNER, "crawler", ANYTHING, trust=GLUE)
    glue = http.client("glue")
    glue.create_database(DatabaseInput={"Name": "raw"})
    crawl(glue)
    first, last = received(http, queue)
    assert first["detail"]["state"] == "Started"
    assert (last["detail"]["state"], last["detail"]["tablesCreated"]) == ("Succeeded", "1")
