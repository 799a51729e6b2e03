"""Roles that the mesh uses and does not make: those of readers and writers. They must exist, and are never written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reconciler.model.address import Placement
from reconciler.model.origin import Origin
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arn, writer_arn


@dataclass(frozen=True, slots=True)
class UsedRole:
    """A role by its ARN, the line that names it, and what it is for in words."""

    placement: Placement
    arn: str
    origin: Origin
    why: str


def used_roles(mesh: Mesh) -> Iterable[UsedRole]:
    """Every such role, once."""
    return {each.arn: each for each in reversed([*_readers(mesh), *_writers(mesh)])}.values()


def _readers(mesh: Mesh) -> Iterator[UsedRole]:
    reading: dict[tuple[str, str], list[str]] = {}
    for subscription in mesh.subscriptions.values():
        for name in subscription.principals:
            reading.setdefault((subscription.consumer, name), []).append(subscription.name)
    for consumer in mesh.consumers.values():
        account = mesh.reader_account(consumer)
        for number, principal in enumerate(consumer.principals):
            arn = principal_arn(mesh, consumer, principal) if account is not None else ""
            if account is None or principal.create or f":iam::{account.id}:role/" not in arn:
                continue
            names = reading.get((consumer.name, principal.name), [])
            why = f"subscriptions: {', '.join(names)}" if names else ""
            yield UsedRole(placements.of_account(mesh, account), arn, consumer.at("principals", number), why)


def _writers(mesh: Mesh) -> Iterator[UsedRole]:
    for product in mesh.products.values():
        for number, writer in enumerate(product.writers):
            if not writer.create:
                arn, place = writer_arn(mesh, product, writer), placements.of_product(mesh, product)
                yield UsedRole(place, arn, product.at("writers", number), f"writer of {product.name}")
