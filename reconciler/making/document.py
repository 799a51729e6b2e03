"""The text of a new document, in its canonical form, and where it goes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reconciler.making.answers import Value
from reconciler.making.found import FoundColumn, FoundProduct, FoundTable
from reconciler.making.labels import Guess
from reconciler.spec.documents.base import API_VERSION, Document
from reconciler.spec.documents.product import Product
from reconciler.spec.language.format import canonical
from reconciler.spec.language.registry import kind_of
from reconciler.spec.mesh import Mesh
from reconciler.spec.yaml.flow import flow, page

_NEW = "new.yaml"


def path_of(kind: type[Document], answers: Mapping[str, Value]) -> str:
    """The path in the mesh of the document with these answers, in the folder of its kind."""
    name = str(answers["name"])
    path = re.sub(r"<(\w+)>", lambda found: str(answers.get(found[1], name)), kind.folder)
    return f"{path}{name}.yaml" if path.endswith("/") else path


def text_of(kind: type[Document], answers: Mapping[str, Value]) -> str:
    """A document that says what was answered and nothing else."""
    return canonical(_NEW, page({"apiVersion": API_VERSION, "kind": kind_of(kind), **answers}))


def product_text(
    answers: Mapping[str, Value],
    found: FoundProduct,
    key: str,
    guesses: Mapping[str, Mapping[str, Guess]],
    locations: Mapping[str, str],
) -> str:
    """A product with its tables. What nobody has said stands in it as a comment; guessed labels are marked as such.

    `guesses` are labels by table and column, `locations` are those of tables whose name is the place of others.
    """
    lines = ["tables:"]
    for table in found.tables:
        lines += _table_lines(table, key, guesses.get(table.name, {}), locations.get(table.name))
    if found.max_age:
        lines.append(f"freshness: {flow({'maxAge': found.max_age})}")
    if found.until:
        lines.append(f"retires: {flow({'until': found.until})}")
    return canonical(_NEW, text_of(Product, answers) + "\n".join(lines) + "\n")


def _table_lines(table: FoundTable, key: str, guesses: Mapping[str, Guess], location: str | None) -> Iterator[str]:
    yield f"  - name: {flow(table.name)}"
    yield f"    description: {flow(table.description)}" if table.description else "    # description: say what a row is"
    if location:
        yield f"    location: {flow(location)}"
    yield f"    format: {table.format}"
    if table.csv:
        yield f"    csv: {flow(table.csv)}"
    yield "    columns:"
    for column in table.columns:
        yield from _column_lines(column, key, guesses.get(column.name))
    if table.partition_keys:
        yield "    # All readers of the table see these; Lake Formation cannot restrict them."
        yield "    partitionKeys:"
        for each in table.partition_keys:
            yield f"      - {flow(_key(each))}" if len(_key(each)) > 1 else f"      - name: {flow(each.name)}"
    if table.quality:
        yield "    quality:"
        for rule, promise in table.quality:
            yield f"      - rule: {flow(rule)}"
            if promise != 1.0:
                yield f"        promise: {promise}"


def _column_lines(column: FoundColumn, key: str, guess: Guess | None) -> Iterator[str]:
    remark = f" # {column.remark}" if column.remark else ""
    yield f"      - name: {flow(column.name)}"
    if column.description:
        yield f"        description: {flow(column.description)}"
    else:
        yield "        # description: say what it means"
    if not column.label and guess is None:
        yield f"        # tags: {{{key}: say which; without it no clearance opens the column}}"
    yield f"        type: {flow(column.type)}{remark}"
    if column.label:
        yield f"        tags: {flow({key: column.label})}"
    elif guess is not None:
        yield f"        tags: {flow({key: guess.value})} # a guess, {guess.why}: confirm or correct it"


def free_location(mesh: Mesh, answers: Mapping[str, Value], table: str) -> str | None:
    """Where the files of a new product's table lie, where the table's own name is a place of another product."""
    products = [each for each in mesh.products.values() if each.domain == answers["domain"]]
    taken = [each.path for product in products for each in product.tables if each.place is None]
    is_taken = any(f"{path}/".startswith(f"{table}/") or f"{table}/".startswith(f"{path}/") for path in taken)
    return f"{answers['name']}/{table}/" if is_taken else None


def _key(key: FoundColumn) -> dict[str, str]:
    """What is to be said of a partition key."""
    more = {} if key.type == "string" else {"type": key.type}
    return {"name": key.name, **more, **({"description": key.description} if key.description else {})}
