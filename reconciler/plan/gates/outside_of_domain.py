"""outside-of-domain: the files of a table that its writer keeps lie where its domain keeps none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.kinds.glue.table import Table
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.data_places import data_places
from reconciler.spec.documents.domain import Domain
from reconciler.spec.extents import product_at
from reconciler.spec.mesh import Mesh
from reconciler.spec.rule import Rule
from reconciler.spec.table_settings import place, places_in

OUTSIDE_OF_DOMAIN = Rule(
    "outside-of-domain",
    "error",
    "A table that its writer keeps has its files where its domain keeps files.",
    "Who reads a table reads the files that it points to. Where they are another domain's, its readers read that "
    "domain's data, whatever that gives to them: put the table back, or accept by name. Elsewhere it is a warning: the "
    "place may not be registered, so that IAM decides. Name it in `places` of the domain, if it is the domain's.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each such table that was found."""
    if reviewed.observation is None:
        return
    mesh = reviewed.mesh
    for want in reviewed.wanted.of(Table):
        product = product_at(mesh, want.spec.database, want.spec.table)
        have = reviewed.observation.found.get(want.address)
        domain = mesh.domain(product) if product is not None and product.catalog is None else None
        if have is None or domain is None or have.spec.is_view or not want.spec.is_written_by_others(have.spec):
            continue
        for where in dict.fromkeys(_read(have.spec)):
            keepers = [each.name for each in mesh.domains.values() if where and _lies_in(mesh, each, where)]
            if not where or domain.name in keepers:
                continue
            said = f"{want.address.name} has its files in s3://{where}, outside of the places of its domain"
            said += f" {domain.name}"
            if keepers:
                said += f", where the domain {keepers[0]} keeps its own: who reads the table reads those"
            yield Finding(OUTSIDE_OF_DOMAIN.id, "error" if keepers else "warning", f"{said}.", want.origin)


def _read(table: Table) -> Iterator[str]:
    """The places that a table says to engines: where it lies, and what its settings name."""
    settings = (*table.parameters, *table.storage.parameters)
    yield place(table.storage.location)
    yield from (where for _, where in places_in(settings))


def _lies_in(mesh: Mesh, domain: Domain, path: str) -> bool:
    return any(path.startswith(place(each.location)) for each in data_places(mesh, domain))
