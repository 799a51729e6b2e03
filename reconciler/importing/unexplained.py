"""What no document says of what was found, and what is to be kept of it word for word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reconciler.importing.evidence import Evidence
from reconciler.kinds import registry
from reconciler.kinds.glue.catalog_policy import CatalogPolicy
from reconciler.kinds.iam.permission_sets import with_their_roles
from reconciler.kinds.lakeformation.data_filter import DataFilter
from reconciler.kinds.lakeformation.lf_tag_mark import TagMark
from reconciler.kinds.lakeformation.opt_in import OptIn
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.ram.received import BY_RAM
from reconciler.kinds.territory import ownership_of
from reconciler.model.lakeformation import Grant, OnSavedExpression
from reconciler.model.resource import AnyResource
from reconciler.plan.compile import compile_mesh
from reconciler.spec.mesh import Mesh

_KEPT = (Grant, DataFilter, OptIn, TagAssignment)


def unexplained(evidence: Evidence, mesh: Mesh) -> Iterable[AnyResource]:
    """What a mesh that decides about permissions would take away or has no word for, though it is on what is its.

    Of Meshform's own roles only what it would take away: the rest comes with what they have made.
    """
    kinds, observation = registry(), evidence.observation
    wanted = with_their_roles(compile_mesh(mesh, kinds), observation)
    territory = mesh.territory.model_copy(update={"undeclared_grants": "revoke"})
    deciding = replace(mesh, settings=mesh.settings.model_copy(update={"territory": territory}))
    ownership = ownership_of(deciding, wanted, observation.found)
    for address, resource in observation.found.items():
        if address in wanted:
            continue
        if not isinstance(resource.spec, _KEPT):
            if isinstance(resource.spec, CatalogPolicy) and mesh.settings.cross_account_version < BY_RAM:
                yield resource
            continue
        owner = kinds[address.kind].owner(resource, ownership)
        if owner.is_ours or owner.note or _is_others(evidence, resource):
            yield resource


def named_expressions(evidence: Evidence, mesh: Mesh, left: Iterable[AnyResource]) -> Iterable[AnyResource]:
    """The saved LF-tag expressions by which any of what is left is granted, but those that documents have."""
    targets = (each.spec.target for each in left if isinstance(each.spec, Grant))
    named = {target.name for target in targets if isinstance(target, OnSavedExpression)}
    named -= {each.name for adopted in mesh.adopted.values() for each in adopted.expressions}
    return (each for each in evidence.found.of(TagMark) if each.address.name in named)


def _is_others(evidence: Evidence, resource: AnyResource) -> bool:
    """Whether it is a permission of somebody on the central catalog, and not on what another mesh has made."""
    spec = resource.spec
    if not isinstance(spec, Grant) or spec.own or spec.target.catalog != evidence.basis.central:
        return False
    if resource.address.placement.region != evidence.basis.region:
        return False
    return evidence.mesh_of(getattr(spec.target, "database", "")) is None
