"""Documents with one text changed, and the requests that follow from a mesh: for laws over every field."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

import yaml
from pydantic import ValidationError

from reconciler.kinds import registry
from reconciler.model.call import Call
from reconciler.model.resource import Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.spec.contracts.odcs import Contract
from reconciler.spec.language.registry import document_types
from reconciler.spec.load import Loaded, load
from reconciler.spec.mesh import Mesh
from reconciler.spec.yaml.source import Source
from tests.estate import TODAY
from tests.kinds.full import full
from tests.spec.more_documents import MESH, MORE, ROLES, TERRITORY

# The one in C writes the same.
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

Where = tuple[str, tuple[str | int, ...]]
"""A file and the way to a text in it. A way that ends in ("key", k) is to the key k itself."""


@cache
def trees() -> Mapping[str, Any]:
    """The documents of the mesh in which every kind of resource is asked for, and those with fields that it lacks."""
    files = {**full(), **MORE}
    for old, new in (ROLES, TERRITORY):
        assert old in files["mesh.yaml"]
        files["mesh.yaml"] = files["mesh.yaml"].replace(old, new, 1)
    files["mesh.yaml"] += MESH
    return {path: _plain(yaml.safe_load(text)) for path, text in files.items()}


@cache
def sources() -> Mapping[str, Source]:
    return {path: _source(path, tree) for path, tree in trees().items()}


@cache
def whole() -> Loaded:
    """The mesh as it is. AssertionError where it is none."""
    found = load(sources().values(), TODAY)
    assert found.mesh is not None, found.findings
    return found


@cache
def texts() -> tuple[Where, ...]:
    """Every text that people can write: values, entries of lists, keys of free mappings."""
    return tuple((path, way) for path, tree in trees().items() for way in _ways(tree))


def changed(where: Where, text: str) -> Loaded:
    """The mesh with the text at a place replaced."""
    others = (each for name, each in sources().items() if name != where[0])
    return load([*others, _source(where[0], _with_text(where, text))], TODAY, like=whole())


def is_read(where: Where, text: str) -> bool:
    """Whether the one document with the text is one of its kind: else there is no mesh with it."""
    tree = _with_text(where, text)
    document_type = Contract if tree["kind"] == "DataContract" else document_types().get(tree["kind"])
    try:
        return bool(document_type and document_type.model_validate(tree, by_alias=True, by_name=False))
    except ValidationError:
        return False


def _with_text(where: Where, text: str) -> Any:
    """The document with the text in it; what is not on the way to it is shared."""
    path, way = where
    tree = here = copy.copy(trees()[path])
    for step in way[:-1]:
        here[step] = copy.copy(here[step])
        here = here[step]
    last = way[-1]
    if isinstance(last, str) and last.startswith("key:"):
        here[text] = here.pop(last[4:])
    else:
        here[last] = text
    return tree


def text_at(where: Where) -> str:
    """What is written there."""
    here: Any = trees()[where[0]]
    for step in where[1]:
        if isinstance(step, str) and step.startswith("key:"):
            return step[4:]
        here = here[step]
    return str(here)


def calls(mesh: Mesh) -> Iterator[Call]:
    """Every request that makes what a mesh asks for. A mesh that is valid can be compiled."""
    kinds = registry()
    for resource in compile_mesh(mesh, kinds).values():
        if resource.mode == "managed":
            yield from kinds[resource.address.kind].create(resource)


def as_it_is() -> Snapshot:
    """What that mesh asks for."""
    mesh = whole().mesh
    assert mesh is not None
    return compile_mesh(mesh, registry())


def new_calls(mesh: Mesh, like: Mesh | None = None) -> Iterator[Call]:
    """Every request that makes what a mesh asks for and another one (the one as it is) does not: all that a change of
    that one can change."""
    like = like or whole().mesh
    assert like is not None
    kinds = registry()
    known = compile_mesh(like, kinds)
    for resource in compile_mesh(mesh, kinds, like).values():
        if resource.mode == "managed" and resource is not known.get(resource.address):
            yield from kinds[resource.address.kind].create(resource)


def strings(value: object) -> Iterator[str]:
    """Every text in a value, however deep, keys too."""
    match value:
        case str():
            yield value
        case Mapping():
            for key, inner in value.items():
                yield str(key)
                yield from strings(inner)
        case list() | tuple():
            for inner in value:
                yield from strings(inner)


def _ways(tree: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    match tree:
        case str():
            yield way
        case dict():
            for key, inner in tree.items():
                if way and way[-1] in ("tags", "arguments", "rename", "clearance", "parameters", "expression"):
                    yield (*way, f"key:{key}")
                yield from _ways(inner, (*way, key))
        case list():
            for index, inner in enumerate(tree):
                yield from _ways(inner, (*way, index))


def _plain(tree: Any) -> Any:
    match tree:
        case dict():
            return {key: _plain(inner) for key, inner in tree.items()}
        case list():
            return [_plain(inner) for inner in tree]
        case date():
            return str(tree)
        case _:
            return tree


def _source(path: str, tree: Any) -> Source:
    return Source(path, written(tree).encode(), "mesh")


def written(tree: Any) -> str:
    """A document as YAML."""
    return str(yaml.dump(tree, Dumper=_Dumper, allow_unicode=True, width=4096))
