"""Every field of every document is read by something that acts on it: none is accepted and ignored."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache

from pydantic import BaseModel

import reconciler.spec.documents
from tests.estate import ROOT

CODE = ROOT / "reconciler"
#: Rooms that only take fields in: what declares them, and what checks them.
TAKING_IN = ("spec/documents/", "spec/checks/", "sandbox/")
#: Words for people, which editors, documents' own readers and `git log` are for.
FOR_PEOPLE = frozenset({"api_version", "description", "kind", "name", "title"})
#: Bounds to which a check holds other fields, and the day: the check is what acts.
BOUNDS = frozenset({"from_", "longest_exception", "review_by", "scripts"})


@cache
def fields() -> frozenset[str]:
    found: set[str] = set()
    package = reconciler.spec.documents
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        for value in vars(importlib.import_module(info.name)).values():
            if isinstance(value, type) and issubclass(value, BaseModel) and value.__module__.startswith("reconciler."):
                # What a property tells under the name without the stroke (`database_`) is read by that.
                found.update(
                    name.rstrip("_") if isinstance(vars(value).get(name.rstrip("_")), property) else name
                    for name in value.model_fields
                )
    return frozenset(found - FOR_PEOPLE)


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(CODE.rglob("*.py")):
        yield path.relative_to(CODE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def spoken_in(node: ast.AST) -> tuple[frozenset[str], frozenset[str]]:
    """Every attribute that is asked for in a piece of code, by its name or by a text (`getattr`); every name in it."""
    attributes, names, texts = set[str](), set[str](), set[str]()
    for each in ast.walk(node):
        match each:
            case ast.Attribute():
                attributes.add(each.attr)
            case ast.Name():
                names.add(each.id)
            case ast.Constant(value=str()):
                texts.add(each.value)
    return frozenset(texts | attributes), frozenset(attributes | names)


@cache
def functions() -> tuple[tuple[str, str, frozenset[str], frozenset[str]], ...]:
    """Room, name, attributes and names of every function (and of what stands outside of functions)."""
    found = []
    for room, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                found.append((room, node.name, *spoken_in(node)))
        outside = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
        loaded = frozenset(name for node in outside for name in spoken_in(node)[1])
        found.append((room, "", loaded, loaded))
    return tuple(found)


@cache
def speakers() -> Mapping[str, set[str]]:
    """The functions that speak of each name."""
    found: dict[str, set[str]] = {}
    for _, function, _, names in functions():
        for name in names:
            found.setdefault(name, set()).add(function)
    return found


def is_called(name: str) -> bool:
    """Whether anything but the function itself speaks of it; what kinds and protocols must have is called by them."""
    return bool(speakers().get(name, set()) - {name})


def readers(field: str) -> list[str]:
    return [
        f"{room}:{name}"
        for room, name, attributes, _ in functions()
        if field in attributes
        and not room.startswith(TAKING_IN)
        and (not name or name.startswith("__") or is_called(name))
    ]


def test_every_field_is_read_by_something_that_acts() -> None:
    unread = {field for field in fields() if not readers(field)}
    assert unread <= BOUNDS
    checked = {name for room, _, attributes, _ in functions() if room.startswith("spec/checks/") for name in attributes}
    assert checked >= BOUNDS


def test_a_field_that_nobody_reads_would_be_found() -> None:
    assert readers("delete_share")
    assert not readers("a_field_that_nobody_reads")
