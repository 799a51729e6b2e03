"""Removing what is past its last day: its lines or its document, and what names it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from posixpath import dirname, join, normpath

from reconciler.making.edits import Edits
from reconciler.making.naming import drop_entry, name_instead, subscribed
from reconciler.owners.documents import path_in_mesh
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.table import Table
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
        _contracts(edits, thing, (thing.table,))
    else:
        edits.remove(thing.product)
        _contracts(edits, thing, thing.product.tables)
        for each in mesh.written.values():
            if (each.product or "").rpartition("/")[2] == thing.product.name:
                edits.remove(each)
    return edits


def _contracts(edits: Edits, thing: Thing, tables: Iterable[Table]) -> None:
    """Contracts go with the tables that they describe, unless others have their columns from them."""
    mesh, gone = edits.mesh, [*tables]
    places = [(product, each) for product in mesh.products.values() for each in product.tables]
    kept = {_contract(mesh, product, each) for product, each in places if not any(each is one for one in gone)}
    for path in {_contract(mesh, thing.product, each) for each in gone} - kept - {""}:
        edits.files[path] = None


def _contract(mesh: Mesh, product: Product, table: Table) -> str:
    """The path in the mesh of the contract that a table has; empty for none."""
    return normpath(join(dirname(path_in_mesh(mesh, product)), table.contract)) if table.contract else ""


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
