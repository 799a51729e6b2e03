"""survey: a mesh that asks for nothing and lets every kind be read: accounts, and each database as somebody else's."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.importing.basis import Basis
from reconciler.importing.naming import Names
from reconciler.spec.documents.account import Account, AccountPart
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.settings import Roles, Settings, TagKeys
from reconciler.spec.documents.table import Table
from reconciler.spec.mesh import Mesh

_EVERYTHING = "everything"


def survey(basis: Basis, databases: Iterable[str] = ()) -> Mesh:
    """A mesh of these accounts. Tables and their LF-tags are read in `databases`, which are found with it first."""
    accounts = {name: _account(basis, name) for name in (basis.central, *basis.others)}
    settings = Settings(
        name=basis.name,
        region=basis.region,
        central=basis.central,
        roles=Roles(plan=basis.plan_role, apply=basis.apply_role),
        # Keys that no catalog has: whatever is found is other people's until a document says otherwise.
        tag_keys=TagKeys(product="meshform:no product", domain="meshform:no domain"),
    )
    domain = Domain(
        name=_EVERYTHING, description=_EVERYTHING, owner=_EVERYTHING, account=basis.central, resources="external"
    )
    names = Names()
    products = [
        # Unchecked: a database is looked at whatever its name.
        Product.model_construct(
            name=names.taken(f"database {database}", database),
            domain=domain.name,
            owner=_EVERYTHING,
            description=_EVERYTHING,
            database_=database,
            tables=(Table(name="-"),),
        )
        for database in sorted(databases)
    ]
    return Mesh(
        settings,
        accounts,
        tags={},
        domains={domain.name: domain},
        products={product.name: product for product in products},
        consumers={},
        subscriptions={},
    )


def _account(basis: Basis, account: str) -> Account:
    parts: tuple[AccountPart, ...] = ("producer", "consumer")
    if account == basis.central:
        parts = ("central", *parts)
    # Somebody works there already, so an empty list says nothing to a reader from whom Lake Formation may hide things.
    return Account(name=account, id=account, parts=parts, resources="external")
