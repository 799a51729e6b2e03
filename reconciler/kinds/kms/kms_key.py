"""KMS keys that encrypt the files of domains: used as they are; what their policies lack is printed, to be pasted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import UNMARKABLE, Owner, unmarkable
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.common.policy_coverage import lacking
from reconciler.kinds.common.policy_document import statements
from reconciler.kinds.kind import Kind
from reconciler.kinds.roles.location_role import USE_OF_KEY, register_role_arn
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.reader import Reader, Unseen
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.data_places import data_places
from reconciler.spec.managed import managed_domains
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class KmsKey:
    """What is wrong with a key for the mesh, in words; empty where nothing is, or where its policy cannot be read."""

    wrong: str


class KmsKeyKind(Kind[KmsKey]):
    """Without the key nobody reads the files, whatever Lake Formation grants: the registered role must be let use it.

    https://docs.aws.amazon.com/lake-formation/latest/dg/register-encrypted.html
    """

    name = addresses.KMS_KEY
    summary = "Keys of domains whose policies do not let Lake Formation's role use them; shown, never written."
    reads = ("kms:GetKeyPolicy",)
    changed_by = ("kms:PutKeyPolicy",)

    def placements(self, mesh: Mesh) -> Iterable[Placement]:
        """Where the keys of the mesh are; one of an account outside of it cannot be looked at."""
        return tuple(sorted({where.placement for where in _users(mesh)}))

    def desired(self, mesh: Mesh) -> Iterable[Resource[KmsKey]]:
        """Nobody asks for a key: it is there, or a domain cannot be read."""
        return ()

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[KmsKey]]:
        for where, roles in _users(mesh).items():
            if where.placement == placement:
                yield Resource(where, KmsKey(_wrong(aws, where, roles)))

    def owner(self, have: Resource[KmsKey], ownership: Ownership) -> Owner:
        return unmarkable(have.spec.wrong) if have.spec.wrong else UNMARKABLE

    def create(self, want: Resource[KmsKey]) -> tuple[Call, ...]:
        raise AssertionError(f"a key is made by others: {want.address}")

    def update(self, have: Resource[KmsKey], want: Resource[KmsKey]) -> tuple[Call, ...]:
        raise AssertionError(f"a key is kept by others: {want.address}")

    def delete(self, have: Resource[KmsKey]) -> tuple[Call, ...]:
        raise AssertionError(f"a key is left to others: {have.address}")


def _users(mesh: Mesh) -> dict[Address, tuple[str, ...]]:
    """The keys of all managed domains in accounts of the mesh, and the roles that read and write with each."""
    found: dict[Address, set[str]] = {}
    for place in (each for domain in managed_domains(mesh) for each in data_places(mesh, domain)):
        if place.kms_key is None or place.mode_of(addresses.LOCATION) == "external":
            continue
        _, _, _, region, account, _ = place.kms_key.split(":", 5)
        if mesh.account_by_id(account) is not None:
            where = addresses.kms_key(placements.of_account_id(mesh, account)._replace(region=region), place.kms_key)
            found.setdefault(where, set()).add(register_role_arn(mesh, place.domain))
    return {where: tuple(sorted(roles)) for where, roles in found.items()}


def _wrong(aws: Reader, where: Address, roles: tuple[str, ...]) -> str:
    request = {"KeyId": where.name, "PolicyName": "default"}
    try:
        answer = aws.read(where.placement, "kms", "GetKeyPolicy", request, absent=("NotFoundException",))
    except Unseen:
        return ""
    if answer is None:
        return "the key is not there: nobody can read or write what is to be encrypted with it"
    there = [json.dumps(each) for each in statements(json.loads(answer["Policy"]))]
    missing = "; ".join(lacking(_needed(roles), there))
    return f"add to the policy of the key, so that Lake Formation's role may use it: {missing}" if missing else ""


def _needed(roles: tuple[str, ...]) -> Iterator[str]:
    for role in roles:
        yield json.dumps({"Effect": "Allow", "Principal": {"AWS": role}, "Action": list(USE_OF_KEY), "Resource": "*"})
