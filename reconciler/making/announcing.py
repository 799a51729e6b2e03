"""Announcing that something goes: a product, a table, a column; or that a column is called otherwise."""

from __future__ import annotations

from datetime import date
from functools import partial

from reconciler.errors import MeshformError
from reconciler.making.edits import Edits
from reconciler.making.naming import name_also
from reconciler.spec.documents.table import Column
from reconciler.spec.language.validation_messages import wrong_value
from reconciler.spec.mesh import Mesh
from reconciler.spec.retiring import BY_NAME, Thing
from reconciler.spec.yaml.edit import with_item, with_value


def retired(mesh: Mesh, thing: Thing, until: date, instead: str | None = None, reason: str | None = None) -> Edits:
    """The edit that announces it. Raises MeshformError."""
    edits = Edits(mesh)
    _announce(edits, thing, until, instead, reason)
    if thing.column and thing.table and not instead and thing.table.format not in BY_NAME:
        edits.told.append(
            f"{thing.table.format} files have their columns by place or id: take it out of the files when it goes, and "
            "out of the document on the same day. The gate shifted-columns stops what would show other values."
        )
    return edits


def new_name(thing: Thing, said: str) -> str:
    """Another name for a column. Raises MeshformError for one that it cannot have."""
    new, table = said.strip(), thing.table
    assert table is not None, "it is a column"
    wrong = wrong_value(Column, "name", new)
    if wrong is not None:
        raise MeshformError(f"{new!r}: {wrong}.")
    if new in table.types or new in {key.name for key in table.partition_keys}:
        raise MeshformError(f"{table.name} has a column {new} already.")
    return new


def renamed(mesh: Mesh, thing: Thing, new: str, until: date) -> Edits:
    """The edits by which a column gets another name, one that `new_name` has taken. Raises MeshformError.

    Where files have names there are both until the day, with the same labels, for whoever may read the old one. Where
    a column is its place or its id, it is called otherwise after the day, and its values stay.
    """
    table, column = thing.table, thing.column
    assert table is not None
    assert column is not None
    place = thing.product.at(*thing.path)
    _check_contract(
        thing,
        f"beside what stands at {place} write the same once more, called {new}, and take the old one out after {until}"
        if table.format in BY_NAME
        else f"call what stands at {place} {new} on {until}; the files stay as they are",
    )
    edits, reason = Edits(mesh), f"It is called {new}."
    if table.format not in BY_NAME:
        _announce(edits, thing, until, new, reason)
        what = "its field id" if table.format == "iceberg" else "its place"
        edits.told.append(
            f"{table.format} files find a column by {what}, so the files stay as they are and there cannot be both "
            f"names. It is {column.name} until {until}, and {new} from then on: what says the old name fails then."
        )
        return edits
    item: dict[str, object] = {"name": new, "type": column.type}
    item |= {"description": column.description} if column.description else {}
    item |= {"tags": dict(column.tags)} if column.tags else {}
    at = (*thing.path[:-1], int(thing.path[-1]) + 1)
    what = f"add the column {new} after {column.name}"
    edits.change(thing.product, what, partial(with_item, path=at, item=item))
    _announce(edits, thing, until, new, reason)
    name_also(edits, thing, new)
    edits.told.append(
        f"{table.format} files have the names of their columns: whoever writes {table.name} has to write both until "
        f"{until}. Until then {new} is empty in files without it; queries that say the old name fail after that day."
    )
    return edits


def _announce(edits: Edits, thing: Thing, until: date, instead: str | None, reason: str | None) -> None:
    _check_contract(thing, f"tell whoever reads it, and take out what stands at {thing.product.at(*thing.path)} then")
    said = {"until": until, "instead": instead, "reason": reason}
    value = {name: each for name, each in said.items() if each is not None}
    what = f"write that {thing.name} retires"
    edits.change(thing.product, what, partial(with_value, path=(*thing.path, "retires"), value=value))


def _check_contract(thing: Thing, instead: str) -> None:
    """A contract has no word for a column that goes. Raises MeshformError with what people do `instead`."""
    if thing.column and thing.table and thing.table.contract:
        raise MeshformError(
            f"The columns of {thing.table.name} stand in {thing.table.contract}, a contract, which this does not edit.",
            hints=(instead, f"or announce it of the table: `meshform retire {thing.product.name}.{thing.table.name}`"),
        )
