"""EventBridge rules: which events go to which topics and buses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.common.concurrent_map import concurrent_map
from reconciler.kinds.common.kept import kept
from reconciler.kinds.common.marks import aws_tags, mark_text
from reconciler.kinds.common.owner import Owner, owner_by_text
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.kind import Kind
from reconciler.kinds.notifications.event_routes import Target, routes
from reconciler.kinds.notifications.notification_names import DEFAULT_BUS, bus_name
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.json_text import JsonObject
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh

_ON = "ENABLED"
"""How the states of a rule that is on begin: one of them also takes read-only events of CloudTrail."""

_OURS_OF_A_TARGET = ("Id", "Arn", "RoleArn", "Input", "InputPath", "InputTransformer")


@dataclass(frozen=True, slots=True)
class EventRule:
    """`pattern` is canonical JSON; `targets` are ours, sorted; `unmanaged_parts` the ids of other people's targets.

    `tags` are known on the wanted side only. `rest` is the rule as AWS has it, `sent` its targets by id: for writing
    them back.
    """

    bus: str
    name: str
    pattern: JsonObject
    targets: tuple[Target, ...]
    enabled: bool = True
    mark: str = ""
    unmanaged_parts: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)
    sent: Mapping[str, Any] = field(default_factory=dict, compare=False)


class EventRuleKind(Kind[EventRule]):
    """A rule of ours says so in its description. Targets that others put on it stay.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html
    """

    name = addresses.EVENT_RULE
    summary = "Rules that carry the news of products to topics and to other accounts' buses."
    takes_only_access = True
    indexed_as = "events:rule"
    reads = ("events:ListEventBuses", "events:ListRules", "events:ListTargetsByRule")
    writes = (
        "events:PutRule",
        "events:PutTargets",
        "events:RemoveTargets",
        "events:DeleteRule",
        "events:TagResource",
        "iam:PassRole",
    )
    changed_by = (
        "events:PutRule",
        "events:EnableRule",
        "events:DisableRule",
        "events:PutTargets",
        "events:RemoveTargets",
        "events:DeleteRule",
    )

    def mentions(self, resource: Resource[EventRule]) -> tuple[str, ...]:
        return (resource.spec.name,)

    def desired(self, mesh: Mesh) -> Iterable[Resource[EventRule]]:
        tags = tuple(sorted(aws_tags(mesh).items()))
        for route in routes(mesh):
            spec = EventRule(
                route.bus, route.name, _text(route.pattern), route.targets, mark=mark_text(mesh), tags=tags
            )
            yield Resource(addresses.event_rule(route.placement, route.bus, route.name), spec, route.origin)

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[EventRule]]:
        own, wanted = bus_name(mesh), self.wanted(mesh, placement)
        buses = [DEFAULT_BUS]
        if placement == placements.of_catalog(mesh):
            # Rules of ours on the mesh's own bus are made in the central account only.
            found = aws.pages(placement, "events", "ListEventBuses", {"NamePrefix": own}, items="EventBuses")
            buses += [row["Name"] for row in found if row["Name"] == own]

        def listed(bus: str) -> list[Resource[EventRule]]:
            request = {"EventBusName": bus, "NamePrefix": f"{own}-"}
            rules = [
                row
                for row in aws.pages(placement, "events", "ListRules", request, items="Rules")
                if row.get("Description") == mark_text(mesh)
                or addresses.event_rule(placement, bus, row["Name"]) in wanted
            ]
            every = concurrent_map(partial(_targets, aws, placement, bus), (row["Name"] for row in rules))
            return [
                Resource(
                    addresses.event_rule(placement, bus, row["Name"]), _found(bus, row, targets), handle=row["Arn"]
                )
                for row, targets in zip(rules, every, strict=True)
            ]

        return chain.from_iterable(concurrent_map(listed, buses))

    def needs(self, resource: Resource[EventRule]) -> Iterable[Address]:
        placement, spec = resource.address.placement, resource.spec
        if spec.bus != DEFAULT_BUS:
            yield addresses.event_bus(placement, spec.bus)
        for target in spec.targets:
            _, _, service, region, account, name = target.arn.split(":", 5)
            if service == "sns":
                yield addresses.topic(Placement(account, region), name)
            elif service == "events":
                yield addresses.event_bus(Placement(account, region), name.rpartition("/")[2])
            if target.role:
                yield addresses.iam_role(placement, target.role)

    def owner(self, have: Resource[EventRule], ownership: Ownership) -> Owner:
        return owner_by_text(have.spec.mark, ownership.mesh)

    def merge_unmanaged(self, want: Resource[EventRule], have: Resource[EventRule]) -> Resource[EventRule]:
        return replace(want, spec=replace(want.spec, unmanaged_parts=have.spec.unmanaged_parts))

    def create(self, want: Resource[EventRule]) -> tuple[Call, ...]:
        tags = [{"Key": key, "Value": value} for key, value in want.spec.tags]
        return (_put_rule(want, {}, Tags=tags), _put_targets(want, want.spec.targets, {}))

    def update(self, have: Resource[EventRule], want: Resource[EventRule]) -> tuple[Call, ...]:
        old, new = have.spec, want.spec
        calls = []
        if (old.pattern, old.enabled, old.mark) != (new.pattern, new.enabled, new.mark):
            calls.append(_put_rule(want, old.rest))
        changed = tuple(target for target in new.targets if target not in old.targets)
        if changed:
            calls.append(_put_targets(want, changed, old.sent))
        gone = sorted({target.id for target in old.targets} - {target.id for target in new.targets})
        if gone:
            calls.append(_remove_targets(want, gone))
        return tuple(calls)

    def delete(self, have: Resource[EventRule]) -> tuple[Call, ...]:
        """Our targets go; the rule goes with them unless somebody else's target is on it."""
        ids = [target.id for target in have.spec.targets]
        removal = (_remove_targets(have, ids),) if ids else ()
        if have.spec.unmanaged_parts:
            return removal
        gone = frozenset({"ResourceNotFoundException"})
        params = {"Name": have.spec.name, "EventBusName": have.spec.bus}
        return (*removal, Call(have.address.placement, "events", "DeleteRule", params, success_errors=gone))

    def has_nothing_managed(self, have: Resource[EventRule]) -> bool:
        """A rule that has only other people's targets left is theirs."""
        return bool(have.spec.unmanaged_parts) and not have.spec.targets


