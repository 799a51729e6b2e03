"""SNS topics in the central account: one a product, with its news."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.common.deleted_principals import closed_by_deleted
from reconciler.kinds.common.marks import MARK, aws_tags
from reconciler.kinds.common.owner import Owner, owner_by_mark
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.common.policy_coverage import coverage
from reconciler.kinds.common.policy_document import OWN_FRAME, Frame, canonical, frame, literal, merged, only, parted
from reconciler.kinds.kind import Kind
from reconciler.kinds.notifications.notification_names import topic_arn, topic_name
from reconciler.kinds.notifications.subscribers import listeners
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Change, Update
from reconciler.model.json_text import StatementText
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource, Snapshot
from reconciler.spec import placements
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition

SID = "Meshform"


@dataclass(frozen=True, slots=True)
class Topic:
    """`key` is the KMS key, empty for none; `statements` are ours of its policy by Sid; `others` as AWS has them."""

    key: str
    statements: tuple[tuple[str, StatementText], ...]
    others: tuple[StatementText, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    around: Frame = field(default=OWN_FRAME, compare=False)


class TopicKind(Kind[Topic]):
    """EventBridge publishes into it. It takes no conditions in a topic's policy, and no key that AWS manages.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
    """

    name = addresses.TOPIC
    summary = "SNS topics with the news of products, encrypted, in the central account."
    parts = frozenset({"central"})
    indexed_as = "sns"
    reads = ("sns:ListTopics", "sns:GetTopicAttributes", "sns:ListTagsForResource")
    writes = ("sns:CreateTopic", "sns:SetTopicAttributes", "sns:TagResource", "sns:DeleteTopic")
    changed_by = (
        "sns:CreateTopic",
        "sns:SetTopicAttributes",
        "sns:AddPermission",
        "sns:RemovePermission",
        "sns:DeleteTopic",
    )

    def desired(self, mesh: Mesh) -> Iterable[Resource[Topic]]:
        tags = tuple(sorted(aws_tags(mesh).items()))
        for product in mesh.products.values():
            if listeners(mesh, product):
                own = (_for_events(topic_arn(mesh, product)), *_for_queues(mesh, product))
                statements = tuple((each["Sid"], canonical(each)) for each in own)
                spec = Topic(mesh.settings.notification_key or "", statements, tags=tags)
                origin = product.at("notifications")
                yield Resource(
                    addresses.topic(placements.of_catalog(mesh), topic_name(mesh, product)),
                    spec,
                    origin,
                    handle=topic_arn(mesh, product),
                    mode=product.mode_of(self.name),
                )

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Topic]]:
        for row in aws.pages(placement, "sns", "ListTopics", items="Topics"):
            arn = row["TopicArn"]
            name = arn.rpartition(":")[2]
            if not name.startswith(f"meshform-{mesh.name}-"):
                continue
            answer = aws.read(placement, "sns", "GetTopicAttributes", {"TopicArn": arn}, absent=("NotFound",))
            tagged = aws.read(
                placement, "sns", "ListTagsForResource", {"ResourceArn": arn}, absent=("ResourceNotFound",)
            )
            if answer is not None and tagged is not None:
                tags = tuple(sorted((tag["Key"], tag["Value"]) for tag in tagged.get("Tags", ())))
                yield Resource(addresses.topic(placement, name), _found(answer["Attributes"], tags), handle=arn)

    def owner(self, have: Resource[Topic], ownership: Ownership) -> Owner:
        return owner_by_mark(dict(have.spec.tags).get(MARK), ownership.mesh)

    def merge_unmanaged(self, want: Resource[Topic], have: Resource[Topic]) -> Resource[Topic]:
        """Other people's statements and tags stay; a topic that is encrypted stays so where the mesh names no key."""
        tags = tuple(sorted({**dict(have.spec.tags), **dict(want.spec.tags)}.items()))
        there, key = have.spec, want.spec.key or have.spec.key
        return replace(want, spec=replace(want.spec, key=key, others=there.others, tags=tags, around=there.around))

    def shortfalls(self, want: Resource[Topic], have: Resource[Topic]) -> Iterable[str]:
        there = (*have.spec.others, *(text for _, text in have.spec.statements))
        yield from coverage((text for _, text in want.spec.statements), there).shortfalls("the policy of the topic")

    def lacks(self, change: Change, changes: Mapping[Address, Change], found: Snapshot) -> str | None:
        if not isinstance(change, Update) or change.want.spec.statements == change.have.spec.statements:
            return None
        return closed_by_deleted(change)

    def create(self, want: Resource[Topic]) -> tuple[Call, ...]:
        attributes = {"Policy": _policy(want.spec)}
        if want.spec.key:
            attributes["KmsMasterKeyId"] = want.spec.key
        return (
            Call(
                want.address.placement,
                "sns",
                "CreateTopic",
                {"Name": want.address.name, "Attributes": attributes, "Tags": _tag_rows(want.spec.tags)},
            ),
        )

    def update(self, have: Resource[Topic], want: Resource[Topic]) -> tuple[Call, ...]:
        calls = []
        if want.spec.key != have.spec.key:
            calls.append(_set(have, "KmsMasterKeyId", want.spec.key))
        if want.spec.statements != have.spec.statements:
            calls.append(_set(have, "Policy", _policy(want.spec)))
        if want.spec.tags != have.spec.tags:
            # Only what differs: tags of AWS's own may not be sent.
            params = {"ResourceArn": have.handle, "Tags": _tag_rows(sorted({*want.spec.tags} - {*have.spec.tags}))}
            calls.append(Call(want.address.placement, "sns", "TagResource", params))
        return tuple(calls)

    def delete(self, have: Resource[Topic]) -> tuple[Call, ...]:
        return (Call(have.address.placement, "sns", "DeleteTopic", {"TopicArn": have.handle}),)


def _set(of: Resource[Topic], attribute: str, value: str) -> Call:
    params = {"TopicArn": of.handle, "AttributeName": attribute, "AttributeValue": value}
    return Call(of.address.placement, "sns", "SetTopicAttributes", params)


def _policy(spec: Topic) -> str:
    return merged(spec.around, spec.others, spec.statements)


def _for_events(arn: str) -> dict[str, Any]:
    return {
        "Sid": f"{SID}Events",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": literal(arn),
    }


def _for_queues(mesh: Mesh, product: Product) -> Iterable[dict[str, Any]]:
    """Accounts of the mesh subscribe their own queues, and nothing else.

    https://docs.aws.amazon.com/sns/latest/dg/sns-send-message-to-sqs-cross-account.html
    """
    others = [each for each in listeners(mesh, product) if each.account != mesh.central.id]
    if others:
        accounts = sorted({each.account for each in others})
        yield {
            "Sid": f"{SID}Queues",
            "Effect": "Allow",
            "Principal": {"AWS": only(f"arn:{partition(mesh.region)}:iam::{account}:root" for account in accounts)},
            "Action": "sns:Subscribe",
            "Resource": literal(topic_arn(mesh, product)),
            "Condition": {"StringEquals": {"sns:Endpoint": only(sorted(literal(each.endpoint) for each in others))}},
        }


def _tag_rows(tags: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags]


def _found(attributes: dict[str, str], tags: tuple[tuple[str, str], ...]) -> Topic:
    policy = json.loads(attributes.get("Policy") or "{}")
    ours, others = parted(policy, SID)
    return Topic(attributes.get("KmsMasterKeyId", ""), ours, others, tags, frame(policy) or OWN_FRAME)
