"""Crawlers meet the files of their product, and curation writes into a table of it."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.curation import DataBrew
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.shapes import BAD_SCHEDULE
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

CRAWLER = Rule(
    "crawler-misses",
    "error",
    "A crawler's path holds the location of every table of its product.",
    "Otherwise it crawls nothing, or another product. Leave `path` out to crawl the tables' own locations.",
)
CURATION = Rule(
    "curation",
    "error",
    "Curation is a DataBrew recipe or a Glue job, and fills a table of its product.",
    "Give one of dataBrew and glueJob; `output` is the name of a table, and new names in `rename` are columns of it.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about crawlers and curation."""
    for product in unchecked.all(Product):
        yield from _crawler(product)
        yield from _schedule(product)
        curation = product.curation
        if curation is None:
            continue
        if (curation.data_brew is None) == (curation.glue_job is None):
            yield CURATION.broken(product.at("curation"), "give one of dataBrew and glueJob")
        if curation.data_brew is not None:
            yield from _recipe(unchecked, product, curation.data_brew)


def _schedule(product: Product) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/glue/latest/dg/monitor-data-warehouse-schedule.html"""
    schedule = product.crawler.schedule if product.crawler else None
    if schedule is not None and [schedule[5:-1].split()[index] for index in (2, 4)].count("?") != 1:
        yield BAD_SCHEDULE.broken(
            product.at("crawler", "schedule"), f"one of day (third) and weekday (fifth) must be ?, not as in {schedule}"
        )


def _crawler(product: Product) -> Iterator[Finding]:
    if product.crawler is None or product.crawler.path is None:
        return
    crawled = product.crawler.path.strip("/")
    for table in product.tables:
        if crawled and table.path != crawled and not table.path.startswith(f"{crawled}/"):
            yield CRAWLER.broken(
                product.at("crawler", "path"),
                f"the crawler looks into {crawled}/, but the files of {table.name} lie in {table.path}/",
            )


def _recipe(unchecked: UncheckedMesh, product: Product, brew: DataBrew) -> Iterator[Finding]:
    here = ("curation", "dataBrew")
    table = next((each for each in product.tables if each.name == brew.output), None)
    if table is None:
        near = unchecked.near(brew.output, [each.name for each in product.tables])
        yield CURATION.broken(product.at(*here, "output"), f"the product has no table {brew.output}{near}")
    columns = frozenset(column.name for column in table.columns) if table else frozenset[str]()
    for index, step in enumerate(brew.recipe):
        place = (*here, "recipe", index)
        if bool(step.rename) == bool(step.operation):
            yield CURATION.broken(product.at(*place), "a step of a recipe gives one of rename and operation")
        for old, new in step.rename.items():
            if columns and new not in columns:
                yield CURATION.broken(
                    product.at(*place, "rename", old),
                    f"{brew.output} has no column {new}{unchecked.near(new, columns)}",
                )
