"""Opt-ins of hybrid access mode: for whom Lake Formation decides where IAM decides for everybody else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import OURS, UNMARKABLE, Owner, unmarkable
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.kind import Kind
from reconciler.kinds.lakeformation import lake_settings, lf_codec, location
from reconciler.kinds.sharing.adopted_rights import adopted_targets
from reconciler.kinds.sharing.consumer_grants import rights_of
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.lakeformation import ALL_TABLES, Grant, OnColumns, OnDatabase, OnFilter, OnTable, Target
from reconciler.model.origin import Origin
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.extents import product_at
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import link_in, linked_database, named_in_center, principal_arns
from reconciler.spec.tags import subscribed_products


@dataclass(frozen=True, slots=True)
class OptIn:
    """A principal, and the database, table or all tables (`*`) on which Lake Formation decides for him.

    `links` are those by which he then reads, wherever his account has one.
    """

    principal: str
    target: Target
    condition: str | None = None
    links: tuple[Address, ...] = field(default=(), compare=False)


class OptInKind(Kind[OptIn]):
    """Who subscribes to a product of a hybrid domain is opted in: the account by the owner, its principals by itself.

    Opt-ins take named databases and tables, never tag expressions; across accounts one on all tables counts only
    beside one on the database.
    https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-mode.html
    """

    name = addresses.OPT_IN
    summary = "Opt-ins of subscribers where a domain is in hybrid access mode."
    takes_only_access = True
    decides_access = True
    governed = True
    parts = frozenset({"central", "consumer"})
    reads = ("lakeformation:GetDataLakeSettings", "lakeformation:ListLakeFormationOptIns")
    writes = ("lakeformation:CreateLakeFormationOptIn", "lakeformation:DeleteLakeFormationOptIn")
    changed_by = ("lakeformation:CreateLakeFormationOptIn", "lakeformation:DeleteLakeFormationOptIn")

    def mentions(self, resource: Resource[OptIn]) -> tuple[str, ...]:
        return (resource.spec.principal,)

    def desired(self, mesh: Mesh) -> Iterable[Resource[OptIn]]:
        wanted: dict[Address, Resource[OptIn]] = {}
        for subscription in mesh.subscriptions.values():
            for each in opt_ins_of(mesh, subscription):
                wanted.setdefault(each.address, each)
        for each in _adopted(mesh):
            wanted.setdefault(each.address, each)
        return wanted.values()

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[OptIn]]:
        """The account's own list; not asked for where no place is hybrid, because there an opt-in decides nothing."""
        if (placement != placements.of_catalog(mesh) and not _matters(aws, mesh)) or not lake_settings.administers(
            aws, placement, mesh
        ):
            return
        rows = aws.pages(
            placement,
            "lakeformation",
            "ListLakeFormationOptIns",
            {"MaxResults": 1000},
            items="LakeFormationOptInsInfoList",
        )
        for row in rows:
            condition = row.get("Condition", {}).get("Expression") or None
            for target in lf_codec.decode_targets(row["Resource"], placement.account):
                principal = row["Principal"]["DataLakePrincipalIdentifier"]
                spec = OptIn(principal, target, condition, _links(mesh, placement, target))
                yield Resource(addresses.opt_in(placement, spec.principal, target, condition), spec)

    def needs(self, resource: Resource[OptIn]) -> Iterable[Address]:
        """The target, who is opted in, and what he is granted: until then IAM decides and he loses nothing."""
        placement, spec = resource.address.placement, resource.spec
        yield addresses.lake_settings(placement)
        if f":iam::{placement.account}:role/" in spec.principal:
            yield addresses.iam_role(placement, spec.principal)
        if named := named_in_center(spec.principal):
            yield addresses.center_identity(placement, *named)
        if not isinstance(spec.target, OnDatabase | OnTable):
            return
        owner, name = Placement(spec.target.catalog, placement.region), spec.target.database
        yield addresses.database(owner, name)
        if isinstance(spec.target, OnTable) and spec.target.table != ALL_TABLES:
            yield addresses.table(owner, name, spec.target.table)
        for link in spec.links:
            yield link
            seen = OnDatabase(link.placement.account, link.name)
            yield addresses.grant(link.placement, Grant(spec.principal, seen, "DESCRIBE"))

    def owner(self, have: Resource[OptIn], ownership: Ownership) -> Owner:
        target = have.spec.target
        if not isinstance(target, OnDatabase | OnTable) or not ownership.holds_database(
            Placement(target.catalog, have.address.placement.region), target.database
        ):
            return UNMARKABLE
        name = linked_database(target.database)
        product = product_at(ownership.mesh, name, target.table if isinstance(target, OnTable) else "")
        if ownership.reports(have.spec.principal, name, product):
            return unmarkable("an opt-in that no subscription asks for")
        return OURS

    def create(self, want: Resource[OptIn]) -> tuple[Call, ...]:
        return (_call(want, "CreateLakeFormationOptIn"),)

    def update(self, have: Resource[OptIn], want: Resource[OptIn]) -> tuple[Call, ...]:
        raise AssertionError(f"an opt-in has nothing to update: {want.address}")

    def delete(self, have: Resource[OptIn]) -> tuple[Call, ...]:
        return (_call(have, "DeleteLakeFormationOptIn", frozenset({"EntityNotFoundException"})),)


