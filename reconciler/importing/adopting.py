"""Permissions that no document asks for, one by one: what a plan has shown of them, and what explains one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b

from reconciler.importing.basis import Basis
from reconciler.importing.evidence import Evidence
from reconciler.importing.existing import Existing, basis_like
from reconciler.importing.importer import Imported, imported
from reconciler.kinds import registry
from reconciler.kinds.lakeformation.data_filter import DataFilter
from reconciler.kinds.lakeformation.opt_in import OptIn
from reconciler.model.address import Address
from reconciler.model.change import Delete
from reconciler.model.lakeformation import Grant
from reconciler.model.plan import Held, Plan
from reconciler.model.resource import AnyResource, Observation
from reconciler.plan.build import build
from reconciler.plan.diff import Difference
from reconciler.spec.mesh import Mesh

_ADOPTABLE = (Grant, DataFilter, OptIn)


def undeclared(plan: Plan) -> Mapping[str, AnyResource]:
    """What a plan shows as nobody's, or would take away, by a short id that stays the same."""
    shown = [other.resource for other in plan.foreign]
    shown += [step.change.have for step in plan.steps if isinstance(step.change, Delete)]
    return {finding_id(each.address): each for each in shown if isinstance(each.spec, _ADOPTABLE)}


def finding_id(address: Address) -> str:
    """A short id of something found."""
    return blake2b(str(address).encode(), digest_size=4).hexdigest()


def explained(existing: Existing, chosen: Iterable[AnyResource], observation: Observation, given: Basis) -> Imported:
    """The documents that explain what was chosen, and nothing else."""
    only = frozenset(each.address for each in chosen)
    return imported(Evidence(basis_like(existing, given), observation, existing, only))


def revoking(mesh: Mesh, chosen: Iterable[AnyResource], observation: Observation) -> Plan:
    """The plan that takes away what was chosen, and nothing else; what was not seen as a whole is held."""
    kinds = registry()
    changes = [Delete(each) for each in chosen]
    blind = {(gap.kind, gap.placement): gap.reason for gap in observation.gaps}
    seen = tuple(each for each in changes if (each.address.kind, each.address.placement) not in blind)
    held = tuple(
        Held(each, f"not seen as a whole: {blind[each.address.kind, each.address.placement]}")
        for each in changes
        if each not in seen
    )
    return build(Difference(seen, held), observation, mesh, kinds)
