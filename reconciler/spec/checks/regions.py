"""Regions: where consumers query beside the home region, and what AWS cannot do across regions."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.spec import placements
from reconciler.spec.aws_regions import REGIONS
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.settings import Settings
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

REGION = Rule(
    "other-region",
    "error",
    "In other regions than the home region consumers query, as their account names them, and domains keep files.",
    "The catalog and its permissions are in the home region. A consumer in another one gets links, workgroups and a "
    "bucket for results there (https://docs.aws.amazon.com/lake-formation/latest/dg/data-access-across-region.html). "
    "`regions` of mesh.yaml, if it is there, names all that may be used.",
)
UNKNOWN = Rule(
    "unknown-region",
    "error",
    "A region is one that AWS has.",
    "Correct the name. If AWS has opened the region since, say so by naming it in `regions` of mesh.yaml.",
)
PRINCIPAL = Rule(
    "principal-across-regions",
    "error",
    "Who queries in another region than the home region is an IAM role or user.",
    "Lake Formation follows no link across regions for users of SAML "
    "(https://docs.aws.amazon.com/lake-formation/latest/dg/x-region-considerations.html). Users and groups of IAM "
    "Identity Center are known where Lake Formation is connected with it. Give them a role.",
)
RESULTS = Rule(
    "results-region",
    "error",
    "A bucket for query results is in the region of the queries, so a consumer of several regions has several.",
    "Athena keeps results in its own region (https://docs.aws.amazon.com/athena/latest/ug/query-results-specify-location"
    ".html). Leave resultsBucket out: each region then gets a bucket with its name in it.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about regions."""
    for settings in unchecked.all(Settings)[:1]:
        for account in unchecked.all(Account):
            yield from _of_account(settings, account, unchecked)
        for domain in unchecked.all(Domain):
            yield from _of_domain(settings, domain, unchecked)
        for consumer in unchecked.all(Consumer):
            yield from _of_consumer(settings, consumer, unchecked.account_of(consumer))
    if unchecked.mesh is not None:
        for consumer in unchecked.mesh.consumers.values():
            yield from _abroad(unchecked.mesh, consumer)


def _of_account(settings: Settings, account: Account, unchecked: UncheckedMesh) -> Iterator[Finding]:
    for index, region in enumerate(account.regions):
        origin = account.at("regions", index)
        wrong = _wrong(settings, region, origin, unchecked)
        if wrong is not None:
            yield wrong
        elif region != settings.region and "consumer" not in account.parts:
            message = f"nothing would be made in {region}: {account.name} does not play the part consumer"
            yield REGION.broken(origin, message)


def _of_domain(settings: Settings, domain: Domain, unchecked: UncheckedMesh) -> Iterator[Finding]:
    places = ((each.region, ("places", number, "region")) for number, each in enumerate(domain.places))
    for region, said in ((domain.region, ("region",)), *places):
        wrong = _wrong(settings, region, domain.at(*said), unchecked) if region is not None else None
        if wrong is not None:
            yield wrong


def _wrong(settings: Settings, region: str, origin: Origin, unchecked: UncheckedMesh) -> Finding | None:
    """What is wrong about the name of a region, wherever it stands."""
    named = settings.regions
    if region == settings.region:
        return None
    if partition(region) != partition(settings.region):
        return REGION.broken(origin, f"{region} and {settings.region} are in different partitions of AWS")
    if region not in REGIONS and region not in named:
        return UNKNOWN.broken(origin, f"AWS has no region {region}{unchecked.near(region, REGIONS)}")
    if named and region not in named:
        return REGION.broken(origin, f"mesh.yaml does not name {region} ({settings.at('regions')})")
    return None


def _of_consumer(settings: Settings, consumer: Consumer, account: Account | None) -> Iterator[Finding]:
    if consumer.regions and consumer.account is None:
        yield REGION.broken(consumer.at("regions"), f"{consumer.name} is an organization: its links are its own affair")
    if account is None:
        return
    known = account.regions or (settings.region,)
    for index, region in enumerate(consumer.regions):
        if region not in known:
            message = f"{account.name} has {', '.join(known)} and not {region}; name it there ({account.at('regions')})"
            yield REGION.broken(consumer.at("regions", index), message)


def _abroad(mesh: Mesh, consumer: Consumer) -> Iterator[Finding]:
    """What is not possible where a consumer queries in another region, or in more than one."""
    regions = tuple(placement.region for placement in placements.of_queries(mesh, consumer))
    abroad = next((region for region in regions if region != mesh.region), None)
    if abroad is None:
        return
    for number, principal in enumerate(consumer.principals):
        of_center = principal.is_of_identity_center and not principal.arn
        if of_center or ":saml-provider/" in (principal.arn or ""):
            sort = "group" if principal.group or principal.group_name else "user"
            what = f"a {sort} of IAM Identity Center" if of_center else "of SAML"
            message = f"{principal.name} is {what} and cannot query in {abroad}"
            yield PRINCIPAL.broken(consumer.at("principals", number), message)
    if len(regions) > 1 and consumer.workgroup is not None and consumer.workgroup.results_bucket is not None:
        message = f"{consumer.name} queries in {', '.join(regions)}, and one bucket is in one of them"
        yield RESULTS.broken(consumer.at("workgroup", "resultsBucket"), message)
