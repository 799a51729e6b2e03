"""Groups and users of IAM Identity Center that the mesh names: looked up by name, never made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import UNMARKABLE, Owner
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.kind import Kind
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.reader import Reader, Unseen
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import center_arn

_LOOKUPS = {"group": ("GetGroupId", "GroupId", "displayName"), "user": ("GetUserId", "UserId", "userName")}


@dataclass(frozen=True, slots=True)
class CenterIdentity:
    """A group or user by its name; found ones have their ARN, by its id, as handle."""

    sort: str
    name: str


class CenterIdentityKind(Kind[CenterIdentity]):
    """The identity store is asked from the consumer's account, which AWS lets member accounts do.

    https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_GetGroupId.html
    """

    name = addresses.CENTER_IDENTITY
    summary = "Groups and users of IAM Identity Center that consumers name; looked up, never written."
    decides_access = True
    reads = ("sso:ListInstances", "identitystore:GetGroupId", "identitystore:GetUserId")

    def placements(self, mesh: Mesh) -> Iterable[Placement]:
        """Where somebody is named so: nobody else's store is looked into."""
        return tuple(sorted({where.placement for where in _named(mesh)}))

    def desired(self, mesh: Mesh) -> Iterable[Resource[CenterIdentity]]:
        yield from _named(mesh).values()

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[CenterIdentity]]:
        wanted = self.wanted(mesh, placement)
        rows = aws.pages(placement, "sso-admin", "ListInstances", {}, items="Instances")
        stores = [row["IdentityStoreId"] for row in rows]
        if wanted and not stores:
            raise Unseen(f"the account sees no instance of IAM Identity Center in {placement.region}")
        for where, want in wanted.items():
            found = [each for store in stores if (each := _id(aws, placement, store, want.spec)) is not None]
            if len(found) > 1:
                whom = f"{want.spec.sort} {want.spec.name}"
                raise Unseen(f"two instances of IAM Identity Center have a {whom}: give its id")
            if found:
                yield Resource(where, want.spec, handle=center_arn(mesh, want.spec.sort, found[0]))

    def owner(self, have: Resource[CenterIdentity], ownership: Ownership) -> Owner:
        return UNMARKABLE

    def create(self, want: Resource[CenterIdentity]) -> tuple[Call, ...]:
        raise AssertionError(f"people are made by others: {want.address}")

    def update(self, have: Resource[CenterIdentity], want: Resource[CenterIdentity]) -> tuple[Call, ...]:
        raise AssertionError(f"people are kept by others: {want.address}")

    def delete(self, have: Resource[CenterIdentity]) -> tuple[Call, ...]:
        raise AssertionError(f"people are left to others: {have.address}")


def _named(mesh: Mesh) -> Mapping[Address, Resource[CenterIdentity]]:
    """Everybody whom a consumer names so, once, with the subscriptions that wait for him."""
    return {each.address: each for each in reversed([*_principals(mesh)])}


def _principals(mesh: Mesh) -> Iterator[Resource[CenterIdentity]]:
    for consumer in mesh.consumers.values():
        account = mesh.reader_account(consumer)
        for number, principal in enumerate(consumer.principals):
            name = principal.center_name
            if account is None or name is None:
                continue
            where = addresses.center_identity(placements.of_account(mesh, account), *name)
            reading = [each.name for each in mesh.subscriptions_of(consumer) if principal.name in each.principals]
            note = f"no {name[0]} of IAM Identity Center has this name"
            note += f"; subscriptions: {', '.join(reading)}" if reading else ""
            yield Resource(where, CenterIdentity(*name), consumer.at("principals", number), mode="external", note=note)


def _id(aws: Reader, placement: Placement, store: str, of: CenterIdentity) -> str | None:
    operation, field, path = _LOOKUPS[of.sort]
    known_by = {"UniqueAttribute": {"AttributePath": path, "AttributeValue": of.name}}
    request = {"IdentityStoreId": store, "AlternateIdentifier": known_by}
    answer = aws.read(placement, "identitystore", operation, request, absent=("ResourceNotFoundException",))
    return None if answer is None else str(answer[field])
