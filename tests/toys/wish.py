"""Wishes: a toy kind, that gives a grant and puts a policy on a bucket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import Owner, owner_by_mark
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.kind import Kind
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.lakeformation import Grant, OnTable
from reconciler.model.policy import Policy
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh

GUEST = "arn:aws:iam::444444444444:role/guest"
BUCKET = "bank-consumer-banking-222222222222-eu-west-1"


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish, and the mesh whose it is."""

    text: str
    mark: str = ""


class WishKind(Kind[Wish]):
    """Peace lets a guest read a table by a grant, rain lets him get its files by a policy."""

    name = "wish"
    summary = "Wishes of a test."
    parts = frozenset({"central"})
    decides_access = True
    reads = ("wishes:List",)
    writes = ("wishes:Put",)

    def desired(self, mesh: Mesh) -> Iterable[Resource[Wish]]:
        for name in ("peace", "quiet", "rain"):
            yield wish(placements.of_catalog(mesh), name, "on earth", mesh.name)

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Wish]]:
        yield wish(placement, "quiet", "at night", "bank")
        yield wish(placement, "rain", "in spring")
        yield wish(placement, "ours", "gone", "bank")
        yield wish(placement, "theirs", "stays", "other")

    def owner(self, have: Resource[Wish], ownership: Ownership) -> Owner:
        return owner_by_mark(have.spec.mark, ownership.mesh, "a wish of others")

    def grants(self, resource: Resource[Wish]) -> Iterable[Resource[Grant]]:
        if resource.address.name == "peace":
            placement = resource.address.placement
            grant = Grant(GUEST, OnTable(placement.account, "credit-card", "credit_card"), "SELECT")
            yield Resource(addresses.grant(placement, grant), grant)

    def policies(self, resource: Resource[Wish]) -> Iterable[Policy]:
        if resource.address.name == "rain":
            statement = {
                "Effect": "Allow",
                "Principal": {"AWS": GUEST},
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{BUCKET}/*",
            }
            yield Policy("bucket", BUCKET, "222222222222", {"Statement": [statement]})
            own = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
            yield Policy("principal", GUEST, "444444444444", {"Statement": [own]})

    def create(self, want: Resource[Wish]) -> tuple[Call, ...]:
        return (_put(want),)

    def update(self, have: Resource[Wish], want: Resource[Wish]) -> tuple[Call, ...]:
        return (_put(want),)

    def delete(self, have: Resource[Wish]) -> tuple[Call, ...]:
        return (_put(have),)


def wish(placement: Placement, name: str, text: str, mark: str = "") -> Resource[Wish]:
    """A wish as a resource."""
    return Resource(Address("wish", placement, name), Wish(text, mark))


def _put(of: Resource[Wish]) -> Call:
    return Call(of.address.placement, "wishes", "Put", {"Name": of.address.name})
