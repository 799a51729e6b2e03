"""Names that consumers choose for links: of products that they read, one for each, and no other link's."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.settings import Settings
from reconciler.spec.managed import is_managed
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import link_name
from reconciler.spec.rule import Rule
from reconciler.spec.tags import subscribed_products
from reconciler.spec.unchecked_mesh import UncheckedMesh

Read = tuple[str | None, str]
"""An account, and what is read or called something in it."""

LINK = Rule(
    "link-name",
    "error",
    "A consumer names the links of products, each in one way and none like another.",
    "Consumers of one account share a link, so they give it one name. Links in the account that keeps a product's data "
    "keep their usual name rl_<database>; the central account has none in the home region.",
)
UNUSED = Rule(
    "unused-link",
    "note",
    "A link that has a name is made.",
    "A link is made for a product that a subscription of the consumer reaches. Delete the entry if that is not meant.",
    when_sound=True,
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about `links` of consumers."""
    products, domains = unchecked.named(Product), unchecked.named(Domain)
    usual = {link_name(name): name for product in products.values() for name in product.databases}
    read = set(_read(unchecked.mesh)) if unchecked.mesh else set[Read]()
    chosen: dict[Read, tuple[str, Consumer]] = {}
    taken: dict[Read, str] = {}
    settings = next(iter(unchecked.all(Settings)), None)
    for consumer in unchecked.all(Consumer):
        account = consumer.account
        if consumer.links and not _has_links(settings, consumer, unchecked.account_of(consumer)):
            message = f"{consumer.name} reads in the central account or is an organization: it has no links"
            yield LINK.broken(consumer.at("links"), message)
            continue
        for name, link in consumer.links.items():
            origin = consumer.at("links", name)
            product = products.get(name)
            if product is None:
                if not unchecked.knows(Product, name):
                    near = unchecked.near_document(Product, name)
                    yield LINK.broken(origin, f"there is no product {name}{near}")
                continue
            domain = domains.get(product.domain)
            if domain is not None and is_managed(domain) and domain.account == account:
                message = f"the domain {domain.name} keeps its data in this account; its links keep their usual name"
                yield LINK.broken(origin, message)
            # Products that share a database share its link.
            known = chosen.setdefault((account, product.database), (link, consumer))
            if known[0] != link:
                yield LINK.broken(origin, f"{known[1].name} calls the same link {known[0]} ({known[1].origin})")
                continue
            if usual.get(link, product.database) != product.database:
                yield LINK.broken(origin, f"{link} is the usual name of the link to {usual[link]}")
            elif taken.setdefault((account, link), product.database) != product.database:
                yield LINK.broken(origin, f"{link} is already the link to {taken[account, link]}")
            elif (account, name) not in read and (domain is None or is_managed(domain)):
                yield UNUSED.broken(origin, f"no subscription in this account reaches {name}, so no link is made")


def _has_links(settings: Settings | None, consumer: Consumer, account: Account | None) -> bool:
    """Whether a consumer reads by links: not as an organization, nor where the catalog itself is."""
    if settings is None or account is None:
        return consumer.account is not None
    regions = consumer.regions or account.regions or (settings.region,)
    return account.name != settings.central or any(region != settings.region for region in regions)


def _read(mesh: Mesh) -> Iterator[Read]:
    """Accounts with the products that are read in them."""
    for subscription in mesh.subscriptions.values():
        for product in subscribed_products(mesh, subscription):
            yield mesh.consumer(subscription).account, product.name
