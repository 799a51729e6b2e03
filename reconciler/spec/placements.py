"""Where in AWS each document of a mesh has its place: one account and region, decided here and nowhere else."""

from __future__ import annotations

from functools import lru_cache

from reconciler.model.address import Placement
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.adopted import AdoptedGrant
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh


@lru_cache(maxsize=4096)
def _at(account: str, region: str) -> Placement:
    """One object for each: a million permissions say where they are."""
    return Placement(account, region)


def of_account(mesh: Mesh, account: Account) -> Placement:
    """An account of the mesh in the home region: there are its shares, its grants, its work, and what has no region."""
    return _at(account.id, mesh.region)


def in_account(mesh: Mesh, account: Account) -> tuple[Placement, ...]:
    """An account in every region in which something of the mesh is or may be left: the home region first."""
    regions = (mesh.region, *account.regions) if "consumer" in account.parts else (mesh.region,)
    return tuple(_at(account.id, region) for region in dict.fromkeys(regions))


def of_account_id(mesh: Mesh, account: str) -> Placement:
    """The same by the account's twelve digits; also for one that has left the mesh."""
    return _at(account, mesh.region)


def of_catalog(mesh: Mesh) -> Placement:
    """The central catalog: its LF-tags, its grants, and the news of its products."""
    return of_account(mesh, mesh.central)


def of_database(mesh: Mesh, product: Product) -> Placement:
    """The catalog that holds a product's database and tables."""
    del product
    return of_catalog(mesh)


def of_location(mesh: Mesh, domain: Domain) -> Placement:
    """The catalog in which a domain's files are registered, with the role that reads them."""
    del domain
    return of_catalog(mesh)


def of_adopted(mesh: Mesh, grant: AdoptedGrant) -> Placement:
    """Where an adopted permission is given."""
    return _at(mesh.accounts[grant.account].id, grant.region or mesh.region)


def of_domain(mesh: Mesh, domain: Domain) -> Placement:
    """Where a domain keeps its files and does its work: its producer's account."""
    return of_account(mesh, mesh.producer(domain))


def of_product(mesh: Mesh, product: Product) -> Placement:
    """Where the work of a product is done: crawls, quality runs, curation."""
    return of_domain(mesh, mesh.domain(product))


def of_queries(mesh: Mesh, consumer: Consumer) -> tuple[Placement, ...]:
    """Where a consumer queries: links, workgroups and results are in each; none for an organization or unit.

    What it is given, and gives on, is in the home region of its account.
    https://docs.aws.amazon.com/lake-formation/latest/dg/data-access-across-region.html
    """
    account = mesh.reader_account(consumer)
    if account is None:
        return ()
    regions = consumer.regions or account.regions or (mesh.region,)
    return tuple(_at(account.id, region) for region in dict.fromkeys(regions))
