"""Events that a rule sends on to another bus, as EventBridge carries them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.events.models import events_backends

from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.services.iam.policy import Says, resource_says


def carry(account: str, target: Mapping[str, Any], event: Mapping[str, Any]) -> None:
    """Put an event on the bus that a target of an account's rule names (eb-cross-account).

    Nothing arrives where the target has no role, where the other bus does not let the account put events, or
    where the event came from another account itself: such events are not passed on.
    """
    _, _, _, region, owner, resource = str(target["Arn"]).split(":", 5)
    bus = events_backends[owner][region].event_buses.get(resource.rpartition("/")[2])
    if bus is None or event["account"] != account:
        return
    if owner != account and not (target.get("RoleArn") and _lets_in(bus, account)):
        return
    for rule in list(bus.rules.values()):
        rule.send_to_targets(dict(event))


def _lets_in(bus: Any, account: str) -> bool:
    root = f"arn:aws:iam::{account}:root"
    says = resource_says(bus.policy or "{}", Caller(account, root, root), "events:PutEvents", bus.arn, {})
    return says in (Says.ALLOW, Says.ALLOW_PRINCIPAL)
