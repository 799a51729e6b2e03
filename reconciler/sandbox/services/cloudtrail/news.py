"""Calls as events of the account's default bus: "AWS API Call via CloudTrail".

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
"""

from __future__ import annotations

from reconciler.sandbox.core.trail import Event
from reconciler.sandbox.core.world import World
from reconciler.sandbox.services.cloudtrail.record import reads, record
from reconciler.sandbox.shared.eventbridge import emit

#: What is no management event: a trail records it only where it is told to, and here none is.
_DATA = {
    "dynamodb": frozenset({"BatchWriteItem", "DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem"}),
    "events": frozenset({"PutEvents"}),
    "s3": frozenset(
        {
            "AbortMultipartUpload",
            "CompleteMultipartUpload",
            "CopyObject",
            "CreateMultipartUpload",
            "DeleteObject",
            "DeleteObjectTagging",
            "DeleteObjects",
            "PutObject",
            "PutObjectTagging",
            "UploadPart",
            "UploadPartCopy",
        }
    ),
    "sns": frozenset({"Publish", "PublishBatch"}),
    "sqs": frozenset(
        {
            "ChangeMessageVisibility",
            "ChangeMessageVisibilityBatch",
            "DeleteMessage",
            "DeleteMessageBatch",
            "ReceiveMessage",
            "SendMessage",
            "SendMessageBatch",
        }
    ),
}


def tell(world: World, event: Event) -> None:
    """Put a call on the default bus of the caller's account; reads and data events are not told."""
    is_told = event.caller.account and event.operation and not reads(event)
    if is_told and event.operation not in _DATA.get(event.service, ()):
        emit(world, event.caller.account, f"aws.{event.service}", "AWS API Call via CloudTrail", record(event), [])
