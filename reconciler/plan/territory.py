"""Territory: of which kinds something may be the mesh's now that was other people's before, or the other way round."""

from __future__ import annotations

from reconciler.kinds.lakeformation import grant, lf_tag, lf_tag_mark, lf_tag_value, location, opt_in, tag_assignment
from reconciler.spec.mesh import Mesh


def claims_anew(base: Mesh, mesh: Mesh) -> frozenset[str]:
    """The kinds whose claims a change of documents can change, although nothing that is wanted differs."""
    found: set[str] = set()
    if _tags(base) != _tags(mesh):
        found |= {lf_tag.NAME, lf_tag_value.NAME, lf_tag_mark.NAME}
    if lf_tag.vocabulary(base).keys() != lf_tag.vocabulary(mesh).keys():
        found |= {tag_assignment.NAME, grant.NAME}
    if _hybrid(base) != _hybrid(mesh):
        found |= {location.NAME, opt_in.NAME, grant.NAME}
    return frozenset(found)


def _tags(mesh: Mesh) -> dict[str, object]:
    return {name: tag.model_dump() for name, tag in mesh.tags.items()}


def _hybrid(mesh: Mesh) -> frozenset[str]:
    return frozenset(domain.name for domain in mesh.domains.values() if domain.hybrid)
