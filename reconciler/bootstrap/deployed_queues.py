"""Deployed queues: their settings and policy in CloudFormation's words, read as the role of plan."""

from __future__ import annotations

import json
from typing import Any

from reconciler.model.address import Placement
from reconciler.model.reader import Reader

_ABSENT = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")


def queue(reader: Reader, place: Placement, name: str) -> dict[str, Any] | None:
    """The settings of a queue; None where there is none of that name.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
    """
    found = reader.read(place, "sqs", "GetQueueUrl", {"QueueName": name}, absent=_ABSENT)
    if found is None:
        return None
    request = {"QueueUrl": found["QueueUrl"], "AttributeNames": ["All"]}
    answer = reader.read(place, "sqs", "GetQueueAttributes", request, absent=_ABSENT)
    if answer is None:
        return None
    said = answer["Attributes"]
    redrive = json.loads(said["RedrivePolicy"]) if said.get("RedrivePolicy") else None
    if redrive:
        redrive["maxReceiveCount"] = int(redrive["maxReceiveCount"])
    return {
        "QueueArn": said["QueueArn"],
        "SqsManagedSseEnabled": said.get("SqsManagedSseEnabled") == "true",
        "MessageRetentionPeriod": int(said["MessageRetentionPeriod"]),
        "VisibilityTimeout": int(said["VisibilityTimeout"]),
        "RedrivePolicy": redrive,
        "Policy": json.loads(said["Policy"]) if said.get("Policy") else None,
    }
