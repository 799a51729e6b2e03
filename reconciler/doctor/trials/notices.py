"""Does news of the catalog arrive by an encrypted topic, and does EventBridge keep to its quotas?

https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from reconciler.aws.asking import Reply
from reconciler.doctor.assumption import Answer, Assumption
from reconciler.doctor.trials.bench import NAME, Bench, Request, Told, all_made
from reconciler.kinds.common.policy_document import policy
from reconciler.spec.names import partition

ARRIVES, QUOTAS = "notice-key-admits-eventbridge", "eventbridge-quotas"
ASSUMPTIONS = (
    Assumption(ARRIVES, "EventBridge may use the key of the notices, without a condition that it does not meet."),
    Assumption(QUOTAS, "A rule takes five targets, and a sixth is refused."),
)
OTHER = f"{NAME}-2"
"""The database whose making is the news."""


def answers(bench: Bench) -> Iterator[Answer]:
    """A rule for the trial's database, an encrypted topic, a queue: a message within a minute."""
    refused = bench.notes["refused"] or all_made(_make(bench))
    if refused.startswith("CreateQueue: AccessDenied"):
        refused = f"{refused} (`meshform bootstrap --trial` prints this right)"
    told: Told = ("unknown", f"not tried: {refused}") if refused else _arrives(bench)
    yield Answer(ARRIVES, *told, bench.mesh.central.name)
    told = ("unknown", f"not tried: {refused}") if refused else _sixth(bench)
    yield Answer(QUOTAS, *told, bench.mesh.central.name)


def leavings(bench: Bench) -> Iterator[Request]:
    """The rule with its targets, the topic with its subscription, the queue, the database."""
    place, name = bench.central, _name(bench)
    yield place, "events", "RemoveTargets", {"Rule": name, "Ids": [str(number) for number in range(1, 7)]}
    yield place, "events", "DeleteRule", {"Name": name}
    topic = _arn(bench, "sns")
    for row in bench.apply.every(place, "sns", "ListSubscriptionsByTopic", "Subscriptions", TopicArn=topic):
        if row["SubscriptionArn"].startswith("arn:"):
            yield place, "sns", "Unsubscribe", {"SubscriptionArn": row["SubscriptionArn"]}
    yield place, "sns", "DeleteTopic", {"TopicArn": topic}
    yield place, "sqs", "DeleteQueue", {"QueueUrl": _queue(bench)}
    yield place, "glue", "DeleteDatabase", {"Name": OTHER}


def _make(bench: Bench) -> Iterator[tuple[str, Reply]]:
    place, name, topic = bench.central, _name(bench), _arn(bench, "sns")
    lets = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    queue = policy([{**lets, "Resource": _arn(bench, "sqs"), "Condition": {"ArnEquals": {"aws:SourceArn": topic}}}])
    yield "CreateQueue", bench.do(place, "sqs", "CreateQueue", QueueName=name, Attributes={"Policy": queue})
    lets = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sns:Publish"}
    attributes = {"Policy": policy([{**lets, "Resource": topic}])}
    if key := bench.mesh.settings.notification_key:
        attributes["KmsMasterKeyId"] = key
    yield "CreateTopic", bench.do(place, "sns", "CreateTopic", Name=name, Attributes=attributes)
    endpoint = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": _arn(bench, "sqs")}
    yield "Subscribe", bench.do(place, "sns", "Subscribe", **endpoint)
    pattern = json.dumps({"source": ["aws.glue"], "detail": {"databaseName": [OTHER]}})
    yield "PutRule", bench.do(place, "events", "PutRule", Name=name, EventPattern=pattern)
    yield "PutTargets", _targets(bench, 1)


def _targets(bench: Bench, number: int) -> Reply:
    targets = [{"Id": str(each), "Arn": _arn(bench, "sns")} for each in range(1, number + 1)]
    return bench.do(bench.central, "events", "PutTargets", Rule=_name(bench), Targets=targets)


def _arrives(bench: Bench) -> Told:
    place, told = bench.central, f"under {bench.mesh.settings.notification_key or 'no key'}"
    made = bench.do(place, "glue", "CreateDatabase", DatabaseInput={"Name": OTHER})
    if made.answer is None:
        return "unknown", f"nothing happened: {made}"

    def heard() -> bool:
        reply = bench.do(place, "sqs", "ReceiveMessage", QueueUrl=_queue(bench))
        return bool((reply.answer or {}).get("Messages"))

    took = bench.until(heard, seconds=60)
    return ("refuted", f"{told}: nothing in a minute") if took is None else ("confirmed", f"{told}: after {took:.0f} s")


def _sixth(bench: Bench) -> Told:
    reply = _targets(bench, 6)
    return ("refuted", "six were taken") if reply.answer is not None else ("confirmed", str(reply))


def _name(bench: Bench) -> str:
    return f"meshform-{bench.mesh.name}-doctor"


def _arn(bench: Bench, service: str) -> str:
    region = bench.mesh.region
    return f"arn:{partition(region)}:{service}:{region}:{bench.central.account}:{_name(bench)}"


def _queue(bench: Bench) -> str:
    reply = bench.apply.ask(bench.central, "sqs", "GetQueueUrl", QueueName=_name(bench))
    return str((reply.answer or {}).get("QueueUrl") or _name(bench))
