"""SNS subscriptions: e-mail addresses and queues that hear a product's news."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import OURS, UNMARKABLE, Owner, kept, unmarkable
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.kind import Kind
from reconciler.kinds.notifications.notification_names import topic_arn, topic_name
from reconciler.kinds.notifications.subscribers import filter_mark, listeners, without_mark
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.json_text import JsonObject
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh

_PENDING = ("PendingConfirmation", "pending confirmation", "Deleted")


@dataclass(frozen=True, slots=True)
class TopicSubscription:
    """`filter` says which notices (canonical JSON). Until an address has confirmed, AWS tells no filter.

    `account` is whose it is: only who subscribed may change it.
    """

    topic: str
    protocol: str
    endpoint: str
    filter: JsonObject
    confirmed: bool = field(default=True, compare=False)
    account: str = field(default="", compare=False)


class TopicSubscriptionKind(Kind[TopicSubscription]):
    """An e-mail address has to confirm; until then AWS lists the subscription without an ARN and it cannot be changed.

    https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
    """

    name = addresses.TOPIC_SUBSCRIPTION
    summary = "Addresses and queues that hear a product's news."
    takes_only_access = True
    parts = frozenset({"central"})
    written_by = frozenset({"central", "producer", "consumer"})
    reads = ("sns:ListTopics", "sns:ListSubscriptionsByTopic", "sns:GetSubscriptionAttributes")
    writes = ("sns:Subscribe", "sns:SetSubscriptionAttributes", "sns:Unsubscribe")
    changed_by = (
        "sns:Subscribe",
        "sns:ConfirmSubscription",
        "sns:SetSubscriptionAttributes",
        "sns:Unsubscribe",
        "sns:DeleteTopic",
    )

    def mentions(self, resource: Resource[TopicSubscription]) -> tuple[str, ...]:
        return (resource.spec.topic,)

    def desired(self, mesh: Mesh) -> Iterable[Resource[TopicSubscription]]:
        for product in mesh.products.values():
            for each in listeners(mesh, product):
                where = addresses.topic_subscription(
                    placements.of_catalog(mesh), topic_name(mesh, product), each.protocol, each.endpoint
                )
                spec = TopicSubscription(
                    topic_arn(mesh, product), each.protocol, each.endpoint, each.filter, account=each.account
                )
                yield Resource(where, spec, each.origin)

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[TopicSubscription]]:
        wanted = self.wanted(mesh, placement)
        for row in aws.pages(placement, "sns", "ListTopics", items="Topics"):
            arn = row["TopicArn"]
            name = arn.rpartition(":")[2]
            if not name.startswith(f"meshform-{mesh.name}-"):
                continue
            for found in aws.pages(
                placement, "sns", "ListSubscriptionsByTopic", {"TopicArn": arn}, items="Subscriptions"
            ):
                where = addresses.topic_subscription(placement, name, found["Protocol"], found["Endpoint"])
                asked = wanted[where].spec if where in wanted else None
                spec = _found(aws, placement, found, asked.filter if asked else "")
                if not spec.confirmed and asked is not None and asked.account != placement.account:
                    # It was subscribed for its owner, who has not confirmed: he subscribes it himself, and need not.
                    continue
                yield Resource(where, spec, handle=found["SubscriptionArn"])

    def needs(self, resource: Resource[TopicSubscription]) -> Iterable[Address]:
        placement = resource.address.placement
        yield addresses.topic(placement, resource.spec.topic.rpartition(":")[2])

    def owner(self, have: Resource[TopicSubscription], ownership: Ownership) -> Owner:
        """By the mark in its filter, also where its topic is somebody else's and its product is gone."""
        mark = filter_mark(have.spec.filter)
        if have.spec.confirmed and mark == ownership.mesh.name:
            return OURS
        if have.spec.topic not in _own_topics(ownership.mesh):
            return UNMARKABLE
        if not have.spec.confirmed:
            return kept("waits for its address to confirm; AWS forgets it after three days")
        if mark == "":
            return OURS
        return unmarkable("a listener that no document names")

    def merge_unmanaged(
        self, want: Resource[TopicSubscription], have: Resource[TopicSubscription]
    ) -> Resource[TopicSubscription]:
        """One that hears what it should and has no mark stays as it is: others may have made it."""
        if have.spec.filter and have.spec.filter == without_mark(want.spec.filter):
            return replace(want, spec=replace(want.spec, filter=have.spec.filter))
        return want

    def create(self, want: Resource[TopicSubscription]) -> tuple[Call, ...]:
        spec = want.spec
        params = {
            "TopicArn": spec.topic,
            "Protocol": spec.protocol,
            "Endpoint": spec.endpoint,
            "Attributes": {"FilterPolicyScope": "MessageBody", "FilterPolicy": spec.filter},
            "ReturnSubscriptionArn": True,
        }
        return (Call(_by(want), "sns", "Subscribe", params),)

    def update(self, have: Resource[TopicSubscription], want: Resource[TopicSubscription]) -> tuple[Call, ...]:
        attributes = {"FilterPolicyScope": "MessageBody", "FilterPolicy": want.spec.filter}
        return tuple(
            Call(
                _by(have),
                "sns",
                "SetSubscriptionAttributes",
                {"SubscriptionArn": have.handle, "AttributeName": name, "AttributeValue": value},
            )
            for name, value in attributes.items()
        )

    def delete(self, have: Resource[TopicSubscription]) -> tuple[Call, ...]:
        gone = frozenset({"NotFound"})
        return (
            Call(have.address.placement, "sns", "Unsubscribe", {"SubscriptionArn": have.handle}, success_errors=gone),
        )


def _by(resource: Resource[TopicSubscription]) -> Placement:
    """Who subscribes, in the region of the topic."""
    return resource.address.placement._replace(account=resource.spec.account)


@memo
def _own_topics(mesh: Mesh) -> frozenset[str]:
    return frozenset(topic_arn(mesh, product) for product in mesh.products.values())


def _found(aws: Reader, placement: Placement, row: Mapping[str, Any], asked: str) -> TopicSubscription:
    """A listener as AWS has it; one that has not confirmed yet is taken to be as it was asked for."""
    arn, spec = row["SubscriptionArn"], (row["TopicArn"], row["Protocol"], row["Endpoint"])
    owner = row.get("Owner") or placement.account
    if arn in _PENDING:
        return TopicSubscription(*spec, asked, confirmed=False, account=owner)
    request = {"SubscriptionArn": arn}
    answer = aws.read(placement, "sns", "GetSubscriptionAttributes", request, absent=("NotFound", "AuthorizationError"))
    if answer is None and owner != placement.account:
        # No page says whether a topic's owner is shown the filter of somebody else's subscription to it.
        return TopicSubscription(*spec, asked, account=owner)
    text = (answer or {}).get("Attributes", {}).get("FilterPolicy")
    filtered = json.dumps(json.loads(text), sort_keys=True, separators=(",", ":")) if text else ""
    return TopicSubscription(*spec, filtered, account=owner)
