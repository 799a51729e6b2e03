"""Comparing a queue of management events, and its dead letters, with what is deployed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.bootstrap.difference_lines import changed, said
from reconciler.bootstrap.filled import filled

_SETTINGS = ("SqsManagedSseEnabled", "MessageRetentionPeriod", "VisibilityTimeout", "RedrivePolicy")


def queue_differences(
    name: str, resources: Mapping[str, Mapping[str, Any]], there: Mapping[str, Any] | None
) -> Iterator[str]:
    """What deploying the queue of that logical name would change; `there` is what SQS tells of it, None for nothing."""
    own = resources[name]["Properties"]
    what = f"queue {own['QueueName']}"
    if there is None:
        yield f"+ {what}"
        return
    arns = _arns(resources, there["QueueArn"])
    for key in _SETTINGS:
        if key in own:
            yield from changed(what, key, filled(own[key], arns), there.get(key))
    policies = [each["Properties"] for each in resources.values() if each["Type"] == "AWS::SQS::QueuePolicy"]
    needs = [filled(each["PolicyDocument"], arns) for each in policies if {"Ref": name} in each["Queues"]]
    yield from said(what, needs, [there["Policy"]] if there.get("Policy") else [])


def _arns(resources: Mapping[str, Mapping[str, Any]], queue: str) -> dict[str, str]:
    """ARNs of the queues, and of the rules of buses, of a template; they lie where one of its queues does."""
    _, part, _, region, account, _ = queue.split(":")
    found = dict[str, str]()
    for name, each in resources.items():
        own = each["Properties"]
        match each["Type"]:
            case "AWS::SQS::Queue":
                found[name] = f"arn:{part}:sqs:{region}:{account}:{own['QueueName']}"
            case "AWS::Events::Rule":
                bus = resources[own["EventBusName"]["Ref"]]["Properties"]["Name"]
                found[name] = f"arn:{part}:events:{region}:{account}:rule/{bus}/{own['Name']}"
    return found
