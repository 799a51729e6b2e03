"""opens-most-sensitive: the most sensitive columns leave their domain only when somebody says so."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.glue.crawls import crawler_role_arn
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
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
    highest, mesh = key.value_names[-1], reviewed.mesh
    # What stays with the owner: his account, and the roles of his crawlers, which only Glue takes.
    own = {(product.database, mesh.producer(mesh.domain(product)).id) for product in mesh.products.values()}
    own |= {
        (each.database, crawler_role_arn(mesh, each)) for each in mesh.products.values() if each.crawler is not None
    }
    for entry in reviewed.access.gained:
        whose = dict(entry.values_of)
        columns = [
            f"{whose[column]} (under the name {column})" if column in whose else column
            for column, value in entry.sensitivity
            if value == highest and column in entry.columns
        ]
        if columns and not {(entry.place.database, who) for who in (entry.account, entry.principal)} & own:
            yield Finding(
                OPENS_MOST_SENSITIVE.id,
                OPENS_MOST_SENSITIVE.severity,
                f"{entry.label} would read the {highest} columns {', '.join(columns)} of "
                f"{entry.place.database}.{entry.place.table}.",
            )
