"""EventBridge's quotas, which moto does not know.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from moto.events.models import events_backends

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.http.messages import WireRequest

TARGETS, RULES, PATTERN, POLICY = 5, 300, 2_048, 10_240
"""Targets of a rule, rules of a bus, characters of a pattern, bytes of a bus's policy."""


def require_within_quotas(operation: str, wire: WireRequest, account: str, region: str) -> None:
    """Raise what EventBridge answers to one more than it takes."""
    if operation not in ("PutTargets", "PutRule", "PutPermission"):
        return
    fields: Mapping[str, Any] = json.loads(wire.body or b"{}")
    name = str(fields.get("EventBusName") or "default").rpartition("/")[2]
    bus = events_backends[account][region].event_buses.get(name)
    if bus is None:
        return
    match operation:
        case "PutTargets":
            rule = bus.rules.get(fields.get("Rule"))
            ids = {each["Id"] for each in fields.get("Targets", ())}
            _require(len(ids | {each["Id"] for each in (rule.targets if rule else ())}), TARGETS)
        case "PutRule":
            if len(str(fields.get("EventPattern") or "")) > PATTERN:
                message = f"Event pattern is not valid. Reason: it has more than {PATTERN} characters"
                raise AwsError("InvalidEventPatternException", message)
            _require(len({*bus.rules, fields.get("Name")}), RULES)
        case _:
            more = str(fields.get("Policy") or (bus.policy or "") + json.dumps(fields))
            if len(more.encode()) > POLICY:
                message = f"The policy of the event bus has more than {POLICY} bytes."
                raise AwsError("PolicyLengthExceededException", message)


def _require(number: int, most: int) -> None:
    if number > most:
        raise AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.")
