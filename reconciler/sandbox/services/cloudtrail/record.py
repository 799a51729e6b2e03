"""The record of a call: who asked for what, when, with which parameters, and what was refused.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

from __future__ import annotations

from datetime import UTC
from typing import Any

from reconciler.sandbox.core.changes import READS
from reconciler.sandbox.core.trail import Event


def record(event: Event) -> dict[str, Any]:
    """The event as trails keep it (cloudtrail-event-reference-record-contents)."""
    return {
        "eventVersion": "1.11",
        "userIdentity": _identity(event),
        "eventTime": event.time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": source(event),
        "eventName": event.operation,
        "awsRegion": event.region,
        "sourceIPAddress": "127.0.0.1",
        "requestParameters": _lowered(event.params) or None,
        "responseElements": None,
        "eventID": event.id,
        "readOnly": reads(event),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": event.caller.account,
        "eventCategory": "Management",
        **({"errorCode": event.error} if event.error else {}),
        **({"additionalEventData": dict(event.more)} if event.more else {}),
    }


def _identity(event: Event) -> dict[str, Any]:
    caller = event.caller
    if event.more:
        # https://docs.aws.amazon.com/lake-formation/latest/dg/logging-using-cloudtrail.html: who it was stands there.
        return {"type": "AWSAccount", "principalId": caller.user_id, "accountId": caller.account}
    identity: dict[str, Any] = {"principalId": caller.user_id, "arn": caller.arn, "accountId": caller.account}
    if not caller.session:
        kind = "Root" if caller.arn.endswith(":root") else "IAMUser"
        return {"type": kind, **identity} | ({"userName": user(event)} if kind == "IAMUser" else {})
    name = caller.principal.rpartition("/")[2]
    issuer = {"type": "Role", "arn": caller.principal, "accountId": caller.account, "userName": name}
    return {"type": "AssumedRole", **identity, "sessionContext": {"sessionIssuer": issuer}}


def user(event: Event) -> str:
    """The session's name, the user's name, or root."""
    return event.caller.session or event.caller.principal.rpartition(":")[2].rpartition("/")[2]


def source(event: Event) -> str:
    """The service as CloudTrail names it."""
    return f"{event.service}.amazonaws.com"


def reads(event: Event) -> bool:
    """Whether it changed nothing."""
    return event.operation.startswith(READS)


def _lowered(value: Any) -> Any:
    """Parameters as CloudTrail writes them: names begin in lower case."""
    match value:
        case dict():
            return {name[:1].lower() + name[1:]: _lowered(each) for name, each in value.items() if each is not None}
        case list():
            return [_lowered(each) for each in value]
        case str() | int() | float() | bool():
            return value
        case _:
            return str(value)
