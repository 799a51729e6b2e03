"""Work that is done on request and not reconciled: crawls, quality runs, curation. As data, like everything else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.kinds.databrew.curation import curation_name
from reconciler.kinds.glue.crawls import crawls_of
from reconciler.kinds.glue.ruleset import RulesetKind
from reconciler.kinds.sharing.producer_grants import quality_role_arn
from reconciler.model.address import Placement
from reconciler.model.call import Call, Lookup
from reconciler.spec import placements
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import link_name

READS = (
    "databrew:ListJobRuns",
    "glue:GetCrawler",
    "glue:GetDataQualityResult",
    "glue:GetJobRuns",
    "glue:ListDataQualityResults",
    "glue:ListDataQualityRulesetEvaluationRuns",
)
WRITES = (
    "databrew:StartJobRun",
    "glue:StartCrawler",
    "glue:StartDataQualityRulesetEvaluationRun",
    "glue:StartJobRun",
)
"""What the roles of producers' accounts need for it, besides what the kinds declare."""


@dataclass(frozen=True, slots=True)
class Work:
    """Something to start and to watch.

    `state` finds a list of runs, the newest anywhere in it: {"id", "state", "at", "message"}; a crawler has one, no id.
    """

    sort: str
    name: str
    start: Call
    state: Lookup


def work_of(mesh: Mesh, product: Product) -> Iterable[Work]:
    """What a product can be asked to do, in the order in which it makes sense."""
    placement = placements.of_product(mesh, product)
    if product.curation is not None:
        yield _curation(placement, curation_name(mesh, product), by_brew=product.curation.data_brew is not None)
    for crawl in crawls_of(mesh, product):
        yield _crawl(crawl.placement, crawl.name)
    yield from _quality(mesh, product, placement)


def _curation(placement: Placement, name: str, *, by_brew: bool) -> Work:
    if by_brew:
        params = {"Name": name}
        runs = "JobRuns[].{id: RunId, state: State, at: StartedOn, message: ErrorMessage}"
        return Work(
            "curation",
            name,
            Call(placement, "databrew", "StartJobRun", params),
            Lookup(placement, "databrew", "ListJobRuns", {**params, "MaxResults": 100}, runs),
        )
    params = {"JobName": name}
    runs = "JobRuns[].{id: Id, state: JobRunState, at: StartedOn, message: ErrorMessage}"
    return Work(
        "curation",
        name,
        Call(placement, "glue", "StartJobRun", params),
        Lookup(placement, "glue", "GetJobRuns", {**params, "MaxResults": 100}, runs),
    )


def _crawl(placement: Placement, name: str) -> Work:
    params = {"Name": name}
    path = (
        "[Crawler.{state: State == 'READY' && LastCrawl.Status || State, at: LastCrawl.StartTime, "
        "message: LastCrawl.ErrorMessage}]"
    )
    return Work(
        "crawler",
        name,
        Call(placement, "glue", "StartCrawler", params, success_errors=frozenset({"CrawlerRunningException"})),
        Lookup(placement, "glue", "GetCrawler", params, path),
    )


def _quality(mesh: Mesh, product: Product, placement: Placement) -> Iterable[Work]:
    names = {each.name for each in product.tables if each.quality}
    for resource in RulesetKind().desired(mesh):
        spec = resource.spec
        of_product = any(spec.database in (each, link_name(each)) for each in product.databases)
        if resource.address.placement != placement or spec.table not in names or not of_product:
            continue
        source = {"GlueTable": {"DatabaseName": spec.database, "TableName": spec.table}}
        params = {
            "DataSource": source,
            "Role": quality_role_arn(mesh, product),
            "RulesetNames": [resource.address.name],
        }
        yield Work(
            "quality",
            resource.address.name,
            Call(placement, "glue", "StartDataQualityRulesetEvaluationRun", params),
            Lookup(
                placement,
                "glue",
                "ListDataQualityRulesetEvaluationRuns",
                {"Filter": {"DataSource": source}},
                "Runs[].{id: RunId, state: Status, at: StartedOn}",
            ),
        )
