"""Expiry: which subscriptions have ended, and which end soon."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Expiry:
    """Subscriptions whose last day has passed, and those whose last day is near; by date and name."""

    ended: tuple[Subscription, ...]
    soon: tuple[Subscription, ...]


def expiry(mesh: Mesh, today: date, days: int) -> Expiry:
    """What has ended before `today`, and what ends within so many days from it. The last day itself still counts."""
    dated = sorted(
        (each for each in mesh.written.values() if each.expires is not None),
        key=lambda each: (each.expires or today, each.name),
    )
    last = today + timedelta(days=days)
    return Expiry(
        tuple(each for each in dated if each.expires and each.expires < today),
        tuple(each for each in dated if each.expires and today <= each.expires <= last),
    )


def without(mesh: Mesh, gone: Iterable[Subscription]) -> Mesh:
    """The mesh as it is when these subscriptions are removed."""
    names = {subscription.name for subscription in gone}
    written = {name: each for name, each in mesh.written.items() if name not in names}
    return replace(
        mesh,
        subscriptions={name: each for name, each in mesh.subscriptions.items() if name in written},
        written=written,
    )
