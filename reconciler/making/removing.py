"""Removing what is past its last day: its lines or its document, and what names it."""

from __future__ import annotations

from functools import partial

from reconciler.making.edits import Edits
from reconciler.making.naming import drop_entry, name_instead, subscribed
from reconciler.spec.mesh import Mesh
from reconciler.spec.retiring import Thing
from reconciler.spec.yaml.edit import with_value, without


def removed(mesh: Mesh, thing: Thing) -> Edits:
    """The edits that take a thing away, or give a column its other name. Raises MeshformError."""
    edits = Edits(mesh)
    if thing.column is not None:
        _column(edits, thing)
    elif thing.table is not None and len(thing.product.tables) > 1:
        for each, at, _ in reversed([*subscribed(edits, thing)]):
            drop_entry(edits, each, at)
        edits.change(thing.product, f"take out {thing.name}", partial(without, path=thing.path))
    else:
        edits.remove(thing.product)
        for each in mesh.written.values():
            if (each.product or "").rpartition("/")[2] == thing.product.name:
                edits.remove(each)
    return edits


def _column(edits: Edits, thing: Thing) -> None:
    assert thing.table is not None
    instead, table = thing.retires.instead if thing.retires else None, thing.table
    name_instead(edits, thing, instead)
    if thing.is_renamed:
        edits.change(
            thing.product,
            f"call {thing.name} {instead}",
            partial(without, path=(*thing.path, "retires")),
            partial(with_value, path=(*thing.path, "name"), value=instead),
        )
    elif len(table.columns) == 1:
        edits.change(thing.product, f"take out {thing.name}", partial(without, path=thing.path[:-1]))
    else:
        edits.change(thing.product, f"take out {thing.name}", partial(without, path=thing.path))
