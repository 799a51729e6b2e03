"""Resource links: a database in a producer's or consumer's catalog that stands for one of the central catalog."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import OURS, UNMARKED, Owner
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.glue.database import found_databases
from reconciler.kinds.kind import Kind
from reconciler.kinds.lakeformation.lf_codec import encode, in_database
from reconciler.kinds.lakeformation.used_databases import link_put, used_databases
from reconciler.kinds.sharing.reconciler_rights import apply_role_arn
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.catalogs import CatalogId
from reconciler.model.change import Change, Delete, Update
from reconciler.model.lakeformation import OnDatabase
from reconciler.model.origin import Origin
from reconciler.model.plan import Foreign
from reconciler.model.read_scope import Place
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.managed import external_databases, is_managed, managed_products
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import behind_chosen_link, is_linked, link_in, link_name
from reconciler.spec.pieces import piece
from reconciler.spec.tags import subscribed_products


@dataclass(frozen=True, slots=True)
class ResourceLink:
    """What it stands for: a database of another catalog; of none where a database itself has the name.

    `region` is that of the database, empty where it is the link's own. `maker` is the role that makes and drops it.
    Of one that was found, `marks` says how the mesh's marks of its database are called; None where nobody looked.
    """

    catalog: str
    database: str
    region: str = ""
    maker: str = field(default="", compare=False)
    marks: tuple[str, ...] | None = field(default=None, compare=False)


class ResourceLinkKind(Kind[ResourceLink]):
    """Athena needs a link. UpdateDatabase on a link would change its target, so a link is never updated.

    One in another region names the region of the database; what it leads to is shared and granted there.
    https://docs.aws.amazon.com/lake-formation/latest/dg/resource-links-glue-apis.html
    https://docs.aws.amazon.com/lake-formation/latest/dg/data-access-across-region.html
    """

    name = addresses.RESOURCE_LINK
    summary = "Links to central databases in the accounts of producers and consumers."
    takes_only_access = True
    decides_access = True
    governed = True
    parts = frozenset({"producer", "consumer"})
    is_regional = True
    reads = ("glue:GetDatabases", "lakeformation:ListLFTagExpressions")
    writes = (
        "glue:CreateDatabase",
        "glue:DeleteDatabase",
        "lakeformation:BatchGrantPermissions",
        "lakeformation:GrantPermissions",
    )
    changed_by = ("glue:CreateDatabase", "glue:UpdateDatabase", "glue:DeleteDatabase")

    def read_with(self, resource: Resource[ResourceLink]) -> Iterable[tuple[Place, str | None]]:
        """Whether a link leads nowhere shows where it leads to; of a database of others, its mark lists our links."""
        for kind in (addresses.DATABASE, addresses.USED_MARK):
            yield (kind, _target(resource)), None

    def desired(self, mesh: Mesh) -> Iterable[Resource[ResourceLink]]:
        links: dict[Address, Resource[ResourceLink]] = {}
        for each in _wanted(mesh):
            links.setdefault(each.address, each)
        return links.values()

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[ResourceLink]]:
        """Every link of the account's own catalog, and the databases that have the name of a wanted one."""
        wanted, maker = self.wanted(mesh, placement), apply_role_arn(mesh, placement)
        marks = used_databases(aws, mesh)
        for row in found_databases(aws, placement):
            where, target = addresses.resource_link(placement, row["Name"].lower()), row.get("TargetDatabase")
            if row.get("CatalogId", placement.account) != placement.account:
                continue
            if target:
                region = target.get("Region") or placement.region
                away = "" if region == placement.region else region
                within = CatalogId.parse(target["CatalogId"])
                stands_for = within.holding(target["DatabaseName"].lower())
                of_database = marks.get(stands_for, ())
                yield Resource(where, ResourceLink(within.account, stands_for, away, maker, of_database))
            elif where in wanted:
                yield Resource(where, ResourceLink("", ""))

    def needs(self, resource: Resource[ResourceLink]) -> Iterable[Address]:
        placement, target = resource.address.placement, _target(resource)
        yield addresses.lake_settings(placement)
        yield addresses.ram_acceptance(Placement(placement.account, target.region))
        yield addresses.database(target, resource.spec.database)

    def owner(self, have: Resource[ResourceLink], ownership: Ownership) -> Owner:
        """A link carries no mark; it is ours by its name and by what it stands for, or listed beside that."""
        name, spec = have.address.name, have.spec
        if _target(have) != ownership.place:
            return UNMARKED
        if spec.database not in ownership.databases:
            gone = ownership.known and spec.database not in ownership.known
            return Owner("unmarked", note="a link to a database that is gone" if gone else "")
        if spec.database in ownership.used or spec.database in external_databases(ownership.mesh):
            return OURS if link_put(have.address, spec.database) in ownership.listed else UNMARKED
        if _is_own_name(ownership, have.address.placement.account, name):
            return OURS
        return Owner("unmarked", note="a link to the central catalog under a name that is not ours")

    def before(self, change: Change) -> Iterable[Address]:
        """The mark that lists it goes after it."""
        if isinstance(change, Delete):
            for name in change.have.spec.marks or ():
                yield addresses.used_mark(_target(change.have), name)

    def blocked(self, change: Change, foreign: Iterable[Foreign]) -> str | None:
        """Nothing is deleted to make room for a link."""
        if isinstance(change, Update) and not change.have.spec.catalog:
            return f"the name is taken: {change.address.name} is a database there and no link"
        return None

    def shortfalls(self, want: Resource[ResourceLink], have: Resource[ResourceLink]) -> Iterable[str]:
        if have.spec != want.spec:
            there = have.spec
            is_link = f"a link to {there.catalog}:{there.database}" if there.catalog else "a database there and no link"
            yield f"the name is taken: {want.address.name} is {is_link}; choose another one by `links` of the Consumer"

    def create(self, want: Resource[ResourceLink]) -> tuple[Call, ...]:
        placement, spec = want.address.placement, want.spec
        region = {"Region": spec.region} if spec.region else {}
        target = {**in_database(spec.catalog, spec.database), **region}
        params = {
            "CatalogId": placement.account,
            "DatabaseInput": {"Name": want.address.name, "TargetDatabase": target},
        }
        return (Call(placement, "glue", "CreateDatabase", params),)

    def update(self, have: Resource[ResourceLink], want: Resource[ResourceLink]) -> tuple[Call, ...]:
        return (*self.delete(have), *self.create(want))

    def delete(self, have: Resource[ResourceLink]) -> tuple[Call, ...]:
        """A link may be dropped by the role that made it, which may have been another one: so it is granted first.

        https://docs.aws.amazon.com/lake-formation/latest/dg/resource-links-about.html
        """
        placement, gone = have.address.placement, frozenset({"EntityNotFoundException"})
        may_drop = {
            "Principal": {"DataLakePrincipalIdentifier": have.spec.maker},
            "Resource": encode(OnDatabase(placement.account, have.address.name)),
            "Permissions": ["DROP"],
        }
        params = {"CatalogId": placement.account, "Name": have.address.name}
        return (
            Call(placement, "lakeformation", "GrantPermissions", may_drop, success_errors=gone),
            Call(placement, "glue", "DeleteDatabase", params, success_errors=gone),
        )