def _targets(aws: Reader, placement: Placement, bus: str, rule: str) -> list[Any]:
    """Where a rule sends events: there is no listing of the targets of several rules."""
    request = {"EventBusName": bus, "Rule": rule}
    return list(aws.pages(placement, "events", "ListTargetsByRule", request, items="Targets"))


def _text(pattern: Mapping[str, Any]) -> str:
    """A pattern in canonical form; the routes give its lists sorted."""
    return json.dumps(pattern, sort_keys=True, separators=(",", ":"))


def _put_rule(want: Resource[EventRule], rest: Mapping[str, Any], /, **more: object) -> Call:
    """Tags are taken with a new rule only. What a request leaves out of a rule is gone.

    https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
    """
    spec, state = want.spec, str(rest.get("State", ""))
    on = state if state.startswith(_ON) else _ON
    params = {
        **kept(rest, ("RoleArn", "ScheduleExpression")),
        "Name": spec.name,
        "EventBusName": spec.bus,
        "EventPattern": spec.pattern,
        "State": on if spec.enabled else "DISABLED",
        "Description": spec.mark,
        **more,
    }
    return Call(want.address.placement, "events", "PutRule", params)


def _put_targets(want: Resource[EventRule], targets: Iterable[Target], sent: Mapping[str, Any]) -> Call:
    rows = []
    for target in targets:
        ours = {"Id": target.id, "Arn": target.arn}
        if target.role:
            ours["RoleArn"] = target.role
        told = {"InputTransformer": json.loads(target.told)} if target.told else {}
        rest = {name: value for name, value in sent.get(target.id, {}).items() if name not in _OURS_OF_A_TARGET}
        rows.append({**rest, **ours, **told})
    params = {"Rule": want.spec.name, "EventBusName": want.spec.bus, "Targets": rows}
    return Call(want.address.placement, "events", "PutTargets", params)


def _remove_targets(of: Resource[EventRule], ids: list[str]) -> Call:
    params = {"Rule": of.spec.name, "EventBusName": of.spec.bus, "Ids": ids}
    return Call(
        of.address.placement, "events", "RemoveTargets", params, success_errors=frozenset({"ResourceNotFoundException"})
    )


def _told(target: Mapping[str, Any]) -> str:
    """What a target is told of an event, whichever of the three ways to say it was taken; empty for all of it."""
    if "InputTransformer" in target:
        return _text(target["InputTransformer"])
    other = {name: target[name] for name in ("Input", "InputPath") if name in target}
    return _text(other) if other else ""


def _found(bus: str, row: Mapping[str, Any], targets: Iterable[Mapping[str, Any]]) -> EventRule:
    """Targets of ours have ids of our form: `topic`, `central` and `bus-<account>`."""
    ours, unmanaged_parts, rows = [], [], {}
    for target in targets:
        name = target["Id"]
        rows[name] = target
        if name in ("topic", "central") or name.startswith("bus-"):
            ours.append(Target(name, target["Arn"], target.get("RoleArn", ""), _told(target)))
        else:
            unmanaged_parts.append(name)
    return EventRule(
        bus,
        row["Name"],
        _text(json.loads(row.get("EventPattern") or "{}")),
        tuple(sorted(ours)),
        str(row.get("State", "")).startswith(_ON),
        row.get("Description", ""),
        tuple(sorted(unmanaged_parts)),
        rest=row,
        sent=rows,
    )
