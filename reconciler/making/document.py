"""The text of a new document, in its canonical form, and where it goes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from reconciler.making.answers import Value
from reconciler.making.found import FoundTable
from reconciler.making.labels import Guess
from reconciler.spec.documents.base import API_VERSION, Document
from reconciler.spec.documents.product import Product
from reconciler.spec.language.format import canonical
from reconciler.spec.language.registry import kind_of
from reconciler.spec.mesh import Mesh
from reconciler.spec.yaml.flow import flow

_NEW = "new.yaml"


def path_of(kind: type[Document], answers: Mapping[str, Value]) -> str:
    """The path in the mesh of the document with these answers, in the folder of its kind."""
    name = str(answers["name"])
    path = re.sub(r"<(\w+)>", lambda found: str(answers.get(found[1], name)), kind.folder)
    return f"{path}{name}.yaml" if path.endswith("/") else path


def text_of(kind: type[Document], answers: Mapping[str, Value]) -> str:
    """A document that says what was answered and nothing else."""
    lines = [f"apiVersion: {API_VERSION}", f"kind: {kind_of(kind)}"]
    for field, value in answers.items():
        match value:
            case str():
                lines.append(f"{field}: {flow(value)}")
            case [str(), *_]:
                lines.append(f"{field}: [{', '.join(flow(each) for each in value if isinstance(each, str))}]")
            case _:
                lines.append(f"{field}:")
                lines += [f"  - {flow(each)}" for each in value if isinstance(each, dict)]
    return canonical(_NEW, "\n".join(lines) + "\n")


def product_text(
    answers: Mapping[str, Value], table: FoundTable, key: str, guesses: Mapping[str, Guess], location: str | None
) -> str:
    """A product with one table. What nobody has said stands in it as a comment; guessed labels are marked as such."""
    lines = ["tables:", f"  - name: {flow(table.name)}", "    # description: say what a row is"]
    lines += [f"    location: {flow(location)}"] if location else []
    lines += [f"    format: {table.format}"]
    if table.csv:
        lines += [f"    csv: {flow(table.csv)}"]
    lines += ["    columns:"]
    for column in table.columns:
        remark = f" # {column.remark}" if column.remark else ""
        lines += [f"      - name: {flow(column.name)}", "        # description: say what it means"]
        guess = guesses.get(column.name)
        if guess is None:
            lines += [f"        # tags: {{{key}: say which; without it no clearance opens the column}}"]
        lines += [f"        type: {flow(column.type)}{remark}"]
        if guess is not None:
            lines += [f"        tags: {flow({key: guess.value})} # a guess, {guess.why}: confirm or correct it"]
    lines += _keys(table.partition_keys)
    return canonical(_NEW, text_of(Product, answers) + "\n".join(lines) + "\n")


def free_location(mesh: Mesh, answers: Mapping[str, Value], table: str) -> str | None:
    """Where the files of a new product's table lie, where the table's own name is a place of another product."""
    products = [each for each in mesh.products.values() if each.domain == answers["domain"]]
    taken = [each.path for product in products for each in product.tables if each.place is None]
    is_taken = any(f"{path}/".startswith(f"{table}/") or f"{table}/".startswith(f"{path}/") for path in taken)
    return f"{answers['name']}/{table}/" if is_taken else None


def _keys(keys: Sequence[str]) -> list[str]:
    if not keys:
        return []
    lines = ["    # All readers of the table see these; Lake Formation cannot restrict them.", "    partitionKeys:"]
    return [*lines, *(f"      - name: {flow(key)}" for key in keys)]
