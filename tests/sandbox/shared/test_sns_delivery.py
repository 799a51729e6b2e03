"""A queue of another account hears nothing before its owner confirms; a topic under a key needs the key's leave."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.conftest import CONSUMER, OWNER, Http
from tests.sandbox.lakes import Lake, refused

REGION = "eu-west-1"
LETS = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Resource": "*"}
LETS["Action"] = ["kms:Decrypt", "kms:GenerateDataKey*"]
OWN = {"StringEquals": {"aws:SourceAccount": OWNER}}


def heard(http: Http, account: str) -> list[dict[str, Any]]:
    """What is in the queue `q` of an account."""
    sqs = http.client("sqs", account)
    url = sqs.get_queue_url(QueueName="q")["QueueUrl"]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in found:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in found]


def subscribed(http: Http, account: str) -> str:
    """The ARN of a topic of OWNER to which it subscribed the queue of an account."""
    sns = http.client("sns")
    topic: str = sns.create_topic(Name="t")["TopicArn"]
    http.client("sqs", account).create_queue(QueueName="q")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:{account}:q")
    return topic


def test_a_queue_of_the_same_account_hears_at_once(http: Http) -> None:
    topic = subscribed(http, OWNER)
    http.client("sns").publish(TopicArn=topic, Message="hello")
    assert [each["Message"] for each in heard(http, OWNER)] == ["hello"]


def test_who_subscribes_his_own_queue_need_not_confirm_and_needs_the_topics_leave(http: Http) -> None:
    """sns-send-message-to-sqs-cross-account: the queue owner creates the subscription"""
    sns, theirs = http.client("sns"), http.client("sns", CONSUMER)
    topic: str = sns.create_topic(Name="t")["TopicArn"]
    http.client("sqs", CONSUMER).create_queue(QueueName="q")
    asked = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": f"arn:aws:sqs:{REGION}:{CONSUMER}:q"}
    assert refused(theirs.subscribe, **asked)[0] == "AuthorizationError"
    lets = {"Effect": "Allow", "Principal": {"AWS": CONSUMER}, "Action": "sns:Subscribe", "Resource": topic}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [lets]})
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    arn = theirs.subscribe(**asked, ReturnSubscriptionArn=True)["SubscriptionArn"]
    (listed,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert (listed["SubscriptionArn"], listed["Owner"]) == (arn, CONSUMER)
    sns.publish(TopicArn=topic, Message="hello")
    assert [each["Message"] for each in heard(http, CONSUMER)] == ["hello"]
    stranger = http.client("sns", "333333333333")
    assert refused(stranger.get_subscription_attributes, SubscriptionArn=arn)[0] == "AuthorizationError"
    assert theirs.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["Owner"] == CONSUMER
    theirs.unsubscribe(SubscriptionArn=arn)
    assert sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] == []


def test_a_queue_of_another_account_hears_once_its_owner_confirmed(http: Http) -> None:
    """sns-send-message-to-sqs-cross-account"""
    sns = http.client("sns")
    topic = subscribed(http, CONSUMER)
    (listed,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert listed["SubscriptionArn"] == "PendingConfirmation"
    sns.publish(TopicArn=topic, Message="lost")
    (asked,) = heard(http, CONSUMER)
    assert (asked["Type"], asked["TopicArn"]) == ("SubscriptionConfirmation", topic)
    theirs = http.client("sns", CONSUMER)
    assert refused(theirs.confirm_subscription, TopicArn=topic, Token="f" * 64)[0] == "InvalidParameter"
    arn = theirs.confirm_subscription(TopicArn=topic, Token=asked["Token"])["SubscriptionArn"]
    (listed,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert listed["SubscriptionArn"] == arn
    sns.publish(TopicArn=topic, Message="hello")
    assert [each["Message"] for each in heard(http, CONSUMER)] == ["hello"]


def test_a_pending_subscription_keeps_its_own_attributes(http: Http) -> None:
    sns = http.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    for name in ("one", "two"):
        endpoint, only = f"arn:aws:sqs:{REGION}:{CONSUMER}:{name}", json.dumps({"kind": [name]})
        arn = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=endpoint, Attributes={"FilterPolicy": only})
        found = sns.get_subscription_attributes(SubscriptionArn=arn["SubscriptionArn"])["Attributes"]
        assert json.loads(found["FilterPolicy"]) == {"kind": [name]}
        assert found["PendingConfirmation"].lower() == "true"


@pytest.mark.parametrize(
    ("statement", "arrives"),
    [(LETS, True), (LETS | {"Condition": OWN}, False), (LETS | {"Action": "kms:Decrypt"}, False), (None, False)],
    ids=["let", "with-source-account", "half", "not-let"],
)
def test_eventbridge_publishes_under_a_key_that_lets_it(
    http: Http, statement: dict[str, Any] | None, arrives: bool
) -> None:
    """sns-key-management: EventBridge sends no aws:SourceAccount to an encrypted topic"""
    lake, topic = Lake(http), subscribed(http, OWNER)
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OWNER}:root"}, "Action": "kms:*", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [root, *([statement] if statement else [])]}
    key = http.client("kms").create_key(Policy=json.dumps(policy))["KeyMetadata"]["KeyId"]
    http.client("kms").create_alias(AliasName="alias/news", TargetKeyId=key)
    events, sns = http.client("events"), http.client("sns")
    events.put_rule(Name="r", EventPattern=json.dumps({"source": ["aws.glue"]}))
    events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": topic}])
    for name in (key, "alias/news", "alias/aws/sns", ""):
        sns.set_topic_attributes(TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue=name)
        lake.database(f"d{len(name)}")
        assert bool(heard(http, OWNER)) == (name == "" or (arrives and "aws/" not in name)), name
