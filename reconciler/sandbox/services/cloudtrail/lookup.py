"""LookupEvents: the management events of an account in a region.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

from __future__ import annotations

import json
from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.core.trail import Event
from reconciler.sandbox.services.cloudtrail.record import reads, record, source, user

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
            return source(event) == value
        case "ReadOnly":
            return str(reads(event)).lower() == value.lower()
        case "Username":
            return user(event) == value
        case "ResourceName":
            return value in _texts(event.params)
        case _:
            return False


def _shown(event: Event) -> Params:
    return {
        "EventId": event.id,
        "EventName": event.operation,
        "ReadOnly": str(reads(event)).lower(),
        "EventTime": event.time,
        "EventSource": source(event),
        "Username": user(event),
        "Resources": [],
        "CloudTrailEvent": json.dumps(record(event)),
    }


def _texts(value: Any) -> set[str]:
    match value:
        case dict():
            return set().union(*map(_texts, value.values()))
        case list():
            return set().union(*map(_texts, value))
        case _:
            return {str(value)}
