"""What was there before the mesh and is wanted as it is: the permissions of Adopted documents."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.sharing.wanted_grant import WantedGrant, wanted_grant
from reconciler.model.lakeformation import Grant, Target
from reconciler.model.target_fields import targets_of
from reconciler.spec import placements
from reconciler.spec.documents.adopted import AdoptedResource
from reconciler.spec.mesh import Mesh


def adopted_grants(mesh: Mesh) -> Iterable[WantedGrant]:
    """Every permission of the Adopted documents, in the account that gives it."""
    for document in mesh.adopted.values():
        written = document.source_map
        for number, entry in enumerate(document.grants):
            placement = placements.of_adopted(mesh, entry)
            origin = written.at("grants", number)
            for target in adopted_targets(mesh, entry.resource):
                for permission in entry.permissions:
                    grantable = permission in entry.grantable
                    grant = Grant(entry.principal, target, permission, grantable, entry.condition)
                    yield wanted_grant(placement, grant, origin)


def adopted_targets(mesh: Mesh, resource: AdoptedResource) -> Iterable[Target]:
    """A target in the mesh language as Lake Formation's: one, but one for each value of an LF-tag."""
    return targets_of(dict(resource), mesh.central.id)
