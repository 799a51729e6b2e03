"""opens-most-sensitive: the most sensitive columns leave their domain only when somebody says so."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.access import AccessEntry
from reconciler.kinds.glue.crawls import crawler_role_arn
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.mesh import Mesh
from reconciler.spec.rule import Rule

OPENS_MOST_SENSITIVE = Rule(
    "opens-most-sensitive",
    "error",
    "Columns of the highest sensitivity are opened to another account only when somebody says so.",
    "Look at who gains them. Narrow the clearance, or accept by name when governance has agreed.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each principal and table that would gain columns of the highest sensitivity."""
    key = reviewed.mesh.tags.get(reviewed.mesh.settings.sensitivity_key)
    if reviewed.access is None or key is None or not key.ordered or not key.value_names:
        return
    highest = key.value_names[-1]
    for entry in reviewed.access.gained:
        columns = [column for column, value in entry.sensitivity if value == highest and column in entry.columns]
        if columns and not _is_the_owners(reviewed.mesh, entry):
            yield Finding(
                OPENS_MOST_SENSITIVE.id,
                OPENS_MOST_SENSITIVE.severity,
                f"{entry.label} would read the {highest} columns {', '.join(columns)} of "
                f"{entry.place.database}.{entry.place.table}.",
            )


def _is_the_owners(mesh: Mesh, entry: AccessEntry) -> bool:
    """Whether it stays with the owner: his account, or the role of the product's crawlers, which only Glue takes."""
    product = next((each for each in mesh.products.values() if each.database == entry.place.database), None)
    if product is None:
        return False
    return entry.account == mesh.producer(mesh.domain(product)).id or (
        product.crawler is not None and entry.principal == crawler_role_arn(mesh, product)
    )
