"""LookupEvents: the management events of an account in a region.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

from reconciler.sandbox.core.changes import READS
from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.core.trail import Event

MOST = 50


@operation(honours="LookupAttributes StartTime EndTime MaxResults NextToken")
def lookup_events(request: Request) -> Params:
    """Events, the newest first, at most 50 a page. InvalidTimeRangeException: it ends before it begins."""
    params, world = request.params, request.world
    start, end = params.get("StartTime"), params.get("EndTime")
    if start and end and end < start:
        raise AwsError("InvalidTimeRangeException", "The end of the time range is before its start.")
    found = [
        event
        for event in world.trail.of(request.caller.account, request.region)
        if (start is None or event.time >= start)
        and (end is None or event.time <= end)
        and all(
            _has(event, each["AttributeKey"], each["AttributeValue"]) for each in params.get("LookupAttributes") or ()
        )
    ]
    size, token = min(params.get("MaxResults") or MOST, MOST), params.get("NextToken")
    # A token names the event after which to go on, since new ones come in front.
    at = next((number + 1 for number, event in enumerate(found) if event.id == token), None) if token else 0
    if at is None:
        raise AwsError("InvalidNextTokenException", "Invalid token.")
    page = found[at : at + size]
    more = {"NextToken": page[-1].id} if at + size < len(found) else {}
    return {"Events": [_shown(event) for event in page]} | more


def _has(event: Event, key: str, value: str) -> bool:
    match key:
        case "EventId":
            return event.id == value
        case "EventName":
            return event.operation == value
        case "EventSource":
            return _source(event) == value
        case "ReadOnly":
            return str(_reads(event)).lower() == value.lower()
        case "Username":
            return _user(event) == value
        case "ResourceName":
            return value in _texts(event.params)
        case _:
            return False


def _shown(event: Event) -> Params:
    return {
        "EventId": event.id,
        "EventName": event.operation,
        "ReadOnly": str(_reads(event)).lower(),
        "EventTime": event.time,
        "EventSource": _source(event),
        "Username": _user(event),
        "Resources": [],
        "CloudTrailEvent": json.dumps(_record(event)),
    }


def _record(event: Event) -> dict[str, Any]:
    """The event as trails keep it (cloudtrail-event-reference-record-contents)."""
    return {
        "eventVersion": "1.11",
        "userIdentity": _identity(event),
        "eventTime": event.time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": _source(event),
        "eventName": event.operation,
        "awsRegion": event.region,
        "sourceIPAddress": "127.0.0.1",
        "requestParameters": _lowered(event.params) or None,
        "responseElements": None,
        "eventID": event.id,
        "readOnly": _reads(event),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": event.caller.account,
        "eventCategory": "Management",
    } | ({"errorCode": event.error} if event.error else {})


def _identity(event: Event) -> dict[str, Any]:
    caller = event.caller
    identity: dict[str, Any] = {"principalId": caller.user_id, "arn": caller.arn, "accountId": caller.account}
    if not caller.session:
        kind = "Root" if caller.arn.endswith(":root") else "IAMUser"
        return {"type": kind, **identity} | ({"userName": _user(event)} if kind == "IAMUser" else {})
    name = caller.principal.rpartition("/")[2]
    issuer = {"type": "Role", "arn": caller.principal, "accountId": caller.account, "userName": name}
    return {"type": "AssumedRole", **identity, "sessionContext": {"sessionIssuer": issuer}}


def _user(event: Event) -> str:
    """The session's name, the user's name, or root."""
    return event.caller.session or event.caller.principal.rpartition(":")[2].rpartition("/")[2]


def _source(event: Event) -> str:
    return f"{event.service}.amazonaws.com"


def _reads(event: Event) -> bool:
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


def _texts(value: Any) -> set[str]:
    match value:
        case dict():
            return set().union(*map(_texts, value.values()))
        case list():
            return set().union(*map(_texts, value))
        case _:
            return {str(value)}
