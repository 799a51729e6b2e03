"""The import: pages in the order in which they follow from each other, and the mesh that they make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from reconciler.importing.accounts import account_names, account_pages, central_stewards, own_roles
from reconciler.importing.adopted import adopted_pages
from reconciler.importing.asking import asking_of
from reconciler.importing.consumers import consumer_page
from reconciler.importing.evidence import Evidence
from reconciler.importing.homes import Home, domain_page, homes_of
from reconciler.importing.links import links_of
from reconciler.importing.living import Living, living
from reconciler.importing.notices import readers_told
from reconciler.importing.page import Page
from reconciler.importing.products import product_pages
from reconciler.importing.readers import Reader, readers_of
from reconciler.importing.regions import account_regions
from reconciler.importing.sayable import loaded, new, sayable
from reconciler.importing.settings import Keys, settings_page
from reconciler.importing.subscriptions import pages_of_nobody, subscription_pages
from reconciler.importing.unexplained import named_expressions, unexplained
from reconciler.importing.vocabulary import keys_of, tag_pages
from reconciler.kinds.lakeformation.data_filter import DataFilter
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.kinds.sharing import wanted_grants
from reconciler.model.finding import Finding
from reconciler.spec.load import Loaded
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Imported:
    """What was written, and the mesh in it; without a mesh `findings` say why."""

    pages: tuple[Page, ...]
    mesh: Mesh | None
    findings: tuple[Finding, ...]


def imported(evidence: Evidence) -> Imported:
    """The documents that explain what was found."""
    accounts, homes, keys = account_names(evidence), homes_of(evidence), keys_of(evidence)
    readers = readers_of(evidence, _staff(evidence, homes))
    pages = list(_base(evidence, accounts, homes, keys, readers))
    pages, read = sayable(evidence, pages)
    if read.mesh is None:
        return Imported(tuple(pages), None, read.findings)
    people = {reader.name: tuple(reader.principals.values()) for reader in readers}
    chosen, regions = links_of(evidence, readers, read.mesh.products), _regions(evidence, readers)
    consumers = [
        consumer_page(evidence, each, accounts, chosen[each.name], people[each.name], regions.get(each.account, ()))
        for each in readers
    ]
    pages, read = sayable(evidence, [*pages, *consumers], read)
    if read.mesh is None:
        return Imported(tuple(pages), None, read.findings)
    readers = _known(read.mesh, readers)
    there = living(evidence.found, evidence.permission_sets)
    there.explain((each.address.placement, each.spec) for each in wanted_grants(read.mesh))
    if evidence.only is not None:
        there.explained |= there.found.keys() - evidence.only
    subscriptions = list(_subscriptions(evidence, read.mesh, readers, there))
    used = _used(subscriptions)
    consumers = [
        consumer_page(
            evidence, each, accounts, chosen[each.name], used.get(each.name, ()), regions.get(each.account, ())
        )
        for each in readers
    ]
    kept = [page for page in consumers if page.fields["principals"] or page.name in used]
    names = {page.name for page in kept}
    sayings = {page.path for page in pages}
    final = _base(evidence, accounts, homes, keys, [reader for reader in readers if reader.name in names])
    pages = [page for page in final if page.path in sayings]
    return _with_adopted(evidence, [*pages, *kept, *subscriptions], accounts, readers, read)


def _base(
    evidence: Evidence, accounts: Mapping[str, str], homes: list[Home], keys: Keys, readers: Collection[Reader]
) -> Iterable[Page]:
    """Everything but consumers and what they read."""
    parts: dict[str, set[str]] = {evidence.basis.central: {"central"}}
    stewards: dict[str, list[str]] = {}
    for home in homes:
        parts.setdefault(home.account, set()).add("producer")
        stewards.setdefault(home.account, []).extend(home.stewards)
    for reader in readers:
        parts.setdefault(reader.account, set()).add("consumer")
    yield settings_page(evidence, accounts, keys)
    regions = _regions(evidence, readers)
    for account in regions:
        parts.setdefault(account, set()).add("consumer")
    yield from account_pages(evidence, accounts, parts, stewards, regions)
    yield from tag_pages(evidence, keys, homes)
    yield from (domain_page(evidence, home, accounts) for home in homes)
    yield from product_pages(evidence, homes, keys)


def _regions(evidence: Evidence, readers: Iterable[Reader]) -> Mapping[str, tuple[str, ...]]:
    """By account the regions that it names; accounts of the home region alone name none."""
    queries: dict[str, list[tuple[str, ...]]] = {account: [] for account in evidence.basis.accounts}
    for reader in readers:
        if reader.account:
            queries[reader.account].append(reader.regions)
    named = {account: account_regions(evidence, account, of) for account, of in queries.items()}
    return {account: regions for account, regions in named.items() if regions}


def _staff(evidence: Evidence, homes: Iterable[Home]) -> set[str]:
    """Who has permissions by the part that he plays, and not as a reader."""
    found = {arn for home in homes for arn in home.stewards}
    for account in evidence.basis.accounts:
        found.update(own_roles(evidence, account), central_stewards(evidence, account))
    for each in evidence.found.of(LakeSettings):
        found.update(arn for arn in each.spec.admins if evidence.made_role(arn))
    return found


def _subscriptions(evidence: Evidence, mesh: Mesh, readers: Iterable[Reader], there: Living) -> Iterable[Page]:
    """The subscriptions of all consumers; of a product whose readers are told, the first one says where."""
    told: set[str] = set()
    filters, today = evidence.found.of(DataFilter), evidence.basis.today
    askings = asking_of(mesh, readers, there, evidence.names, filters, today).values()
    for pages in (subscription_pages, pages_of_nobody):
        for page in (page for asking in askings for page in pages(asking)):
            product = str(page.fields.get("product") or "").rpartition("/")[2]
            notify = readers_told(evidence, product) if product and product not in told else None
            told.add(product)
            yield page if notify is None else replace(page, fields={**page.fields, "notify": notify})


def _used(subscriptions: Iterable[Page]) -> dict[str, set[str]]:
    """The principals that subscriptions name, by consumer."""
    used: dict[str, set[str]] = {}
    for page in subscriptions:
        people = page.fields.get("principals")
        named = [str(name) for name in people] if isinstance(people, list) else []
        used.setdefault(str(page.fields["consumer"]), set()).update(named)
    return used


def _with_adopted(
    evidence: Evidence, pages: list[Page], accounts: Mapping[str, str], readers: Iterable[Reader], like: Loaded
) -> Imported:
    """The pages with those of what they do not say."""
    said, read = sayable(evidence, pages, like)
    if read.mesh is None:
        return Imported(tuple(said), None, read.findings)
    alone = Counter(reader.account for reader in readers)
    consumers = {reader.account: reader.name for reader in readers if alone[reader.account] == 1}
    left = [each for each in unexplained(evidence, read.mesh) if evidence.only is None or each.address in evidence.only]
    left += named_expressions(evidence, read.mesh, left)
    every = [*said, *adopted_pages(evidence, left, accounts, consumers)]
    read = loaded(evidence, every, read)
    return Imported(tuple(new(evidence, every)), read.mesh, read.findings)


def _known(mesh: Mesh, readers: Iterable[Reader]) -> list[Reader]:
    """The readers that are consumers, with those of their principals that the consumer's document has."""
    known = [reader for reader in readers if reader.name in mesh.consumers]
    for reader in known:
        named = {each.name for each in mesh.consumers[reader.name].principals}
        reader.principals = {arn: name for arn, name in reader.principals.items() if name in named}
        reader.fields = {arn: fields for arn, fields in reader.fields.items() if arn in reader.principals}
    return known
