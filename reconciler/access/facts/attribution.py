"""Attribution: whose a principal, a database and a grant are, by the documents of the mesh."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.access.facts.access_fact import NO_TERMS, PrincipalType, Terms
from reconciler.access.state.principal_directory import is_account, is_organization
from reconciler.kinds.sharing.consumer_grants import consumer_grants_of
from reconciler.model.address import Address
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.extents import product_at
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import (
    domain_steward_arns,
    iam_arn,
    own_role,
    permission_set_arn,
    principal_arn,
    steward_arns,
    writer_arn,
)

FOR_EVER = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Attribution:
    """What the documents of a mesh say about what AWS has.

    consumers      principal → name of the Consumer
    stewards       ARNs of stewards of accounts and domains
    writers        ARNs of the roles that write products
    assumed        ARNs of the roles as which Meshform plans and applies
    subscriptions  address of a grant → names of the subscriptions that ask for it, sorted
    """

    mesh: Mesh
    consumers: Mapping[str, str]
    stewards: frozenset[str]
    writers: frozenset[str]
    assumed: frozenset[str]
    subscriptions: Mapping[Address, tuple[str, ...]]

    def product(self, catalog: str, database: str, table: str = "") -> Product | None:
        """The product whose table it is, or whose database; None where that is nobody's alone."""
        return product_at(self.mesh, database, table) if catalog == self.mesh.central.id else None

    def principal_type(self, principal: str) -> PrincipalType:
        """Who a grantee is to the mesh."""
        if principal == IAM_ALLOWED_PRINCIPALS:
            return "everybody"
        if is_account(principal):
            return "account"
        if is_organization(principal):
            return "organization"
        if (permission_set_arn(principal) or principal) in self.consumers:
            return "reader"
        if principal in self.stewards:
            return "steward"
        if principal in self.writers:
            return "writer"
        is_made = f":role/{own_role(self.mesh, '')}" in principal
        return "machinery" if is_made or principal in self.assumed else "other"

    def giving(self, address: Address, table: str, column: str) -> tuple[str, ...]:
        """Which of the subscriptions that ask for a grant ask for this column: one grant names the columns of all."""
        names = self.subscriptions.get(address, ())
        its = tuple(name for name in names if _names(self.mesh.subscriptions[name], table, column)) if names[1:] else ()
        # A partition key, which nobody names, comes with any of them.
        return its or names

    def terms(self, names: Iterable[str]) -> Terms:
        """The terms of that of the subscriptions which lasts longest."""
        known = [self.mesh.subscriptions[name] for name in names if name in self.mesh.subscriptions]
        if not known:
            return NO_TERMS
        return _terms(max(known, key=lambda each: (str(each.expires or FOR_EVER), each.name)))


@memo
def attribution(mesh: Mesh) -> Attribution:
    """The attribution by a mesh; worked out once."""
    stewards = [arn for account in mesh.accounts.values() for arn in steward_arns(mesh, account)]
    stewards += [arn for domain in mesh.domains.values() for arn in domain_steward_arns(mesh, domain)]
    asked: dict[Address, dict[str, None]] = {}
    for subscription in mesh.subscriptions.values():
        for wanted in consumer_grants_of(mesh, subscription):
            asked.setdefault(wanted.address, {})[subscription.name] = None
    consumers: dict[str, str] = {}
    for consumer in mesh.consumers.values():
        consumers |= {principal_arn(mesh, consumer, each): consumer.name for each in consumer.principals}
    return Attribution(
        mesh,
        consumers,
        frozenset(stewards),
        frozenset(writer_arn(mesh, product, each) for product in mesh.products.values() for each in product.writers),
        frozenset(
            iam_arn(mesh, account, name)
            for account in mesh.accounts.values()
            for name in (mesh.settings.roles.plan, mesh.settings.roles.apply)
        ),
        {address: tuple(sorted(names)) for address, names in asked.items()},
    )


def _names(subscription: Subscription, table: str, column: str) -> bool:
    """Whether a subscription asks for a column, as far as its grants do not say it; a field counts as its column."""
    shared = next((each for each in subscription.tables if each.name == table), None)
    if shared is None:
        return not subscription.tables
    named = {name.partition(".")[0] for name in shared.columns}
    return (not named or column in named) and column not in shared.exclude


def _terms(subscription: Subscription) -> Terms:
    approval = subscription.approval
    return Terms(
        subscription.name,
        subscription.purpose,
        str(subscription.expires or ""),
        approval.by if approval else "",
        str(approval.at) if approval else "",
        (approval.ticket or "") if approval else "",
    )
