"""KMS keys of domains and notices: used as they are; what their policies lack is printed, to be pasted."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import UNMARKABLE, Owner, unmarkable
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.common.policy_conditions import Context
from reconciler.kinds.common.policy_coverage import coverage, of_organization, once_there
from reconciler.kinds.common.policy_document import statements
from reconciler.kinds.kind import Kind
from reconciler.kinds.roles.location_role import USE_OF_KEY, register_role_arn
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.reader import Reader, Unseen
from reconciler.model.resource import Resource
from reconciler.spec.data_places import data_places
from reconciler.spec.managed import managed_domains
from reconciler.spec.mesh import Mesh

USE_OF_NOTICES = ("kms:Decrypt", "kms:GenerateDataKey")
"""What EventBridge needs of the key of a topic: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"""


@dataclass(frozen=True, slots=True)
class KmsKey:
    """What is wrong with a key for the mesh, in words; empty where nothing is, or where its policy cannot be read."""

    wrong: str


class KmsKeyKind(Kind[KmsKey]):
    """Without the key nobody reads the files, whatever Lake Formation grants: the registered role must be let use it.

    https://docs.aws.amazon.com/lake-formation/latest/dg/register-encrypted.html
    """

    name = addresses.KMS_KEY
    summary = "Keys of domains and notices whose policies do not let them be used; shown, never written."
    reads = ("kms:GetKeyPolicy",)
    changed_by = ("kms:PutKeyPolicy",)

    def placements(self, mesh: Mesh) -> Iterable[Placement]:
        """Where the keys of the mesh are; one of an account outside of it cannot be looked at."""
        return tuple(sorted({where.placement for where in _users(mesh)}))

    def desired(self, mesh: Mesh) -> Iterable[Resource[KmsKey]]:
        """Nobody asks for a key: it is there, or a domain cannot be read."""
        return ()

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[KmsKey]]:
        for where, needed in _users(mesh).items():
            if where.placement == placement:
                yield Resource(where, KmsKey(_wrong(aws, where, needed, of_organization(mesh))))

    def owner(self, have: Resource[KmsKey], ownership: Ownership) -> Owner:
        return unmarkable(have.spec.wrong) if have.spec.wrong else UNMARKABLE

    def create(self, want: Resource[KmsKey]) -> tuple[Call, ...]:
        raise AssertionError(f"a key is made by others: {want.address}")

    def update(self, have: Resource[KmsKey], want: Resource[KmsKey]) -> tuple[Call, ...]:
        raise AssertionError(f"a key is kept by others: {want.address}")

    def delete(self, have: Resource[KmsKey]) -> tuple[Call, ...]:
        raise AssertionError(f"a key is left to others: {have.address}")


def _users(mesh: Mesh) -> dict[Address, tuple[str, ...]]:
    """The keys of all managed domains, and of the notices, in accounts of the mesh; what each has to let, as JSON."""
    found: dict[Address, set[str]] = {}
    for place in (each for domain in managed_domains(mesh) for each in data_places(mesh, domain)):
        if place.kms_key is not None and place.mode_of(addresses.LOCATION) != "external":
            role = {"AWS": register_role_arn(mesh, place.domain)}
            found.setdefault(_address(place.kms_key), set()).add(_let(role, USE_OF_KEY))
    key = mesh.settings.notification_key or ""
    if key.startswith("arn:"):
        found.setdefault(_address(key), set()).add(_let({"Service": "events.amazonaws.com"}, USE_OF_NOTICES))
    known = {where: tuple(sorted(needed)) for where, needed in found.items()}
    return {where: needed for where, needed in known.items() if mesh.account_by_id(where.placement.account) is not None}


def _address(key: str) -> Address:
    _, _, _, region, account, _ = key.split(":", 5)
    return addresses.kms_key(Placement(account, region), key)


def _let(who: dict[str, str], actions: tuple[str, ...]) -> str:
    return json.dumps({"Effect": "Allow", "Principal": who, "Action": list(actions), "Resource": "*"})


def _wrong(aws: Reader, where: Address, needed: tuple[str, ...], known: Context) -> str:
    request = {"KeyId": where.name, "PolicyName": "default"}
    try:
        answer = aws.read(where.placement, "kms", "GetKeyPolicy", request, absent=("NotFoundException",))
    except Unseen:
        return ""
    if answer is None:
        return "the key is not there: nobody can read or write what is to be encrypted with it"
    there = [json.dumps(each) for each in statements(json.loads(answer["Policy"]))]
    # Lake Formation and the engines use the key of files through S3, EventBridge that of notices through SNS.
    via = "sns" if "events.amazonaws.com" in "".join(needed) else "s3"
    known = {**known, "kms:viaservice": f"{via}.{where.placement.region}.amazonaws.com"}
    found = coverage(needed, there, known)
    wrong = [f"the policy of the key denies what the mesh needs, by {each}" for each in found.denies]
    if found.lacks:
        wrong.append(f"add to the policy of the key{once_there(*found.lacks)}: {'; '.join(found.lacks)}")
    wrong += [f"whether the key may be used is not known, because of {each}" for each in found.unsure]
    return "; ".join(wrong)
