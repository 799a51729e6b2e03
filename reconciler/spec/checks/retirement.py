"""What goes: readers are told of it before, and what is past its last day is removed."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.product import Product
from reconciler.spec.in_force import has_ended
from reconciler.spec.retiring import BY_NAME, Thing, reads, retiring
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

RETIRING = Rule(
    "reads-what-retires",
    "warning",
    "Nobody reads what its owner has announced to go.",
    "The subscription goes on until the last day. Read what is named instead, or talk to the owner.",
    when_sound=True,
)
RETIRED = Rule(
    "retired",
    "warning",
    "What is past its last day is removed.",
    "It is still there, and read. `meshform expire --propose` proposes to remove it; to keep it, take out `retires`.",
    when_sound=True,
)
INSTEAD = Rule(
    "unknown-instead",
    "error",
    "What is there instead of what goes exists.",
    "Of a product name a product (domain/product), of a table one of the product, of a column one of the table.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about what goes, and whoever reads it."""
    for thing in retiring(unchecked.all(Product)):
        yield from _instead(unchecked, thing)
        retires, mesh = thing.retires, unchecked.mesh
        if retires is None or mesh is None:
            continue
        if retires.until < unchecked.today:
            at = thing.product.at(*thing.path, "retires")
            yield RETIRED.broken(at, f"{thing.name} {thing.said()}, which is over")
            continue
        for each in mesh.subscriptions.values():
            if not has_ended(each, unchecked.today) and reads(mesh, each, thing):
                yield RETIRING.broken(each.origin, f"{each.name} reads {thing.name}, which {thing.said()}")


def _instead(unchecked: UncheckedMesh, thing: Thing) -> Iterator[Finding]:
    instead = thing.retires.instead if thing.retires else None
    if instead is None:
        return
    if thing.table is None:
        if unchecked.knows(Product, instead.rpartition("/")[2]):
            return
        near = unchecked.near_document(Product, instead)
    else:
        known = [each.name for each in (thing.table.columns if thing.column else thing.product.tables)]
        if instead in known or (thing.column and thing.table.format not in BY_NAME):
            return
        near = unchecked.near(instead, known)
    at = thing.product.at(*thing.path, "retires", "instead")
    yield INSTEAD.broken(at, f"there is no {thing.kind} {instead}{near}")
