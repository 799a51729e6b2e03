"""Event buses: one of the mesh in each account that sends or hears notices, and who may put events on it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.common.marks import MARK, aws_tags
from reconciler.kinds.common.owner import OURS, Owner, kept, owner_by_mark
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.common.policy_coverage import coverage
from reconciler.kinds.common.policy_document import OWN_FRAME, Frame, canonical, frame, literal, merged, parted
from reconciler.kinds.kind import Kind
from reconciler.kinds.notifications.notification_names import bus_arn, bus_name
from reconciler.kinds.notifications.subscribers import hearing_accounts
from reconciler.model.address import Placement
from reconciler.model.call import Call
from reconciler.model.json_text import StatementText
from reconciler.model.origin import Origin
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.managed import managed_products
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition

SID = "Meshform"


@dataclass(frozen=True, slots=True)
class EventBus:
    """`statements` are ours by Sid, sorted; `others` other people's; `unmanaged_parts` the names of rules not ours.

    The list of buses tells no tags: they are read where no statement of ours is there.
    """

    statements: tuple[tuple[str, StatementText], ...]
    others: tuple[StatementText, ...] = ()
    unmanaged_parts: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    around: Frame = field(default=OWN_FRAME, compare=False)


class EventBusKind(Kind[EventBus]):
    """Producers put events on the central bus, the central account on everybody else's.

    Events that came from another account are not passed on to a third one.
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
    """

    name = addresses.EVENT_BUS
    summary = "Buses of the mesh and who may put events on them."
    takes_only_access = True
    indexed_as = "events:event-bus"
    reads = ("events:ListEventBuses", "events:ListRules", "events:ListTagsForResource")
    writes = (
        "events:CreateEventBus",
        "events:PutPermission",
        "events:RemovePermission",
        "events:DeleteEventBus",
        "events:TagResource",
    )
    changed_by = (
        "events:CreateEventBus",
        "events:UpdateEventBus",
        "events:PutPermission",
        "events:RemovePermission",
        "events:DeleteEventBus",
    )

    def desired(self, mesh: Mesh) -> Iterable[Resource[EventBus]]:
        tags = tuple(sorted(aws_tags(mesh).items()))
        producers = set[str]()
        hearing: dict[str, Origin] = {}
        for product in managed_products(mesh):
            producer = mesh.producer(mesh.domain(product))
            if producer != mesh.central:
                producers.add(producer.id)
            for account in hearing_accounts(mesh, product):
                hearing.setdefault(account.id, product.origin)
        if managed_products(mesh):
            ours = _allowed(mesh, mesh.central.id, sorted(producers))
            yield Resource(
                addresses.event_bus(placements.of_catalog(mesh), bus_name(mesh)),
                EventBus(ours, tags=tags),
                mesh.central.origin,
            )
        for account_id, origin in hearing.items():
            ours = _allowed(mesh, account_id, [mesh.central.id])
            yield Resource(
                addresses.event_bus(placements.of_account_id(mesh, account_id), bus_name(mesh)),
                EventBus(ours, tags=tags),
                origin,
            )

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[EventBus]]:
        name = bus_name(mesh)
        for row in aws.pages(placement, "events", "ListEventBuses", {"NamePrefix": name}, items="EventBuses"):
            if row["Name"] != name:
                continue
            unmanaged_parts: tuple[str, ...] = ()
            if not self.wanted(mesh, placement):
                # Whose rules are on a bus matters only when the bus would go.
                rules = aws.pages(placement, "events", "ListRules", {"EventBusName": name}, items="Rules")
                unmanaged_parts = tuple(
                    sorted(rule["Name"] for rule in rules if not rule["Name"].startswith(f"{name}-"))
                )
            policy = json.loads(row.get("Policy") or "{}")
            ours, others = parted(policy, SID)
            # The list of buses tells no tags; a statement of ours is mark enough.
            tags = () if ours else _tags(aws, placement, row["Arn"])
            spec = EventBus(ours, others, unmanaged_parts, tags, frame(policy) or OWN_FRAME)
            yield Resource(addresses.event_bus(placement, name), spec, handle=row["Arn"])

    def owner(self, have: Resource[EventBus], ownership: Ownership) -> Owner:
        """Ours by a statement of ours in its policy, else by its tag."""
        spec = have.spec
        owner = OURS if spec.statements else owner_by_mark(dict(spec.tags).get(MARK), ownership.mesh)
        if owner.is_ours and spec.unmanaged_parts:
            return kept(f"kept: other people's rules are on it ({', '.join(spec.unmanaged_parts)})")
        return owner

    def merge_unmanaged(self, want: Resource[EventBus], have: Resource[EventBus]) -> Resource[EventBus]:
        there = have.spec
        return replace(
            want,
            spec=replace(want.spec, others=there.others, unmanaged_parts=there.unmanaged_parts, around=there.around),
        )

    def shortfalls(self, want: Resource[EventBus], have: Resource[EventBus]) -> Iterable[str]:
        needed = (text for _, text in want.spec.statements)
        yield from coverage(needed, have.spec.others).shortfalls("the policy of the bus")

    def create(self, want: Resource[EventBus]) -> tuple[Call, ...]:
        tags = [{"Key": key, "Value": value} for key, value in want.spec.tags]
        made = self._call(want, "CreateEventBus", Name=want.address.name, Tags=tags)
        return (made, *self._policy(EventBus(()), want)) if want.spec.statements else (made,)

    def update(self, have: Resource[EventBus], want: Resource[EventBus]) -> tuple[Call, ...]:
        return self._policy(have.spec, want)

    def delete(self, have: Resource[EventBus]) -> tuple[Call, ...]:
        return (self._call(have, "DeleteEventBus", Name=have.address.name),)

    def _policy(self, have: EventBus, want: Resource[EventBus]) -> tuple[Call, ...]:
        """Statements of ours that go, then the whole policy as it shall be: it replaces what is there."""
        spec, bus = want.spec, want.address.name
        gone = sorted({sid for sid, _ in have.statements} - {sid for sid, _ in spec.statements})
        removals = [self._call(want, "RemovePermission", EventBusName=bus, StatementId=sid) for sid in gone]
        if not spec.statements:
            return tuple(removals)
        policy = merged(spec.around, spec.others, spec.statements)
        return (*removals, self._call(want, "PutPermission", EventBusName=bus, Policy=policy))

    def _call(self, of: Resource[EventBus], operation: str, /, **params: object) -> Call:
        return Call(of.address.placement, "events", operation, params)


def _tags(aws: Reader, placement: Placement, arn: str) -> tuple[tuple[str, str], ...]:
    found = aws.read(placement, "events", "ListTagsForResource", {"ResourceARN": arn}) or {}
    return tuple(sorted((tag["Key"], tag["Value"]) for tag in found.get("Tags", ())))


def _allowed(mesh: Mesh, account: str, senders: list[str]) -> tuple[tuple[str, str], ...]:
    """Our statement: which accounts may put events on the bus of `account`; none without senders."""
    if not senders:
        return ()
    sid = f"{SID}PutEvents"
    statement: dict[str, Any] = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": [f"arn:{partition(mesh.region)}:iam::{literal(sender)}:root" for sender in senders]},
        "Action": "events:PutEvents",
        "Resource": literal(bus_arn(mesh, account, bus_name(mesh))),
    }
    return ((sid, canonical(statement)),)
