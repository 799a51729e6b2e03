"""Asking for data: the document of a subscription, made from a few answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reconciler.errors import MeshformError
from reconciler.spec.approval import levels
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.language.format import canonical
from reconciler.spec.language.validation_messages import wrong_value
from reconciler.spec.mesh import Mesh
from reconciler.spec.nested_fields import field_path
from reconciler.spec.suggest import did_you_mean
from reconciler.spec.tags import effective_tags
from reconciler.spec.yaml.flow import page


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for. `up_to` is a sensitivity: columns up to it; or `columns` by name (`table.column`).

    Neither: up to the least sensitive value that the product has.
    """

    product: Product
    consumer: Consumer
    principals: tuple[str, ...]
    purpose: str
    until: date | None = None
    up_to: str | None = None
    columns: tuple[str, ...] = ()
    rows: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The document of a subscription: its name, where it goes in the mesh, and its text."""

    name: str
    path: str
    text: str


def product_of(mesh: Mesh, said: str) -> Product:
    """A product by name, or by domain/name. Raises MeshformError."""
    domain, _, name = said.rpartition("/")
    product = mesh.products.get(name)
    if product is None or domain not in ("", product.domain):
        known = [each for one in mesh.products.values() for each in (one.name, f"{one.domain}/{one.name}")]
        raise MeshformError(
            f"There is no product {said}{did_you_mean(said, known)}.",
            hints=("`meshform search WORDS` finds data by what they are about",),
        )
    return product


def subscription_of(mesh: Mesh, name: str) -> Subscription:
    """A subscription, also one that has ended. Raises MeshformError."""
    found = mesh.written.get(name)
    if found is None:
        raise MeshformError(
            f"There is no subscription {name}{did_you_mean(name, mesh.written)}.",
            hints=("`meshform list subscriptions` lists all there are",),
        )
    return found


def readers_of(mesh: Mesh, said: Sequence[str]) -> tuple[Consumer, tuple[str, ...]]:
    """The consumer and its principals, from `consumer/principal` each. Raises MeshformError."""
    consumers = {one.partition("/")[0] for one in said}
    if len(consumers) != 1:
        raise MeshformError("One subscription is of one consumer: write consumer/principal, each of the same consumer.")
    (name,) = consumers
    consumer = mesh.consumers.get(name)
    if consumer is None:
        readers = [f"{each.name}/{one.name}" for each in mesh.consumers.values() for one in each.principals]
        near = did_you_mean(said[0], readers) if "/" in said[0] else _near(said[0], readers)
        raise MeshformError(f"There is no consumer {name}{near or did_you_mean(name, mesh.consumers)}.")
    known = [principal.name for principal in consumer.principals]
    names = [one.partition("/")[2] for one in said]
    for each in names:
        if each not in known:
            raise MeshformError(
                f"{name} has no principal {each}{did_you_mean(each, known)}; it has {', '.join(known) or 'none'}."
            )
    return consumer, tuple(dict.fromkeys(names))


def _near(principal: str, readers: Sequence[str]) -> str:
    """Whom somebody means who leaves the consumer out."""
    found = [each for each in readers if each.endswith(f"/{principal}")]
    return f" (did you mean {' or '.join(found[:3])}?)" if found else ""


def purpose(said: str) -> str:
    """What the data are for. Raises MeshformError where nobody could decide by it."""
    if len(said.split()) < 2:
        raise MeshformError("Say in a few words what the data are for; whoever approves reads it.")
    wrong = wrong_value(Subscription, "purpose", said.strip())
    if wrong is not None:
        raise MeshformError(f"What it is for {wrong.partition(' ')[2]}.")
    return said.strip()


def asked(mesh: Mesh, wish: Wish) -> Asked:
    """The document that asks for it. Raises MeshformError for a value or a column that is not there."""
    if wish.rows and not wish.columns:
        raise MeshformError("Rows are chosen of columns that are named: say which columns, too.")
    name = _free(mesh, wish.name or f"{wish.product.name}-{wish.principals[0]}"[:50])
    document: dict[str, object] = {
        "apiVersion": "meshform/v1",
        "kind": "Subscription",
        "name": name,
        "consumer": wish.consumer.name,
        "product": f"{wish.product.domain}/{wish.product.name}",
    }
    if wish.columns:
        document["tables"] = _tables(wish)
    else:
        document["clearance"] = {mesh.settings.sensitivity_key: list(_up_to(mesh, _opening(mesh, wish)))}
    document |= {"principals": list(wish.principals), "purpose": wish.purpose}
    if wish.until:
        document["expires"] = wish.until
    path = f"consumers/{wish.consumer.name}/subscriptions/{name}.yaml"
    return Asked(name, path, canonical(path, page(document)))


def label_of(mesh: Mesh, said: str) -> str:
    """A sensitivity by its value. Raises MeshformError."""
    return _up_to(mesh, said)[-1]


def _opening(mesh: Mesh, wish: Wish) -> str | None:
    """The sensitivity that is asked for, or the least one that the product has. Raises MeshformError where that opens
    nothing of what it has."""
    key, order = mesh.settings.sensitivity_key, levels(mesh)
    worn = {
        value
        for table in wish.product.tables
        for column in table.columns
        if (value := effective_tags(mesh, wish.product, table, column).get(key)) in order
    }
    least = min(worn, key=order.index, default=None)
    if wish.up_to in order and least is not None and order.index(wish.up_to) < order.index(least):
        raise MeshformError(
            f"{wish.product.name} has no column up to {wish.up_to}: the least sensitive ones are {least}."
        )
    return wish.up_to or least


def _up_to(mesh: Mesh, value: str | None) -> tuple[str, ...]:
    order = levels(mesh)
    if not order:
        raise MeshformError("The sensitivities of this mesh have no order. Name columns: `--columns table.column,...`.")
    if value is None:
        return order[:1]
    if value not in order:
        raise MeshformError(f"{value} is no sensitivity{did_you_mean(value, order)}; they are {', '.join(order)}.")
    return order[: order.index(value) + 1]


def _tables(wish: Wish) -> list[dict[str, object]]:
    found: dict[str, list[str]] = {}
    for said in wish.columns:
        table, column = _column(wish.product, said)
        found.setdefault(table, []).append(column)
    rows = {"rows": wish.rows} if wish.rows else {}
    return [{"name": table, "columns": columns, **rows} for table, columns in found.items()]


def _column(product: Product, said: str) -> tuple[str, str]:
    """The table and the column, or the field in it, that `table.column` means, or `column` where there is one table.
    All of these may have dots in their names. Raises MeshformError."""
    tables = product.tables
    parted = [(each, said[len(each.name) + 1 :]) for each in tables if said.startswith(f"{each.name}.")]
    parted += [(tables[0], said)] if len(tables) == 1 else []
    meant = [(table.name, name) for table, name in parted if field_path(table, name)]
    if len(meant) > 1:
        raise MeshformError(f"{said} is the name of several columns; ask by a label, or write the document by hand.")
    if meant:
        return meant[0]
    for table, name in parted:
        if name in {each.name for each in table.partition_keys}:
            raise MeshformError(
                f"{name} is a partition key of {table.name}: whoever reads a column of the table reads it, too. "
                "Leave it out, and name the columns."
            )
    if not parted:
        first, names = said.rpartition(".")[0], [each.name for each in tables]
        raise MeshformError(f"{product.name} has no table {first or said}{did_you_mean(first or said, names)}.")
    table, name = parted[0]
    raise MeshformError(f"{table.name} has no column {name}{did_you_mean(name, table.types)}.")


def _free(mesh: Mesh, name: str) -> str:
    number, free = 1, name
    while free in mesh.written:
        number += 1
        free = f"{name[:46]}-{number}"
    return free
