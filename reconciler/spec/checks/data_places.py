"""Places of domains: tables name places that are there, and work on files is done where both are."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.data_places import data_place, data_places, places_of_product
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

PLACE = Rule(
    "unknown-place",
    "error",
    "A table lies in its domain's own bucket, or in one of the domain's `places`.",
    "Correct the name, or add the place to the Domain.",
)
CURATION = Rule(
    "curation-place",
    "error",
    "A curation reads and writes files in the domain's own bucket.",
    "Its role and its outputs are made for that one. Leave `place` out at the product's tables, or curate elsewhere.",
)
WORK = Rule(
    "work-across-regions",
    "error",
    "Crawls, quality runs and curation work on files in the mesh's home region.",
    "Lake Formation serves files of another region to queries (https://docs.aws.amazon.com/lake-formation/latest/dg/"
    "data-access-across-region.html). That crawlers, quality runs and DataBrew read them no page says.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about places."""
    domains = unchecked.named(Domain)
    for product in unchecked.all(Product):
        domain = domains.get(product.domain)
        names = [place.name for place in domain.places] if domain is not None else []
        for index, table in enumerate(product.tables):
            origin = product.at("tables", index, "place")
            if table.place is not None and domain is not None and table.place not in names:
                near = unchecked.near(table.place, names)
                yield PLACE.broken(origin, f"{domain.name} has no place {table.place}{near}")
            elif table.place is not None and product.curation is not None:
                yield CURATION.broken(origin, f"{table.name} lies in {table.place}, and {product.name} is curated")
    if unchecked.mesh is not None:
        for product in unchecked.mesh.products.values():
            yield from _work(unchecked.mesh, product)


def _work(mesh: Mesh, product: Product) -> Iterator[Finding]:
    """What a product asks to be done with files that are in another region."""
    own = data_places(mesh, mesh.domain(product))[0]
    abroad = next((place for place in places_of_product(mesh, product) if place.placement.region != mesh.region), None)
    if abroad is None:
        return
    message = f"files of {product.name} are in {abroad.placement.region} ({abroad.at('region')})"
    by_path = product.crawler is not None and product.crawler.path is not None
    if product.crawler is not None and (not by_path or own.placement.region != mesh.region):
        yield WORK.broken(product.at("crawler"), message)
    if product.curation is not None and own.placement.region != mesh.region:
        yield WORK.broken(product.at("curation"), message)
    for index, table in enumerate(product.tables):
        if table.quality and data_place(mesh, product, table).placement.region != mesh.region:
            yield WORK.broken(product.at("tables", index, "quality"), message)
