"""Our statement in the resource policy of the central Glue catalog, beside other people's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from reconciler.kinds.documents import VERSION, canonical, statements
from reconciler.kinds.kind import Kind
from reconciler.kinds.land import central
from reconciler.model.address import Address, Cell
from reconciler.model.call import Call
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition

NAME = "catalog-policy"
SID = "Meshform"
"""Statements whose Sid begins so are ours."""


@dataclass(frozen=True, slots=True)
class CatalogPolicy:
    """`ours` by Sid as canonical JSON, sorted; `others` as AWS has them."""

    ours: tuple[tuple[str, str], ...]
    others: tuple[str, ...] = ()


class CatalogPolicyKind(Kind[CatalogPolicy]):
    """Where a catalog has a policy, RAM shares nothing of it unless the policy lets RAM do so.

    PutResourcePolicy replaces the whole policy; the hash of what was read makes sure that nobody's change is lost.
    https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-cross-account.html
    """

    name = NAME
    summary = "Our statement in the resource policy of the central catalog: RAM may share what Lake Formation grants."
    parts = frozenset({"central"})
    reads = ("glue:GetResourcePolicy",)
    writes = ("glue:PutResourcePolicy", "glue:DeleteResourcePolicy")

    def desired(self, mesh: Mesh) -> Iterable[Resource[CatalogPolicy]]:
        if mesh.products:
            own = _for_ram(mesh)
            spec = CatalogPolicy(((str(own["Sid"]), canonical(own)),))
            yield Resource(address(central(mesh)), spec, mesh.central.origin)

    def observe(self, aws: Reader, cell: Cell, mesh: Mesh) -> Iterable[Resource[CatalogPolicy]]:
        answer = aws.read(cell, "glue", "GetResourcePolicy", absent=("EntityNotFoundException",))
        if answer is not None:
            ours, others = [], []
            for statement in statements(json.loads(answer["PolicyInJson"])):
                sid = str(statement.get("Sid", ""))
                if sid.startswith(SID):
                    ours.append((sid, canonical(statement)))
                else:
                    others.append(json.dumps(statement, sort_keys=True))
            spec = CatalogPolicy(tuple(sorted(ours)), tuple(others))
            yield Resource(address(cell), spec, handle=answer["PolicyHash"])

    def settle(self, want: Resource[CatalogPolicy], have: Resource[CatalogPolicy]) -> Resource[CatalogPolicy]:
        return replace(want, spec=replace(want.spec, others=have.spec.others), handle=have.handle)

    def vacant(self, have: Resource[CatalogPolicy]) -> bool:
        return not have.spec.ours

    def create(self, want: Resource[CatalogPolicy]) -> tuple[Call, ...]:
        return (_put(want.address.cell, want.spec.ours, (), None),)

    def update(self, have: Resource[CatalogPolicy], want: Resource[CatalogPolicy]) -> tuple[Call, ...]:
        return (_put(want.address.cell, want.spec.ours, have.spec.others, have.handle),)

    def delete(self, have: Resource[CatalogPolicy]) -> tuple[Call, ...]:
        cell = have.address.cell
        if have.spec.others:
            return (_put(cell, (), have.spec.others, have.handle),)
        params = {"PolicyHashCondition": have.handle} if have.handle else {}
        return (Call(cell, "glue", "DeleteResourcePolicy", params, done_if=frozenset({"EntityNotFoundException"})),)


def address(cell: Cell) -> Address:
    """The policy of a catalog: there is one."""
    return Address(NAME, cell, "catalog")


def _put(cell: Cell, ours: Iterable[tuple[str, str]], others: Iterable[str], found: str | None) -> Call:
    """Put the whole policy back, on the condition that it still is what was read (`found`: its hash)."""
    every = [*(json.loads(text) for text in others), *(json.loads(text) for _, text in ours)]
    condition: Mapping[str, Any] = (
        {"PolicyHashCondition": found, "PolicyExistsCondition": "MUST_EXIST"}
        if found
        else {"PolicyExistsCondition": "NOT_EXIST"}
    )
    params = {
        "PolicyInJson": json.dumps({"Version": VERSION, "Statement": every}, sort_keys=True),
        # Policies that RAM made exist beside this one.
        "EnableHybrid": "TRUE",
        **condition,
    }
    return Call(cell, "glue", "PutResourcePolicy", params)


def _for_ram(mesh: Mesh) -> dict[str, Any]:
    start = f"arn:{partition(mesh.region)}:glue:{mesh.region}:{mesh.central.id}"
    return {
        "Sid": f"{SID}RamShares",
        "Effect": "Allow",
        "Principal": {"Service": "ram.amazonaws.com"},
        "Action": "glue:ShareResource",
        "Resource": [f"{start}:catalog", f"{start}:database/*", f"{start}:table/*/*"],
    }
