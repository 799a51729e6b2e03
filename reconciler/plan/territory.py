"""Territory: of which kinds something may be the mesh's now that was other people's before, or the other way round."""

from __future__ import annotations

from reconciler.kinds import addresses
from reconciler.kinds.lakeformation import lf_tag
from reconciler.spec.mesh import Mesh


def claims_anew(base: Mesh, mesh: Mesh) -> frozenset[str]:
    """The kinds whose claims a change of documents can change, although nothing that is wanted differs."""
    found: set[str] = set()
    if _tags(base) != _tags(mesh):
        found |= {addresses.LF_TAG, addresses.LF_TAG_VALUE, addresses.TAG_MARK}
    if lf_tag.vocabulary(base).keys() != lf_tag.vocabulary(mesh).keys():
        found |= {addresses.TAG_ASSIGNMENT, addresses.GRANT}
    if _hybrid(base) != _hybrid(mesh):
        found |= {addresses.LOCATION, addresses.OPT_IN, addresses.GRANT}
    return frozenset(found)


def _tags(mesh: Mesh) -> dict[str, object]:
    return {name: tag.model_dump() for name, tag in mesh.tags.items()}


def _hybrid(mesh: Mesh) -> frozenset[str]:
    return frozenset(domain.name for domain in mesh.domains.values() if domain.hybrid)
