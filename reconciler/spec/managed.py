"""What of the mesh Meshform makes and keeps, and what was there before and is only used (`resources: external`)."""

from __future__ import annotations

from reconciler.spec.documents.account import Account
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.lftag import LFTag
from reconciler.spec.documents.product import Product
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh


def is_managed(document: Account | Domain) -> bool:
    """Whether Meshform makes and keeps what an account or a domain needs."""
    return document.resources == "managed"


def is_managed_account(mesh: Mesh, account_id: str) -> bool:
    """The same of the account with these 12 digits; of one that is not the mesh's it is so."""
    account = mesh.account_by_id(account_id)
    return account is None or is_managed(account)


def is_managed_key(tag: LFTag) -> bool:
    """Whether an LF-tag key, its values and its mark are made by Meshform."""
    return tag.ownership != "external"


@memo
def external_databases(mesh: Mesh) -> frozenset[str]:
    """The databases of products that Meshform does not make, and of no others."""
    managed = {database for each in managed_products(mesh) for database in each.databases}
    return frozenset(database for each in mesh.products.values() for database in each.databases) - managed


@memo
def managed_domains(mesh: Mesh) -> tuple[Domain, ...]:
    """The domains whose buckets, locations, databases and tables Meshform makes and keeps, by name."""
    return tuple(domain for domain in mesh.domains.values() if is_managed(domain))


@memo
def managed_products(mesh: Mesh) -> tuple[Product, ...]:
    """The products of those domains, by name: only they carry the mesh's own LF-tags, links and notices."""
    return tuple(product for product in mesh.products.values() if is_managed(mesh.domain(product)))
