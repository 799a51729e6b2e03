"""survey: a mesh that asks for nothing and lets every kind be read: accounts, and each database as somebody else's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.importing.basis import Basis
from reconciler.importing.naming import Names
from reconciler.model.lakeformation import account_of
from reconciler.spec.documents.account import Account, AccountPart
from reconciler.spec.documents.consumer import Consumer, Principal
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.settings import Roles, Settings, TagKeys
from reconciler.spec.documents.table import Table
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import permission_set_arn

_EVERYTHING = "everything"


def survey(basis: Basis, databases: Iterable[str] = (), people: Iterable[str] = ()) -> Mesh:
    """A mesh of these accounts. Tables and their LF-tags are read in `databases`, which are found with it first, and so
    are the roles of `people` (ARNs).
    """
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
        consumers={consumer.name: consumer for consumer in _consumers(basis, people)},
        subscriptions={},
    )


def _consumers(basis: Basis, people: Iterable[str]) -> Iterator[Consumer]:
    """One an account with all of its roles that have anything."""
    by_account: dict[str, dict[str, Principal]] = {}
    for arn in sorted(people):
        if ":role/" not in arn or account_of(arn) not in basis.accounts:
            continue
        said = permission_set_arn(arn)
        permission_set = said.rpartition("/AWSReservedSSO_")[2] if said else None
        principal = Principal.model_construct(name=arn, permission_set=permission_set, arn=None if said else arn)
        by_account.setdefault(account_of(arn) or "", {})[said or arn] = principal
    for account, principals in by_account.items():
        yield Consumer.model_construct(
            name=account,
            description=_EVERYTHING,
            owner=_EVERYTHING,
            account=account,
            principals=tuple(principals.values()),
        )


def _account(basis: Basis, account: str) -> Account:
    parts: tuple[AccountPart, ...] = ("producer", "consumer")
    if account == basis.central:
        parts = ("central", *parts)
    # Somebody works there already, so an empty list says nothing to a reader from whom Lake Formation may hide things.
    regions = (basis.region, *basis.regions)
    return Account(name=account, id=account, parts=parts, resources="external", regions=regions)
