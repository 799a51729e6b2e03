"""What counts towards AWS's quotas, in any state: what is made, what is around it, and how long it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from reconciler.kinds.athena.workgroup import Workgroup
from reconciler.kinds.common.policy_document import merged
from reconciler.kinds.events.event_bus import EventBus
from reconciler.kinds.events.event_rule import EventRule
from reconciler.kinds.glue.catalog_policy import CatalogPolicy
from reconciler.kinds.glue.crawler import Crawler
from reconciler.kinds.glue.database import Database
from reconciler.kinds.glue.glue_job import GlueJob
from reconciler.kinds.glue.table import Table
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.kinds.lakeformation.lf_tag import LFTagKey
from reconciler.kinds.lakeformation.lf_tag_value import LFTagValue
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.s3.bucket_policy import BucketPolicy
from reconciler.kinds.s3.bucket_settings import Bucket
from reconciler.kinds.sns.topic import Topic
from reconciler.kinds.sns.topic_subscription import TopicSubscription
from reconciler.model.address import Placement
from reconciler.model.lakeformation import Grant, OnColumns, OnDatabase, OnFilter, OnTable, OnTagPolicy, account_of
from reconciler.model.resource import AnyResource


class Counted(NamedTuple):
    """What is counted: the quota, in which account and region, and of what thing (empty: all of the account)."""

    quota: str
    placement: Placement
    thing: str


_Part = tuple[str, str, object, int]
"""A quota, the thing that it is about, what is counted once, and for how many."""


def counts(resources: Iterable[AnyResource]) -> Mapping[Counted, int]:
    """How much of each quota a state takes. What nobody reads (roles of others, say) is not in it."""
    found: dict[Counted, dict[object, int]] = {}
    assigned: list[AnyResource] = []
    for resource in resources:
        if isinstance(resource.spec, TagAssignment):
            assigned.append(resource)
        elif (parts := _PARTS.get(type(resource.spec))) is not None:
            _add(found, resource, parts)
    if len({each.spec.key for each in assigned}) >= _MANY_KEYS:
        for resource in assigned:
            _add(found, resource, _assignment)
    return {counted: sum(parts.values()) for counted, parts in found.items()}


_MANY_KEYS = 40
"""With fewer keys no resource carries nearly as many LF-tags as it may, so a million columns need no count each."""


def _add(
    found: dict[Counted, dict[object, int]], resource: AnyResource, parts: Callable[[AnyResource], Iterator[_Part]]
) -> None:
    for quota, thing, part, number in parts(resource):
        found.setdefault(Counted(quota, resource.address.placement, thing), {})[part] = number


def _each(quota: str, resource: AnyResource) -> Iterator[_Part]:
    """A resource counts for one."""
    yield quota, "", resource.address.name, 1


def _grant(resource: AnyResource) -> Iterator[_Part]:
    grant: Grant = resource.spec
    account = account_of(grant.principal)
    if isinstance(grant.target, OnFilter):
        name = f"{grant.target.database}.{grant.target.table} for {grant.principal}"
        yield "filters-of-a-table", name, grant.target.name, 1
    if account == resource.address.placement.account or (account is None and ":organizations:" not in grant.principal):
        return
    whom = account or grant.principal
    if isinstance(grant.target, OnDatabase | OnTable | OnColumns | OnFilter):
        yield "cross-account-grants", "", (whom, str(grant.target)), 1
    # One share for databases, one for tables, and two of the same by LF-tags, for each pair of accounts:
    # https://aws.github.io/aws-lakeformation-best-practices/cross-account/cross-account-faq/
    sort = (isinstance(grant.target, OnTagPolicy), isinstance(grant.target, OnDatabase) or _is_of_databases(grant))
    yield "resource-shares", "", (whom, *sort), 1


def _is_of_databases(grant: Grant) -> bool:
    return isinstance(grant.target, OnTagPolicy) and grant.target.of == "DATABASE"


def _rule(resource: AnyResource) -> Iterator[_Part]:
    rule: EventRule = resource.spec
    yield "event-rules", rule.bus, rule.name, 1
    name = f"{rule.bus}/{rule.name}"
    yield "event-targets", name, "", len(rule.targets) + len(rule.unmanaged_parts)
    yield "event-pattern", name, "", len(rule.pattern)


def _bus(resource: AnyResource) -> Iterator[_Part]:
    bus: EventBus = resource.spec
    yield "event-bus-policy-size", resource.address.name, "", _size(bus)
    yield from (("event-rules", resource.address.name, other, 1) for other in bus.unmanaged_parts)


def _topic(resource: AnyResource) -> Iterator[_Part]:
    topic: Topic = resource.spec
    yield "topic-policy-size", resource.address.name, "", _size(topic)
    yield "topic-statements", resource.address.name, "", len(topic.statements) + len(topic.others)


def _subscription(resource: AnyResource) -> Iterator[_Part]:
    subscription: TopicSubscription = resource.spec
    if subscription.filter:
        yield "topic-filters", subscription.topic, resource.address.name, 1
        yield "filters-of-subscriptions", "", resource.address.name, 1


def _role(resource: AnyResource) -> Iterator[_Part]:
    role: Role = resource.spec
    name = resource.address.name
    yield "roles", "", name, 1
    yield "role-policies", name, "", sum(map(_characters, (role.policy, *role.others)))
    yield "role-trust", name, "", _characters(role.trust)
    yield "role-tags", name, "", len(role.tags)


def _tag_value(resource: AnyResource) -> Iterator[_Part]:
    yield "lf-tag-values", resource.spec.key, resource.spec.value, 1


def _assignment(resource: AnyResource) -> Iterator[_Part]:
    yield "lf-tags-on-a-resource", str(resource.spec.place), resource.spec.key, 1


def _table(resource: AnyResource) -> Iterator[_Part]:
    yield "tables-of-a-database", resource.spec.database, resource.address.name, 1


def _settings(resource: AnyResource) -> Iterator[_Part]:
    yield "data-lake-administrators", "", "", len(resource.spec.admins)


def _bucket_policy(resource: AnyResource) -> Iterator[_Part]:
    yield "bucket-policy-size", resource.address.name, "", _size(resource.spec)


def _catalog_policy(resource: AnyResource) -> Iterator[_Part]:
    yield "catalog-policy-size", "", "", _size(resource.spec)


def _size(policy: BucketPolicy | CatalogPolicy | EventBus | Topic) -> int:
    """Bytes of a policy as it is sent, other people's statements included."""
    return len(merged(policy.around, policy.others, policy.statements).encode())


def _characters(policy: str) -> int:
    """Characters of a policy as IAM counts them, without white space."""
    return len("".join(policy.split()))


_PARTS: Mapping[type[Any], Callable[[AnyResource], Iterator[_Part]]] = {
    Bucket: partial(_each, "buckets"),
    BucketPolicy: _bucket_policy,
    CatalogPolicy: _catalog_policy,
    Crawler: partial(_each, "crawlers"),
    Database: partial(_each, "databases"),
    EventBus: _bus,
    EventRule: _rule,
    GlueJob: partial(_each, "glue-jobs"),
    Grant: _grant,
    LFTagKey: partial(_each, "lf-tags"),
    LFTagValue: _tag_value,
    LakeSettings: _settings,
    Role: _role,
    Table: _table,
    Topic: _topic,
    TopicSubscription: _subscription,
    Workgroup: partial(_each, "workgroups"),
}
