"""Who asked for it is told: from the catalog's events to a subscriber's queue and to the bus of its account."""

from __future__ import annotations

import json
from typing import Any

from reconciler.bootstrap.template import template
from reconciler.kinds import registry
from reconciler.spec.mesh import Mesh
from tests.bootstrap.deployed import PEOPLE
from tests.estate import ANALYTICS, CENTRAL, Estate, mesh_of
from tests.kinds.full import CONSUMER, full

BUS = "meshform-bank"


def told(estate: Estate, queue: str, account: str = ANALYTICS) -> list[dict[str, Any]]:
    """The events in a queue, unwrapped from SNS, and taken out of it."""
    sqs = estate.client("sqs", account)
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    events = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for message in messages:
            body = json.loads(message["Body"])
            events.append(json.loads(body["Message"]) if "Message" in body else body)
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return events


def make_key(estate: Estate, mesh: Mesh) -> None:
    """The key of the central account's topics, as bootstrap prints it."""
    printed = template(mesh, mesh.central, PEOPLE, registry())["Resources"]
    kms = estate.client("kms", CENTRAL)
    key = kms.create_key(Policy=json.dumps(printed["NoticeKey"]["Properties"]["KeyPolicy"]))["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=printed["NoticeKeyAlias"]["Properties"]["AliasName"], TargetKeyId=key)


def subscribe(estate: Estate, mesh: Mesh) -> None:
    """Apply a mesh: the account of the queue subscribes it, so nobody has to confirm."""
    make_key(estate, mesh)
    estate.client("sqs", ANALYTICS).create_queue(QueueName="news")
    estate.repair(mesh)
    told(estate, "news")


def touch(estate: Estate) -> None:
    """A change of the credit table by hand."""
    glue = estate.client("glue")
    table = glue.get_table(DatabaseName="credit-card", Name="credit_card")["Table"]
    kept = ("Name", "Description", "Parameters", "PartitionKeys", "TableType", "StorageDescriptor")
    glue.update_table(DatabaseName="credit-card", TableInput={name: table[name] for name in kept if name in table})


def test_a_subscriber_hears_of_a_changed_schema_and_of_a_crawl(estate: Estate) -> None:
    subscribe(estate, mesh_of(full()))
    touch(estate)
    assert [event["detail"]["typeOfChange"] for event in told(estate, "news")] == ["UpdateTable"]
    estate.client("glue").start_crawler(Name="meshform-bank-credit-profile.credit_card")
    assert [event["detail"]["state"] for event in told(estate, "news")] == ["Succeeded"]


def test_a_queue_that_was_subscribed_for_its_owner_is_subscribed_by_him(estate: Estate) -> None:
    """As it was made before: SNS waits for the owner to confirm, and forgets it after three days."""
    mesh = mesh_of(full())
    subscribe(estate, mesh)
    sns = estate.client("sns")
    rows = [row for row in sns.list_subscriptions()["Subscriptions"] if row["Protocol"] == "sqs"]
    assert rows
    assert {row["Owner"] for row in rows} == {ANALYTICS}
    for row in rows:
        sns.unsubscribe(SubscriptionArn=row["SubscriptionArn"])
        sns.subscribe(TopicArn=row["TopicArn"], Protocol="sqs", Endpoint=row["Endpoint"])
    while told(estate, "news"):
        pass
    touch(estate)
    assert told(estate, "news") == []
    estate.fresh_sessions()
    estate.repair(mesh)
    touch(estate)
    assert [event["detail"]["typeOfChange"] for event in told(estate, "news")] == ["UpdateTable"]


def test_a_queue_of_a_stranger_waits_for_him_to_confirm(estate: Estate) -> None:
    """Nobody of the mesh can subscribe it for him."""
    mesh = mesh_of(full((CONSUMER, f"sqs:eu-west-1:{ANALYTICS}:news", "sqs:eu-west-1:999999999999:news")))
    make_key(estate, mesh)
    sqs = estate.client("sqs", "999999999999")
    url = sqs.create_queue(QueueName="news")["QueueUrl"]
    estate.repair(mesh)
    asked = json.loads(sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"])
    assert asked["Type"] == "SubscriptionConfirmation"
    estate.client("sns", "999999999999").confirm_subscription(TopicArn=asked["TopicArn"], Token=asked["Token"])
    assert estate.plan(mesh).is_empty


def test_who_wants_to_hear_of_data_only_does_not_hear_of_schemas(estate: Estate) -> None:
    subscribe(estate, mesh_of(full((CONSUMER, "notify: {emails:", "notify: {schemaChanges: false, emails:"))))
    touch(estate)
    assert told(estate, "news") == []
    estate.client("glue").start_crawler(Name="meshform-bank-credit-profile.credit_card")
    assert len(told(estate, "news")) == 1


def test_the_bus_of_a_reading_account_hears_and_only_the_central_account_may_speak_on_it(estate: Estate) -> None:
    estate.repair(mesh_of(full()))
    events, sqs = estate.client("events", ANALYTICS), estate.client("sqs", ANALYTICS)
    sqs.create_queue(QueueName="own")
    events.put_rule(Name="own", EventBusName=BUS, EventPattern='{"source":["aws.glue"]}')
    target = {"Id": "own", "Arn": f"arn:aws:sqs:eu-west-1:{ANALYTICS}:own"}
    events.put_targets(Rule="own", EventBusName=BUS, Targets=[target])
    touch(estate)
    assert [event["detail"]["tableName"] for event in told(estate, "own", ANALYTICS)] == ["credit_card"]
    policy = json.loads(events.describe_event_bus(Name=BUS)["Policy"])
    assert [statement["Principal"] for statement in policy["Statement"]] == [{"AWS": "arn:aws:iam::111111111111:root"}]
