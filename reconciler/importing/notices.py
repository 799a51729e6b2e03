"""Who is told of a product, from the listeners of its topic."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.importing.evidence import Evidence
from reconciler.importing.page import Data
from reconciler.kinds.events.event_rule import EventRule
from reconciler.kinds.notifications.subscribers import filter_mark, told_by
from reconciler.kinds.sns.topic_subscription import TopicSubscription

_TOLD_OWNERS = "detail-type"


def told_of(evidence: Evidence, product: str) -> Data:
    """What is told of a product, and the addresses of its owners; None where nobody hears."""
    heard = list(_listeners(evidence, product))
    if not heard:
        return None
    rule = f"meshform-{evidence.basis.name}-{product}-catalog"
    catalog = any(each.spec.name == rule for each in evidence.found.of(EventRule))
    owners = sorted(each.endpoint for each in heard if _TOLD_OWNERS in each.filter)
    changes: dict[str, Data] = {} if catalog else {"dataChanges": False, "schemaChanges": False}
    return {**changes, "owners": list(owners)} if owners or changes else None


def readers_told(evidence: Evidence, product: str) -> Data:
    """Where the notices of a product's readers go; None for nowhere."""
    heard = [each for each in _listeners(evidence, product) if _TOLD_OWNERS not in each.filter]
    emails = sorted(each.endpoint for each in heard if each.protocol == "email")
    queues = sorted(each.endpoint for each in heard if each.protocol == "sqs")
    if not emails and not queues:
        return None
    fields: dict[str, Data] = {"emails": list(emails), "queue": queues[0] if queues else None}
    told = [told_by(each.filter) for each in heard]
    if not any(schema for _, schema in told):
        fields["schemaChanges"] = False
    if not any(data for data, _ in told):
        fields["dataChanges"] = False
    return fields


def _listeners(evidence: Evidence, product: str) -> Iterable[TopicSubscription]:
    end = f":meshform-{evidence.basis.name}-{product}"
    return (
        each.spec
        for each in evidence.found.of(TopicSubscription)
        if each.spec.topic.endswith(end) and filter_mark(each.spec.filter) in ("", evidence.basis.name)
    )