def opt_ins_of(mesh: Mesh, subscription: Subscription) -> Iterable[Resource[OptIn]]:
    """The opt-ins that a subscription asks for; none where no domain that it reaches is hybrid."""
    for target in _targets(mesh, subscription):
        for placement, principal, origin in _principals(mesh, subscription):
            spec = OptIn(principal, target, links=_links(mesh, placement, target))
            yield Resource(addresses.opt_in(placement, principal, target), spec, origin)


def _adopted(mesh: Mesh) -> Iterable[Resource[OptIn]]:
    for document in mesh.adopted.values():
        for number, each in enumerate(document.opt_ins):
            placement = placements.of_account(mesh, mesh.accounts[each.account])
            for target in adopted_targets(mesh, each.resource):
                where = addresses.opt_in(placement, each.principal, target, each.condition)
                spec = OptIn(each.principal, target, each.condition)
                yield Resource(where, spec, document.at("optIns", number))


def _matters(aws: Reader, mesh: Mesh) -> bool:
    """Whether any place is hybrid, or shall be."""
    return any(domain.hybrid for domain in mesh.domains.values()) or any(
        place.spec.hybrid for place in location.LocationKind().observe(aws, placements.of_catalog(mesh), mesh)
    )


def _call(of: Resource[OptIn], operation: str, success_errors: frozenset[str] = frozenset()) -> Call:
    spec = of.spec
    params: dict[str, object] = {
        "Principal": {"DataLakePrincipalIdentifier": spec.principal},
        "Resource": lf_codec.encode(spec.target),
    }
    if spec.condition:
        params["Condition"] = {"Expression": spec.condition}
    return Call(of.address.placement, "lakeformation", operation, params, success_errors=success_errors)


def _targets(mesh: Mesh, subscription: Subscription) -> Iterable[Target]:
    """What a subscription opens in hybrid domains: databases with all their tables, or the tables that it names."""
    catalog = mesh.central.id
    for product in subscribed_products(mesh, subscription):
        if not mesh.domain(product).hybrid:
            continue
        if not subscription.tables and product.is_part:
            for table in product.tables:
                yield OnTable(catalog, product.database_of(table), table.name)
            continue
        if not subscription.tables:
            for database in product.databases:
                yield OnDatabase(catalog, database)
                yield OnTable(catalog, database, ALL_TABLES)
            continue
        for target, _ in rights_of(mesh, subscription):
            assert isinstance(target, OnTable | OnColumns | OnFilter)
            yield OnTable(catalog, target.database, target.table)


def _links(mesh: Mesh, placement: Placement, target: Target) -> tuple[Address, ...]:
    """The links to a target's database that the account of a placement may have, in each of its regions."""
    account, catalog = mesh.account_by_id(placement.account), placements.of_catalog(mesh)
    if account is None or not isinstance(target, OnDatabase | OnTable) or target.catalog != catalog.account:
        return ()
    name = link_in(mesh, account.id, target.database)
    return tuple(
        addresses.resource_link(each, name) for each in placements.in_account(mesh, account) if each != catalog
    )


def _principals(mesh: Mesh, subscription: Subscription) -> Iterable[tuple[Placement, str, Origin]]:
    """Who is opted in by whom: principals in their own account, an account that receives a share by the owner."""
    account = mesh.reader_account(mesh.consumer(subscription))
    if account is None:
        return
    if account.id != mesh.central.id and subscription.share == "account":
        yield placements.of_catalog(mesh), account.id, subscription.origin
    placement = placements.of_account(mesh, account)
    for number, principal in enumerate(principal_arns(mesh, subscription)):
        yield placement, principal, subscription.at("principals", number)
