"""What stewards of the central account and associators of LF-tags may do with tags."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.lakeformation.tag_vocabulary import vocabulary
from reconciler.kinds.sharing.wanted_grant import WantedGrant, each
from reconciler.model.lakeformation import OnTag
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import steward_arns

TAGGING = ("ASSOCIATE", "DESCRIBE")
"""What whoever puts tags on data needs on each value."""


def governance_grants(mesh: Mesh) -> Iterable[WantedGrant]:
    """Central stewards may put every tag of the mesh on what it owns; a domain's account those it was given.

    LF-tag permissions cross accounts only with the grant option.
    https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-granting-tags.html
    """
    placement, catalog = placements.of_catalog(mesh), mesh.central.id
    for key, (values, _) in vocabulary(mesh).items():
        for value in values:
            for steward in steward_arns(mesh, mesh.central):
                target = OnTag(catalog, key, value)
                yield from each(placement, steward, target, TAGGING, mesh.central.at("stewards"))
    for tag in mesh.tags.values():
        for number, name in enumerate(tag.associators):
            account = mesh.producer(mesh.domains[name])
            for value in () if tag.retired else tag.value_names:
                yield from each(
                    placement,
                    account.id,
                    OnTag(catalog, tag.name, value),
                    TAGGING,
                    tag.at("associators", number),
                    grantable=account.id != catalog,
                )