def _is_own_name(ownership: Ownership, account: str, name: str) -> bool:
    """Whether a link of the mesh is called so in an account: one that leads to another database of the mesh is ours,
    turned by a hand."""
    chosen = behind_chosen_link(ownership.mesh, account, name)
    return chosen in ownership.databases or name in _usual_names(ownership.databases)


@lru_cache(maxsize=8)
def _usual_names(databases: frozenset[str]) -> frozenset[str]:
    return frozenset(map(link_name, databases))


def _target(link: Resource[ResourceLink]) -> Placement:
    """The catalog that a link leads to."""
    return Placement(link.spec.catalog, link.spec.region or link.address.placement.region)


def _wanted(mesh: Mesh) -> Iterable[Resource[ResourceLink]]:
    """For the producer of each product, and for whoever subscribes."""
    for product in managed_products(mesh):
        yield from piece(mesh, _of_product, product)
    for consumer in mesh.consumers.values():
        for name in consumer.links:
            linked = mesh.products.get(name)
            if linked is not None and not is_managed(mesh.domain(linked)):
                for placement in placements.of_queries(mesh, consumer):
                    yield from _links(mesh, placement, linked, consumer.at("links", name))
    for subscription in mesh.subscriptions.values():
        reached = mesh.product(subscription)
        if reached is None:
            yield from _of_subscription(mesh, subscription)
        else:
            yield from piece(mesh, _of_subscription, subscription, mesh.consumer(subscription), reached)


def _of_product(mesh: Mesh, product: Product) -> Iterable[Resource[ResourceLink]]:
    return _links(mesh, placements.of_product(mesh, product), product, product.origin)


def _of_subscription(mesh: Mesh, subscription: Subscription) -> Iterable[Resource[ResourceLink]]:
    for placement in placements.of_queries(mesh, mesh.consumer(subscription)):
        for product in subscribed_products(mesh, subscription):
            if is_linked(mesh, placement.account, product):
                yield from _links(mesh, placement, product, subscription.origin)


def _links(mesh: Mesh, placement: Placement, product: Product, origin: Origin) -> Iterable[Resource[ResourceLink]]:
    """Those to a product's databases in one place, for the line that asks."""
    owner = placements.of_database(mesh, product)
    for database in product.databases if placement != owner else ():
        where = addresses.resource_link(placement, link_in(mesh, placement.account, database))
        region = "" if owner.region == placement.region else owner.region
        yield Resource(where, ResourceLink(owner.account, database, region, apply_role_arn(mesh, placement)), origin)
