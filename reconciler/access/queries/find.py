"""Find: the principals and tables that people mean by a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from reconciler.access.evaluation.evaluate import Access
from reconciler.access.queries.name_hints import no_principal, no_table
from reconciler.access.queries.readers import tagged_columns
from reconciler.access.state.table_view import TableId
from reconciler.errors import MeshformError
from reconciler.kinds import registry
from reconciler.kinds.glue.database import Database
from reconciler.kinds.glue.table import Table
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.spec.extents import product_at, products_in
from reconciler.spec.mesh import Mesh
from reconciler.spec.suggest import did_you_mean

T = TypeVar("T")


class Unknown(MeshformError):
    """A name that nothing has, or that more than one thing has; the text says which names there are."""


def principal(access: Access, mesh: Mesh, word: str) -> str:
    """Who is meant: an ARN or account as AWS writes it, a name of the mesh (`consumer/principal`), a role's name.

    Raises Unknown, with a suggestion.
    """
    admins = {arn for arns in access.state.admins.values() for arn in arns}
    everyone = {*access.principals, *access.state.wholes, *access.directory.accounts, *admins, IAM_ALLOWED_PRINCIPALS}
    if word in everyone:
        return word
    by_name: dict[str, set[str]] = {}
    for each in everyone:
        label = access.directory.label(each)
        for name in {label, label.rpartition("/")[2], each.rpartition("/")[2]}:
            by_name.setdefault(name, set()).add(each)
    return _one(
        word, by_name, "principal", lambda each: f"{access.directory.label(each)} ({each})", no_principal(mesh, word)
    )


def table(access: Access, mesh: Mesh, word: str) -> TableId:
    """Which table is meant: `table`, `database.table`, `product/table` or `domain/product/table`. Raises Unknown."""
    by_name: dict[str, set[TableId]] = {}
    for place in access.tables:
        names = [place.table, str(place), f"{place.catalog}.{place}"]
        product = product_at(mesh, place.database, place.table)
        if product is not None:
            names += [f"{product.name}/{place.table}", f"{product.domain}/{product.name}/{place.table}"]
        for name in names:
            by_name.setdefault(name, set()).add(place)
    return _one(word.lower(), by_name, "table", str, _unseen(access, word) or no_table(mesh, word))


def _groups(mesh: Mesh, place: TableId) -> tuple[str, ...]:
    """The names of what a table of the mesh is in: its database and its product."""
    product = product_at(mesh, place.database, place.table)
    if product is None:
        return (place.database,) if products_in(mesh, place.database) else ()
    return product.name, f"{product.domain}/{product.name}", place.database


def _unseen(access: Access, word: str) -> str | None:
    """That a table may be there though nobody could look; None where everything was seen.

    A gap is not an absence.
    """
    gaps = [gap for gap in access.gaps if registry()[gap.kind].spec_type() in (Database, Table)]
    if not gaps:
        return None
    told = "; ".join(f"{gap.kind} was not read in {gap.placement}: {gap.reason}" for gap in gaps)
    return f"{word} was not seen, which does not mean that it is not there: {told}."


def tables_and_column(access: Access, mesh: Mesh, word: str) -> tuple[tuple[TableId, ...], str | None]:
    """As `table_and_column`, or all tables of a product: `product`, `domain/product` or its database."""
    try:
        place, column = table_and_column(access, mesh, word)
    except Unknown:
        found = tuple(sorted(place for place in access.tables if word in _groups(mesh, place)))
        if not found:
            raise
        return found, None
    return (place,), column


def tagged_by(access: Access, mesh: Mesh, word: str) -> dict[TableId, int]:
    """The columns (bits) of each table that carry an LF-tag, written `key=value`.

    Raises Unknown where none does and the mesh has no such value.
    """
    key, _, value = word.partition("=")
    found, tag = tagged_columns(access, key, value), mesh.tags.get(key)
    if not found and not (tag is not None and value in tag.value_names):
        if tag is None and key not in (mesh.settings.tag_keys.product, mesh.settings.tag_keys.domain):
            raise Unknown(f"There is no LF-tag {key}{did_you_mean(key, mesh.tags)}.")
        values = [each.value for each in tag.values] if tag is not None else []
        raise Unknown(f"No column carries {word}{did_you_mean(value, values)}.")
    return found


def table_and_column(access: Access, mesh: Mesh, word: str) -> tuple[TableId, str | None]:
    """A table, or a column of one: `table.column`, `database.table.column`. A table of that name goes before a column.

    Raises Unknown.
    """
    try:
        return table(access, mesh, word), None
    except Unknown:
        before, dot, column = word.rpartition(".")
        if not dot:
            raise
    try:
        place = table(access, mesh, before)
    except Unknown:
        # `credit-card.credit_cart` is a mistyped table, not a column of a table that nobody has heard of.
        return table(access, mesh, word), None
    columns = access.tables[place].columns
    if column.lower() not in columns:
        raise Unknown(f"{place} has no column {column}{did_you_mean(column, columns)}. It has: {', '.join(columns)}.")
    return place, column.lower()


def _one(word: str, by_name: Mapping[str, set[T]], what: str, show: Callable[[T], str], hint: str | None) -> T:
    """The only thing of that name; `hint` says what else has it."""
    found = by_name.get(word, set())
    if len(found) == 1:
        return next(iter(found))
    if not found and hint is not None:
        raise Unknown(hint)
    if not found:
        hints = (f"`meshform search {word}` looks into descriptions, too",) if what == "table" else ()
        raise Unknown(f"There is no {what} {word}{did_you_mean(word, by_name)}.", hints=hints)
    raise Unknown(f"{word} may be any of these; say which: {', '.join(sorted(map(show, found)))}.")
