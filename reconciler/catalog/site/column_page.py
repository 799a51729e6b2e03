"""The page of a table's columns: what its template is told of each column.

One page a table, on which each column has its place: a link leads to that one alone (ADR 82).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.catalog.site.addresses import anchor, columns_page, href, tag_page
from reconciler.catalog.site.offers import Labels
from reconciler.catalog.site.product_page import About, going
from reconciler.catalog.site.readers import Reading, by_column, keepers
from reconciler.history.schema_changes import SchemaChange
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.table import Column, Table
from reconciler.spec.mesh import Mesh
from reconciler.spec.retiring import Thing

Change = tuple[SchemaChange, tuple[str, ...]]
MOST = 50
"""So many readers of one column are told; the page of the product has all."""


@dataclass(frozen=True, slots=True)
class Label:
    """An LF-tag of a column as `key=value`, where in the site that is told, and what carries it: the column itself, or
    what it is in."""

    said: str
    href: str
    origin: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a column. `read`: who reads it, and what part of it where that is not all."""

    name: str
    anchor: str
    type: str
    meaning: str
    sensitivity: str
    is_key: bool
    labels: Sequence[Label]
    going: str
    read: Sequence[tuple[Reading, str]]
    more: int
    exposed: Sequence[tuple[str, str]]
    schema: Sequence[Change]
    quality: Sequence[str]


def column_pages(
    mesh: Mesh, product: Product, labels: Labels, read: Sequence[Reading], about: About
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Path and what the template is told, for each table of a product."""
    kept = tuple(keepers(mesh, product))
    past: dict[str, list[Change]] = {}
    for change in about.schema.get(product.name, ()):
        past.setdefault(change[0].table, []).append(change)
    for table in product.tables:
        columns = tuple(_columns(mesh, product, table, labels, read, about, past.get(table.name, ())))
        told = {"product": product, "table": table, "columns": columns, "keepers": kept}
        told["going"] = going(Thing(product, table)) or going(Thing(product))
        yield columns_page(product.name, table.name), told


def _columns(
    mesh: Mesh,
    product: Product,
    table: Table,
    labels: Labels,
    read: Sequence[Reading],
    about: About,
    past: Sequence[Change],
) -> Iterator[Told]:
    opened = by_column(read, table)
    of_table = [each for each in read if table.name in each.columns]
    exposed = about.exposed_columns.get((product.name, table.name), {})

    key, known = mesh.settings.sensitivity_key, dict[tuple[str, tuple[tuple[str, str], ...]], tuple[Label, ...]]()
    for column in table.columns:
        tags = labels[f"{table.name}.{column.name}"]
        # Columns that are tagged alike share the answer.
        worn = (tags.get(key, ""), tuple(column.tags.items()))
        if worn not in known:
            known[worn] = tuple(_labels(mesh, table, product, column, tags))
        yield Told(
            column.name,
            anchor(column.name),
            column.type,
            column.description or "",
            worn[0],
            False,
            known[worn],
            going(Thing(product, table, column)),
            *_read(table, column.name, opened.get(column.name, ())),
            exposed.get(column.name, ()),
            _of(past, column.name),
            _rules(table, column.name),
        )
    for part in table.partition_keys:
        name = part.name
        yield Told(
            name,
            anchor(name),
            part.type,
            part.description or "",
            "",
            True,
            (),
            "",
            *_read(table, name, of_table),
            exposed.get(name, ()),
            _of(past, name),
            _rules(table, name),
        )


def _read(table: Table, column: str, read: Sequence[Reading]) -> tuple[list[tuple[Reading, str]], int]:
    """Who reads a column and what part of it, and how many more do."""
    return [(each, each.part_of(table, column)) for each in read[:MOST]], max(0, len(read) - MOST)


def _labels(mesh: Mesh, table: Table, product: Product, column: Column, tags: Mapping[str, str]) -> Iterator[Label]:
    """The LF-tags of a column, the sensitivity first, each with what it comes from; but those that say product and
    domain, which the page says itself."""
    keys, first = mesh.settings.tag_keys, mesh.settings.sensitivity_key
    own = {keys.product: product.name, keys.domain: product.domain}
    for key, value in sorted(tags.items(), key=lambda each: (each[0] != first, each)):
        if own.get(key) == value:
            continue
        of = next((each.name for each in (table, product) if key in each.tags), "")
        origin = "this column" if key in column.tags else f"all of {of}"
        yield Label(f"{key}={value}", f"{href(tag_page(key))}#{anchor(value)}" if key in mesh.tags else "", origin)


def _of(past: Sequence[Change], column: str) -> list[Change]:
    """What became of a column, with what became of its table as a whole."""
    return [each for each in past if each[0].column in ("", column)]


def _rules(table: Table, column: str) -> list[str]:
    """The rules of quality that name a column. https://docs.aws.amazon.com/glue/latest/dg/dqdl.html"""
    return [each.rule for each in table.quality if f'"{column}"' in each.rule]
