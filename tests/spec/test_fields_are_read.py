"""Every field of every document is read by something that acts on it: none is accepted and ignored."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
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


def names_in(node: ast.AST) -> set[str]:
    """Every name and attribute that is loaded in a piece of code."""
    found = {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    return found | {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def asked_in(node: ast.AST) -> set[str]:
    """Every attribute that is asked for, by its name or by a text (`getattr`)."""
    texts = {each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    return texts | {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}


@cache
def functions() -> tuple[tuple[str, str, frozenset[str], frozenset[str]], ...]:
    """Room, name, attributes and names of every function (and of what stands outside of functions)."""
    found = []
    for room, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                found.append((room, node.name, frozenset(asked_in(node)), frozenset(names_in(node))))
        outside = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
        loaded = frozenset(name for node in outside for name in names_in(node))
        found.append((room, "", loaded, loaded))
    return tuple(found)


def is_called(name: str) -> bool:
    """Whether anything but the function itself speaks of it; what kinds and protocols must have is called by them."""
    return any(name in names for _, other, _, names in functions() if other != name)


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
