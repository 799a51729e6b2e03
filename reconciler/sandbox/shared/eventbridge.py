"""Events of the simulated services, put on the account's default bus in moto.

moto's rules cannot reach SNS and raise NotImplementedError there, for everybody's events, and reach any
other bus without asking its policy; `mend` puts that right.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from moto.events.models import EventPattern, EventTemplateParser, Rule, events_backends
from moto.sns.models import sns_backends
from moto.sns.utils import FilterPolicyMatcher
from moto.sqs.exceptions import QueueDoesNotExist
from moto.sqs.models import sqs_backends

from reconciler.sandbox.core.world import World
from reconciler.sandbox.shared import new_buckets, sns_delivery, stack_resources, system_tags
from reconciler.sandbox.shared.event_buses import carry
from reconciler.sandbox.shared.sns_delivery import takes_events

_send_to_targets = Rule.send_to_targets
_matches = FilterPolicyMatcher.matches
#: The targets that moto delivers to. Others than these, queues and topics get nothing, as if delivery had failed.
_DELIVERED = ("logs", "events")


def emit(
    world: World, account: str, source: str, detail_type: str, detail: Mapping[str, Any], resources: Sequence[str]
) -> None:
    """Put an event of AWS on an account's default bus, so that rules with targets fire."""
    backend = events_backends[account][world.region]
    now = world.now().timestamp()
    event = {
        "version": "0",
        "id": world.uuid(),
        "detail-type": detail_type,
        "source": source,
        "account": account,
        "time": now,
        "ingestion-time": now,
        "region": world.region,
        "resources": list(resources),
        "detail": dict(detail),
    }
    for rule in backend.describe_event_bus("default").rules.values():
        rule.send_to_targets(event)


def _to_targets(rule: Any, event: dict[str, Any], transform_input: bool = True) -> None:
    if rule.state == "DISABLED" or not rule.event_pattern.matches_event(event):
        return
    targets = rule.targets
    rule.targets = [t for t in targets if _service(t) in _DELIVERED and ":event-bus/" not in t["Arn"]]
    try:
        _send_to_targets(rule, dict(event), transform_input)
    finally:
        rule.targets = targets
    for target in targets:
        if ":event-bus/" in target["Arn"]:
            carry(rule.account_id, target, event)
        elif _service(target) == "sqs":
            # moto leaves the account out of what it sends to a queue.
            _, _, _, region, account, name = target["Arn"].split(":", 5)
            group = (target.get("SqsParameters") or {}).get("MessageGroupId")
            with suppress(QueueDoesNotExist):
                sqs_backends[account][region].send_message(name, _message(target, event), group_id=group)
        elif _service(target) == "sns":
            _, _, _, region, account, _ = target["Arn"].split(":", 5)
            topic = sns_backends[account][region].topics.get(target["Arn"])
            if topic is None or not takes_events(topic, account, region):
                continue
            # A listener that is not there any more hears nothing; the sender does not learn of it.
            with suppress(QueueDoesNotExist):
                sns_backends[account][region].publish(message=_message(target, event), arn=target["Arn"])


def _message(target: Mapping[str, Any], event: dict[str, Any]) -> str:
    if "Input" in target:
        return str(target["Input"])
    told = {**event, "time": datetime.fromtimestamp(event["time"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    transformer = target.get("InputTransformer")
    if not transformer:
        return json.dumps({name: value for name, value in told.items() if name != "ingestion-time"})
    message = EventTemplateParser.parse(
        input_template=transformer.get("InputTemplate"),
        input_paths_map=transformer.get("InputPathsMap", {}),
        event={**told, "ingestion-time": event["time"]},
    )
    return message if isinstance(message, str) else json.dumps(message)


def _filter_matches(matcher: Any, attributes: Any, message: str) -> bool:
    """SNS filters over bodies are EventBridge's patterns; moto's own way to read them knows no absent members."""
    if matcher.filter_policy_scope != "MessageBody":
        return bool(_matches(matcher, attributes, message))
    try:
        body = json.loads(message)
    except ValueError:
        return False
    pattern = EventPattern.load(json.dumps(matcher.filter_policy))
    return isinstance(body, dict) and bool(pattern.matches_event(body))


def _service(target: Mapping[str, Any]) -> str:
    return str(target["Arn"]).split(":")[2]


def mend() -> None:
    """Make moto's rules deliver as described above; doing it again changes nothing."""
    FilterPolicyMatcher.matches = _filter_matches
    Rule.send_to_targets = _to_targets
    sns_delivery.mend()
    system_tags.mend()
    new_buckets.mend()
    stack_resources.mend()
