"""Copied columns: what a recipe makes of columns of its product's own tables, under a lower label."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.spec.approval import levels
from reconciler.spec.data_places import data_places, table_location
from reconciler.spec.documents.curation import DataBrew
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.table import Table
from reconciler.spec.mesh import Mesh
from reconciler.spec.recipe_names import RecipeNames, recipe_names
from reconciler.spec.tags import sensitivity


@dataclass(frozen=True, slots=True)
class Copied:
    """A column (table.column) that takes its values, or may, from one with a higher label."""

    column: str
    label: str
    source: str
    was: str
    is_sure: bool


def names_of(brew: DataBrew) -> RecipeNames:
    """What a recipe makes of names."""
    return recipe_names(
        step
        for each in brew.recipe
        for step in (
            *(("RENAME", {"sourceColumn": old, "targetColumn": new}) for old, new in each.rename.items()),
            *([(each.operation, each.parameters)] if each.operation else []),
        )
    )


def copied_columns(mesh: Mesh, product: Product, order: tuple[str, ...] = ()) -> tuple[Copied, ...]:
    """Of each column the most sensitive one that it is known to come from, or that it may come from.

    By the order of the mesh's labels, or by another one.
    """
    order = order or levels(mesh)
    brew = product.curation.data_brew if product.curation is not None else None
    output = next((each for each in product.tables if brew is not None and each.name == brew.output), None)
    if brew is None or output is None or not order:
        return ()
    read = f"{data_places(mesh, mesh.domain(product))[0].location}{brew.source.location.strip('/')}/"
    names = names_of(brew)
    found = (
        copied
        for table in product.tables
        if table.format != "view" and _overlap(read, table_location(mesh, product, table))
        for copied in _of(mesh, product, output, table, names, order)
    )
    return tuple(found)


def _of(
    mesh: Mesh, product: Product, output: Table, table: Table, names: RecipeNames, order: tuple[str, ...]
) -> Iterator[Copied]:
    rank = {value: number for number, value in enumerate(order)}
    labels = {column.name: sensitivity(mesh, product, table, column) or "" for column in table.columns}
    worst = max(labels, key=lambda name: rank.get(labels[name], -1), default="")
    for column in output.columns:
        label = sensitivity(mesh, product, output, column) or ""
        source = worst if names.moves else names.of(column.name)
        was = labels.get(source, "")
        if label in rank and rank.get(was, -1) > rank[label]:
            there = f"{output.name}.{column.name}", label, f"{table.name}.{source}", was
            yield Copied(*there, is_sure=not names.moves)


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
