"""Our statement in the resource policy of the central Glue catalog, beside other people's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.common.deleted_principals import closed_by_deleted
from reconciler.kinds.common.marks import sid, sid_mark
from reconciler.kinds.common.owner import OURS, UNMARKABLE, Owner
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.common.policy_document import OWN_FRAME, Frame, canonical, frame, merged, parted
from reconciler.kinds.kind import Kind
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Change
from reconciler.model.json_text import StatementText
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource, Snapshot
from reconciler.spec import placements
from reconciler.spec.managed import managed_products
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition


@dataclass(frozen=True, slots=True)
class CatalogPolicy:
    """`statements` are ours by Sid, sorted; `others` as AWS has them; `around` what the policy says besides."""

    statements: tuple[tuple[str, StatementText], ...]
    others: tuple[StatementText, ...] = ()
    around: Frame = field(default=OWN_FRAME, compare=False)


class CatalogPolicyKind(Kind[CatalogPolicy]):
    """Where a catalog has a policy, RAM shares nothing of it unless the policy lets RAM do so.

    PutResourcePolicy replaces the whole policy; the hash of what was read makes sure that nobody's change is lost.
    https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-cross-account.html
    """

    name = addresses.CATALOG_POLICY
    summary = "Our statement in the resource policy of the central catalog: RAM may share what Lake Formation grants."
    decides_access = True
    confirms_failures = True
    parts = frozenset({"central"})
    reads = ("glue:GetResourcePolicy",)
    writes = ("glue:PutResourcePolicy", "glue:DeleteResourcePolicy")
    changed_by = ("glue:PutResourcePolicy", "glue:DeleteResourcePolicy")

    def mentions(self, resource: Resource[CatalogPolicy]) -> tuple[str, ...]:
        return ()

    def desired(self, mesh: Mesh) -> Iterable[Resource[CatalogPolicy]]:
        where = addresses.catalog_policy(placements.of_catalog(mesh))
        adopted = [
            (canonical(json.loads(each.statement)), document.at("policies", number))
            for document in mesh.adopted.values()
            for number, each in enumerate(document.policies)
        ]
        others = tuple(text for text, _ in adopted)
        if managed_products(mesh):
            own = _for_ram(mesh)
            yield Resource(where, CatalogPolicy(((str(own["Sid"]), canonical(own)),), others), mesh.central.origin)
        elif adopted:
            yield Resource(where, CatalogPolicy((), others), adopted[0][1], mode="external")

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[CatalogPolicy]]:
        answer = aws.read(placement, "glue", "GetResourcePolicy", absent=("EntityNotFoundException",))
        if answer is not None:
            document = json.loads(answer["PolicyInJson"])
            spec = CatalogPolicy(*parted(document, sid_mark(mesh)), frame(document))
            yield Resource(addresses.catalog_policy(placement), spec, handle=answer["PolicyHash"])

    def owner(self, have: Resource[CatalogPolicy], ownership: Ownership) -> Owner:
        """Ours as far as statements of ours are in it: the others are written back as they are."""
        return OURS if have.spec.statements else UNMARKABLE

    def merge_unmanaged(self, want: Resource[CatalogPolicy], have: Resource[CatalogPolicy]) -> Resource[CatalogPolicy]:
        spec = replace(want.spec, others=have.spec.others, around=have.spec.around)
        return replace(want, spec=spec, handle=have.handle)

    def has_nothing_managed(self, have: Resource[CatalogPolicy]) -> bool:
        return not have.spec.statements

    def lacks(self, change: Change, changes: Mapping[Address, Change], found: Snapshot) -> str | None:
        return closed_by_deleted(change)

    def create(self, want: Resource[CatalogPolicy]) -> tuple[Call, ...]:
        return (_put(want.address.placement, want.spec, want.spec.statements, None),)

    def update(self, have: Resource[CatalogPolicy], want: Resource[CatalogPolicy]) -> tuple[Call, ...]:
        return (_put(want.address.placement, have.spec, want.spec.statements, have.handle),)

    def delete(self, have: Resource[CatalogPolicy]) -> tuple[Call, ...]:
        placement = have.address.placement
        if have.spec.others:
            return (_put(placement, have.spec, (), have.handle),)
        params = {"PolicyHashCondition": have.handle} if have.handle else {}
        return (
            Call(
                placement, "glue", "DeleteResourcePolicy", params, success_errors=frozenset({"EntityNotFoundException"})
            ),
        )


def _put(placement: Placement, there: CatalogPolicy, ours: Iterable[tuple[str, str]], found: str | None) -> Call:
    """Put the whole policy back, on the condition that it still is what was read (`found`: its hash)."""
    condition: Mapping[str, Any] = (
        {"PolicyHashCondition": found, "PolicyExistsCondition": "MUST_EXIST"}
        if found
        else {"PolicyExistsCondition": "NOT_EXIST"}
    )
    params = {
        "PolicyInJson": merged(there.around, there.others, ours),
        # Policies that RAM made exist beside this one.
        "EnableHybrid": "TRUE",
        **condition,
    }
    return Call(placement, "glue", "PutResourcePolicy", params)


def _for_ram(mesh: Mesh) -> dict[str, Any]:
    start = f"arn:{partition(mesh.region)}:glue:{mesh.region}:{mesh.central.id}"
    return {
        "Sid": sid(mesh, "RamShares"),
        "Effect": "Allow",
        "Principal": {"Service": "ram.amazonaws.com"},
        "Action": "glue:ShareResource",
        "Resource": [f"{start}:catalog", f"{start}:database/*", f"{start}:table/*/*"],
    }
