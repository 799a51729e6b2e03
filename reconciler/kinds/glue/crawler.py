"""Glue crawlers: they keep the partitions of declared tables and report columns that turn up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.common.kept import kept
from reconciler.kinds.common.marks import aws_tags, mark_text
from reconciler.kinds.common.owner import Owner, owner_by_text
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.glue.crawls import Crawl, crawler_role_arn, crawler_role_name, crawls_of
from reconciler.kinds.kind import Kind
from reconciler.kinds.sharing.producer_grants import crawler_grants
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call, Lookup
from reconciler.model.json_text import JsonObject
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import domain_location, link_name, linked_database

PATIENCE = 900
"""Seconds to wait for a crawl that apply has started."""

_POLICY = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "LOG"}
_KEPT = (
    "CatalogId",
    "Classifiers",
    "CrawlerSecurityConfiguration",
    "LineageConfiguration",
    "RecrawlPolicy",
    "TablePrefix",
)
_MERGE = {
    "Version": 1.0,
    "CrawlerOutput": {
        "Tables": {"AddOrUpdateBehavior": "MergeNewColumns"},
        "Partitions": {"AddOrUpdateBehavior": "InheritFromTable"},
    },
}


@dataclass(frozen=True, slots=True)
class Crawler:
    """What it crawls: the declared `tables` of `database`, or, with a path, whatever lies under `path`.

    `role` is its name without path. `database` is the link (or, in the central account, the database itself); `owner`
    the account of the catalog. `well` is false after a crawl that failed: the next apply starts it again, if it may.
    `arn` of the role, `run` (start it after a change), `after` (what must be there for it) and `tags` are known on the
    wanted side only; `rest` is the crawler as AWS has it, for writing it back.
    """

    role: str
    database: str
    tables: tuple[str, ...]
    path: str
    schedule: str
    owner: str
    policy: JsonObject
    configuration: JsonObject
    mark: str
    well: bool = True
    arn: str = field(default="", compare=False)
    run: bool = field(default=False, compare=False)
    after: tuple[Address, ...] = field(default=(), compare=False)
    tags: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)


class CrawlerKind(Kind[Crawler]):
    """It reads with Lake Formation's credentials and only ever adds: columns after the declared ones, partitions.

    https://docs.aws.amazon.com/glue/latest/dg/crawler-configuration.html
    """

    name = addresses.CRAWLER
    summary = "Crawlers of products: started after a change where the product says so, and waited for."
    parts = frozenset({"producer", "central"})
    indexed_as = "glue:crawler"
    reads = ("glue:GetCrawlers",)
    writes = (
        "glue:CreateCrawler",
        "glue:UpdateCrawler",
        "glue:DeleteCrawler",
        "glue:StartCrawler",
        "glue:GetCrawler",
        "glue:TagResource",
        "iam:PassRole",
    )
    changed_by = (
        "glue:CreateCrawler",
        "glue:UpdateCrawler",
        "glue:UpdateCrawlerSchedule",
        "glue:StartCrawlerSchedule",
        "glue:StopCrawlerSchedule",
        "glue:DeleteCrawler",
    )

    def desired(self, mesh: Mesh) -> Iterable[Resource[Crawler]]:
        for product in mesh.products.values():
            for crawl in crawls_of(mesh, product):
                yield Resource(
                    addresses.crawler(crawl.placement, crawl.name),
                    _wanted(mesh, product, crawl),
                    product.at("crawler"),
                )

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Crawler]]:
        for row in aws.pages(placement, "glue", "GetCrawlers", {"MaxResults": 1000}, items="Crawlers"):
            yield Resource(addresses.crawler(placement, row["Name"]), _found(row, placement), note=_last_crawl(row))

    def needs(self, resource: Resource[Crawler]) -> Iterable[Address]:
        placement, spec = resource.address.placement, resource.spec
        yield addresses.iam_role(placement, spec.role)
        yield addresses.resource_link(placement, spec.database)
        for name in spec.tables:
            yield addresses.table(Placement(spec.owner, placement.region), linked_database(spec.database), name)
        yield from spec.after

    def owner(self, have: Resource[Crawler], ownership: Ownership) -> Owner:
        return owner_by_text(have.spec.mark, ownership.mesh)

    def merge_unmanaged(self, want: Resource[Crawler], have: Resource[Crawler]) -> Resource[Crawler]:
        """A failed crawl is apply's to repeat only where the product lets apply start crawls."""
        return want if want.spec.run else replace(want, spec=replace(want.spec, well=have.spec.well))

    def create(self, want: Resource[Crawler]) -> tuple[Call, ...]:
        when = {"Schedule": want.spec.schedule} if want.spec.schedule else {}
        made = _definition(want, "CreateCrawler", {}, Tags=dict(want.spec.tags), **when)
        return (made, *_crawl(want))

    def update(self, have: Resource[Crawler], want: Resource[Crawler]) -> tuple[Call, ...]:
        """Without a schedule it is started on request; an empty one takes away the one that is there.

        https://github.com/hashicorp/terraform-provider-aws/pull/14792
        """
        if replace(have.spec, well=True) == want.spec:
            return _crawl(want)
        when = {"Schedule": want.spec.schedule} if want.spec.schedule or have.spec.schedule else {}
        return (_definition(want, "UpdateCrawler", have.spec.rest, **when), *_crawl(want))

    def delete(self, have: Resource[Crawler]) -> tuple[Call, ...]:
        gone = frozenset({"EntityNotFoundException"})
        params = {"Name": have.address.name}
        return (Call(have.address.placement, "glue", "DeleteCrawler", params, success_errors=gone),)


