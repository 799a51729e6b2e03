"""Resource links: a database in a producer's or consumer's catalog that stands for one of the central catalog."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.kinds import addresses
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.glue.database import found_databases
from reconciler.kinds.kind import ELSEWHERE, OURS, Claim, Kind, foreign
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.read_scope import Place
from reconciler.model.reader import Reader
from reconciler.model.resource import Origin, Resource
from reconciler.spec import placements
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import link_name
from reconciler.spec.tags import subscribed_products


@dataclass(frozen=True, slots=True)
class ResourceLink:
    """What it stands for: a database of another catalog."""

    catalog: str
    database: str


class ResourceLinkKind(Kind[ResourceLink]):
    """Athena needs a link. UpdateDatabase on a link would change its target, so a link is never updated.

    https://docs.aws.amazon.com/lake-formation/latest/dg/resource-links-glue-apis.html
    """

    name = addresses.RESOURCE_LINK
    summary = "Links to central databases in the accounts of producers and consumers."
    decides_access = True
    governed = True
    parts = frozenset({"producer", "consumer"})
    reads = ("glue:GetDatabases",)
    writes = ("glue:CreateDatabase", "glue:DeleteDatabase")

    def read_with(self, resource: Resource[ResourceLink]) -> Iterable[tuple[Place, str | None]]:
        """Whether a link leads nowhere shows where it leads to."""
        yield (addresses.DATABASE, Placement(resource.spec.catalog, resource.address.placement.region)), None

    def desired(self, mesh: Mesh) -> Iterable[Resource[ResourceLink]]:
        links: dict[Address, Resource[ResourceLink]] = {}
        for placement, product, origin in _wanted(mesh):
            owner = placements.of_database(mesh, product)
            if placement != owner:
                where = addresses.resource_link(placement, link_name(product.database))
                links.setdefault(where, Resource(where, ResourceLink(owner.account, product.database), origin))
        return links.values()

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[ResourceLink]]:
        for row in found_databases(aws, placement):
            target = row.get("TargetDatabase")
            if target and row.get("CatalogId", placement.account) == placement.account:
                yield Resource(
                    addresses.resource_link(placement, row["Name"].lower()),
                    ResourceLink(target["CatalogId"], target["DatabaseName"].lower()),
                )

    def needs(self, resource: Resource[ResourceLink]) -> Iterable[Address]:
        placement = resource.address.placement
        yield addresses.lake_settings(placement)
        yield addresses.ram_acceptance(placement)
        yield addresses.database(Placement(resource.spec.catalog, placement.region), resource.spec.database)

    def claim(self, have: Resource[ResourceLink], ownership: Ownership) -> Claim:
        if have.spec.catalog != ownership.catalog:
            return ELSEWHERE
        if have.spec.database not in ownership.databases:
            gone = ownership.known and have.spec.database not in ownership.known
            return foreign("a link to a database that is gone") if gone else ELSEWHERE
        if have.address.name == link_name(have.spec.database):
            return OURS
        return foreign("a link to the central catalog under a name that is not ours")

    def create(self, want: Resource[ResourceLink]) -> tuple[Call, ...]:
        placement, spec = want.address.placement, want.spec
        target = {"CatalogId": spec.catalog, "DatabaseName": spec.database}
        params = {
            "CatalogId": placement.account,
            "DatabaseInput": {"Name": want.address.name, "TargetDatabase": target},
        }
        return (Call(placement, "glue", "CreateDatabase", params),)

    def update(self, have: Resource[ResourceLink], want: Resource[ResourceLink]) -> tuple[Call, ...]:
        return (*self.delete(have), *self.create(want))

    def delete(self, have: Resource[ResourceLink]) -> tuple[Call, ...]:
        params = {"CatalogId": have.address.placement.account, "Name": have.address.name}
        gone = frozenset({"EntityNotFoundException"})
        return (Call(have.address.placement, "glue", "DeleteDatabase", params, success_errors=gone),)


def _wanted(mesh: Mesh) -> Iterable[tuple[Placement, Product, Origin]]:
    """Place, product and the line that asks: the producer of each product, and whoever subscribes."""
    for product in mesh.products.values():
        yield placements.of_product(mesh, product), product, product.origin
    for subscription in mesh.subscriptions.values():
        placement = placements.of_consumer(mesh, mesh.consumer(subscription))
        if placement is not None:
            for product in subscribed_products(mesh, subscription):
                yield placement, product, subscription.origin
