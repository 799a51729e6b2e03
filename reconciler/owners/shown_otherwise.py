"""Shown otherwise: the most sensitive values that a change of a product may put under columns with a lower label."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.spec.approval import most_sensitive_columns
from reconciler.spec.copied_columns import copied_columns, names_of
from reconciler.spec.documents.curation import DataBrew
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.table import Table
from reconciler.spec.mesh import Mesh
from reconciler.spec.table_settings import Settings, deciding

#: Formats in which a column is its place, which another name in a recipe leaves as it is.
_BY_PLACE = ("csv", "orc")


def shown_otherwise(before: Mesh, after: Mesh, old: Product | None, product: Product) -> Iterator[str]:
    """What may show such values from then on, each in a sentence."""
    most = most_sensitive_columns(before, old) if old is not None else frozenset[str]()
    sensitive = {name.partition(".")[0] for name in most}
    for table in product.tables:
        had = next((each for each in old.tables if each.name == table.name), None) if old is not None else None
        if had is not None and table.name in sensitive and _settings(had) != _settings(table):
            yield f"the files of {table.name} are read by other settings"
    yield from _refilled(old, product, most, most_sensitive_columns(after, product))
    known = {*copied_columns(before, old)} if old is not None else set()
    for each in copied_columns(after, product):
        if each not in known and each.source in most_sensitive_columns(after, product):
            yield f"a recipe {'makes' if each.is_sure else 'may make'} {each.column} of {each.source}"


def _refilled(old: Product | None, product: Product, most: frozenset[str], now: frozenset[str]) -> Iterator[str]:
    """What another recipe puts under the columns of the table that it fills."""
    was, brew = _recipe(old), _recipe(product)
    if brew is None or was == brew or old is None or brew.output not in {name.partition(".")[0] for name in most}:
        return
    table = product.table(brew.output)
    names, before = names_of(brew), names_of(was) if was is not None else None
    if was is None or before is None or was.output != brew.output or was.source != brew.source:
        yield f"a recipe fills {table.name} from other files"
    elif names.others != before.others:
        yield f"other steps of a recipe fill {table.name}"
    elif table.format not in _BY_PLACE:
        stood = {before.of(column.name): f"{table.name}.{column.name}" for column in old.table(table.name).columns}
        for column in table.columns:
            here, origin = f"{table.name}.{column.name}", stood.get(names.of(column.name))
            if origin in most and here not in now:
                yield f"{here} would show the values of {origin}"


def _recipe(product: Product | None) -> DataBrew | None:
    return product.curation.data_brew if product is not None and product.curation is not None else None


def _settings(table: Table) -> tuple[Settings, object]:
    return deciding(table.properties.items()), table.storage