def _role(role: str) -> str:
    """The name of a role: Glue lists some by ARN and some by name, with or without path."""
    return role.rpartition("/")[2]


def _wanted(mesh: Mesh, product: Product, crawl: Crawl) -> Crawler:
    crawler, domain = product.crawler, mesh.domain(product)
    assert crawler is not None
    at_home = crawl.placement == placements.of_database(mesh, product)
    database = product.database_of(product.table(crawl.table)) if crawl.table else product.database
    needs: list[Address] = [
        addresses.table(placements.of_database(mesh, product), product.database_of(each), each.name)
        for each in product.tables
    ] + [each.address for each in crawler_grants(mesh, product)]
    return Crawler(
        role=crawler_role_name(mesh, product),
        arn=crawler_role_arn(mesh, product),
        database=database if at_home else link_name(database),
        tables=(crawl.table,) if crawl.table else (),
        path="" if crawler.path is None else f"{domain_location(mesh, domain)}{crawler.path.strip('/')}/",
        schedule=crawler.schedule or "",
        owner=mesh.central.id,
        policy=_text(_POLICY),
        configuration=_text(_MERGE),
        mark=mark_text(mesh),
        run=crawler.run,
        after=tuple(needs),
        tags=tuple(sorted(aws_tags(mesh).items())),
    )


def _definition(want: Resource[Crawler], operation: str, rest: Mapping[str, Any], /, **more: object) -> Call:
    spec, placement = want.spec, want.address.placement
    lake: dict[str, Any] = {**rest.get("LakeFormationConfiguration", {}), "UseLakeFormationCredentials": True}
    if spec.owner != placement.account:
        lake["AccountId"] = spec.owner
    else:
        lake.pop("AccountId", None)
    params = {
        **kept(rest, _KEPT),
        "Name": want.address.name,
        "Role": spec.arn,
        "DatabaseName": spec.database,
        "Description": spec.mark,
        "Targets": _targets(spec, rest.get("Targets", {})),
        "SchemaChangePolicy": json.loads(spec.policy),
        "Configuration": spec.configuration,
        "LakeFormationConfiguration": lake,
        **more,
    }
    return Call(placement, "glue", operation, params)


def _targets(spec: Crawler, there: Mapping[str, Any]) -> dict[str, Any]:
    """One target, with what others said of it (exclusions, samples, queues); not those that nobody declared."""
    sort, own = (
        ("S3Targets", {"Path": spec.path})
        if spec.path
        else ("CatalogTargets", {"DatabaseName": spec.database, "Tables": list(spec.tables)})
    )
    first: Mapping[str, Any] = next(iter(there.get(sort) or ()), {})
    return {sort: [{**first, **own}]}


def _crawl(want: Resource[Crawler]) -> tuple[Call, ...]:
    """Start it and wait for its end; a crawl that fails fails the step, in Glue's words."""
    if not want.spec.run:
        return ()
    placement, params = want.address.placement, {"Name": want.address.name}
    ended = Lookup(placement, "glue", "GetCrawler", params, "Crawler.State == 'READY' && Crawler.LastCrawl.Status")
    return (
        Call(placement, "glue", "StartCrawler", params, success_errors=frozenset({"CrawlerRunningException"})),
        Call(
            placement,
            "glue",
            "",
            {},
            until=ended,
            patience=PATIENCE,
            fails="Crawler.State == 'READY' && Crawler.LastCrawl.ErrorMessage",
        ),
    )


def _found(row: Mapping[str, Any], placement: Placement) -> Crawler:
    targets = row.get("Targets", {})
    catalog, s3 = targets.get("CatalogTargets") or [], targets.get("S3Targets") or []
    lake = row.get("LakeFormationConfiguration", {})
    schedule = row.get("Schedule") or {}
    return Crawler(
        role=_role(row.get("Role", "")),
        database=row.get("DatabaseName", ""),
        tables=tuple(sorted(name for each in catalog for name in each.get("Tables", ()))),
        path=" ".join(each.get("Path", "") for each in s3),
        schedule=schedule.get("ScheduleExpression", "") if isinstance(schedule, Mapping) else str(schedule),
        # What is not read with Lake Formation's credentials is nobody's in our sense.
        owner=(lake.get("AccountId") or placement.account) if lake.get("UseLakeFormationCredentials") else "",
        policy=_text(row.get("SchemaChangePolicy", {})),
        configuration=_text(json.loads(row.get("Configuration") or "{}")),
        mark=row.get("Description", ""),
        well=(row.get("LastCrawl") or {}).get("Status") != "FAILED",
        rest=row,
    )


def _last_crawl(row: Mapping[str, Any]) -> str | None:
    """What became of the last crawl, for people."""
    last = row.get("LastCrawl")
    if not last:
        return None
    why = f": {last['ErrorMessage']}" if last.get("ErrorMessage") else ""
    return f"last crawl {str(last.get('Status', '')).lower()}{why}"


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, sort_keys=True, separators=(",", ":"))
