"""Views are shared as a whole: Lake Formation has no permissions on some of their columns or rows.

https://docs.aws.amazon.com/athena/latest/ug/lf-athena-limitations.html
https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh
from reconciler.spec.rule import Rule
from reconciler.spec.tags import column_tags
from reconciler.spec.unchecked_mesh import UncheckedMesh

VIEW = Rule(
    "view-in-part",
    "error",
    "A view is shared as a whole, or not at all.",
    "Give all of its columns the same LF-tags, and share it by name without columns, exclude and rows. To show less, "
    "make another view.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about views."""
    if unchecked.mesh is None:
        return
    for product in unchecked.mesh.products.values():
        yield from _columns(unchecked.mesh, product)
    for subscription in unchecked.mesh.subscriptions.values():
        shared = unchecked.mesh.product(subscription)
        if shared is None or not subscription.tables:
            continue
        views = {table.name for table in shared.tables if table.format == "view"}
        for index, each in enumerate(subscription.tables):
            for field in ("columns", "exclude", "rows"):
                if each.name in views and getattr(each, field):
                    place = subscription.at("tables", index, field)
                    yield VIEW.broken(place, f"{each.name} is a view, so `{field}` cannot be said of it")


def _columns(mesh: Mesh, product: Product) -> Iterator[Finding]:
    for index, table in enumerate(product.tables):
        if table.format != "view" or not table.columns:
            continue
        first = column_tags(mesh, product, table, table.columns[0])
        for number, column in enumerate(table.columns):
            if column_tags(mesh, product, table, column) != first:
                place = product.at("tables", index, "columns", number, "tags")
                yield VIEW.broken(
                    place, f"{column.name} has other LF-tags than {table.columns[0].name} of the same view"
                )
                break
