"""Optional fields that a document leaves out are left out of requests, and the second plan has nothing to do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel

from reconciler.sandbox import sandbox
from reconciler.spec.language.registry import document_types
from reconciler.spec.mesh import Mesh
from tests.estate import Estate, Files, load_files, mesh_of
from tests.kinds.full import full
from tests.spec import model, mutants

Path = tuple[str | int, ...]
TAKEN_EMPTY = frozenset({"Description"})
"""Members of which AWS's model says that they may be an empty text (DescriptionString: at least 0 characters)."""
_MAKES_ROLES = ("create", "manageRoles")
"""Without these roles are somebody's, and nobody has made them here."""


@pytest.fixture(scope="module")
def estate() -> Iterator[Estate]:
    with sandbox() as opened:
        made = Estate(opened)
        made.empty()
        yield made


def _optional(model: type[BaseModel], value: Any, at: Path = ()) -> Iterator[Path]:
    """The optional fields that a document has, deepest first."""
    for name, field in model.model_fields.items():
        key = field.alias or name
        if not isinstance(value, dict) or key not in value:
            continue
        inner = next(iter(_models(field.annotation)), None)
        if inner is not None:
            parts = value[key] if isinstance(value[key], list) else [value[key]]
            for number, part in enumerate(parts):
                where = (key, number) if isinstance(value[key], list) else (key,)
                yield from _optional(inner, part, (*at, *where))
        if not field.is_required():
            yield (*at, key)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from _models(each)


def _without(value: Any, path: Path) -> Any:
    first, *rest = path
    if isinstance(value, list):
        assert isinstance(first, int)
        return [_without(each, tuple(rest)) if n == first and rest else each for n, each in enumerate(value)]
    if not rest:
        return {key: each for key, each in value.items() if key != first}
    return {key: _without(each, tuple(rest)) if key == first else each for key, each in value.items()}


def _mesh(files: Files) -> Mesh | None:
    """The mesh in these files; None where they are none."""
    return load_files(files).mesh


@cache
def _bare(*, parts: bool) -> tuple[Mesh, int]:
    """The full mesh without every optional field that it can lack together: with `parts` whole parts too."""
    files, count = dict(full()), 0
    for path in sorted(files):
        value = yaml.safe_load(files[path])
        for place in tuple(_optional(document_types()[value["kind"]], value)):
            fewer = _without(value, place)
            tried = {**files, path: mutants.written(fewer)}
            if place[0] == "principals" and place[-1] in _MAKES_ROLES:
                continue
            if (parts or not isinstance(_at(value, place), dict)) and _mesh(tried):
                files, value, count = tried, fewer, count + 1
    return mesh_of(files), count


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _each_alone() -> Iterator[tuple[str, Path, Mesh]]:
    """Every optional field that the full mesh can lack alone: the file, the way to it, and the mesh without it."""
    for path, text in sorted(full().items()):
        value = yaml.safe_load(text)
        for place in _optional(document_types()[value["kind"]], value):
            tried = {**full(), path: mutants.written(_without(value, place))}
            if mesh := _mesh(tried):
                yield path, place, mesh


def test_the_request_for_what_lacks_one_field_is_one_that_aws_takes() -> None:
    """Each alone: what stands beside it is there. Fields that are added to a document come by themselves."""
    whole = mesh_of(full())
    known, lacking = {str(call) for call in mutants.calls(whole)}, 0
    for path, place, mesh in _each_alone():
        lacking += 1
        for call in mutants.new_calls(mesh, whole):
            if str(call) not in known:
                known.add(str(call))
                assert list(model.faults(call)) == [], (path, place)
                assert "" not in _texts(call.params), (path, place, call.operation)
    assert lacking > 150


def _texts(value: Any) -> Iterator[str]:
    """Every text that is sent, but in what AWS takes empty."""
    match value:
        case str():
            yield value
        case dict():
            for name, each in value.items():
                if name not in TAKEN_EMPTY:
                    yield from _texts(each)
        case list() | tuple():
            for each in value:
                yield from _texts(each)


@pytest.mark.soak
@pytest.mark.parametrize("shard", range(8))
def test_a_mesh_without_any_one_field_converges(estate: Estate, shard: int) -> None:
    estate.empty()
    for _, place, mesh in islice(_each_alone(), shard, None, 8):
        if place[-1] not in _MAKES_ROLES:
            estate.repair(mesh)


@pytest.mark.parametrize("parts", [False, True])
def test_a_mesh_without_its_optional_fields_converges(estate: Estate, parts: bool) -> None:
    """A field that is sent empty is refused; one that AWS fills in by itself would differ for ever."""
    mesh, count = _bare(parts=parts)
    assert count > 30
    estate.empty()
    estate.repair(mesh)


def test_the_fields_that_are_left_out_are_real() -> None:
    mesh, _ = _bare(parts=False)
    crawlers = [product.crawler for product in mesh.products.values() if product.crawler]
    assert crawlers
    assert {crawler.schedule for crawler in crawlers} == {None}
