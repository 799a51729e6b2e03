"""Toy kinds for the planner: resources that need each other, in no cloud at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reconciler.kinds.common.owner import OURS, Owner
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.kind import Kind
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Change
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec.mesh import Mesh

HERE = Placement("111111111111", "eu-west-1")
THERE = Placement("222222222222", "eu-west-1")


@dataclass(frozen=True)
class Toy:
    """A value, and the names of the toys that it needs."""

    value: int
    needs: tuple[str, ...] = ()


class ToyKind(Kind[Toy]):
    """Toys need other toys by name; `preferred` are pairs of names of which the first should go first."""

    name = "toy"
    summary = "Toys."

    def __init__(self, preferred: Sequence[tuple[str, str]] = ()) -> None:
        self.preferred = preferred

    def desired(self, mesh: Mesh) -> Iterable[Resource[Toy]]:
        return ()

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Toy]]:
        return ()

    def owner(self, have: Resource[Toy], ownership: Ownership) -> Owner:
        return OURS

    def needs(self, resource: Resource[Toy]) -> Iterable[Address]:
        return [address(name) for name in resource.spec.needs]

    def goes_with(self, have: Resource[Toy]) -> Address | None:
        """A toy named `box.part` goes with the box."""
        box, _, part = have.address.name.rpartition(".")
        return address(box) if box and part else None

    def order(self, changes: Sequence[Change], mesh: Mesh) -> Iterable[tuple[Address, Address]]:
        changing = {change.address for change in changes}
        pairs = [(address(first), address(later)) for first, later in self.preferred]
        return [pair for pair in pairs if set(pair) <= changing]

    def create(self, want: Resource[Toy]) -> tuple[Call, ...]:
        return (_call(want, "CreateToy"),)

    def update(self, have: Resource[Toy], want: Resource[Toy]) -> tuple[Call, ...]:
        return (_call(want, "UpdateToy"),)

    def delete(self, have: Resource[Toy]) -> tuple[Call, ...]:
        return (_call(have, "DeleteToy"),)


def _call(of: Resource[Toy], operation: str) -> Call:
    return Call(of.address.placement, "toys", operation, {"Name": of.address.name, "Value": of.spec.value})


def address(name: str) -> Address:
    """A toy; names that begin with `there-` are in another cell."""
    return Address("toy", THERE if name.startswith("there-") else HERE, name)


def toy(name: str, value: int = 1, *needs: str) -> Resource[Toy]:
    """A toy as a resource."""
    return Resource(address(name), Toy(value, needs))
