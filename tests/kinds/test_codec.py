"""What is found can be a file: every spec of every kind is plain JSON and comes back as it was, hidden fields too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds import AnyKind, registry
from reconciler.model import codec
from reconciler.model.json_text import JsonObject, JsonObjects
from reconciler.model.lakeformation import OnOther
from reconciler.model.resource import AnyResource, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.sandbox import Sandbox, sandbox
from tests.estate import Estate, mesh_of
from tests.kinds.full import full

KINDS = list(registry().values())


@pytest.fixture(scope="module")
def aws() -> Iterator[Sandbox]:
    with sandbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def found(aws: Sandbox) -> list[AnyResource]:
    """Everything that AWS shows of the full mesh, with what it says besides."""
    estate, mesh = Estate(aws), mesh_of(full())
    estate.empty()
    estate.repair(mesh)
    return list(estate.look(mesh).found.values())


DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.datetimes(timezones=st.just(UTC)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="ascii")), inner, max_size=3)
    ),
    max_leaves=5,
)
"""What AWS may say in a document that is kept as it is."""


@cache
def wanted() -> Snapshot:
    """All that the full mesh asks for."""
    return compile_mesh(mesh_of(full()), registry())


def _specs(kind: type) -> st.SearchStrategy[Any]:
    """Specs of a type; hypothesis knows every type but Any."""
    hints = {name: str(hint) for name, hint in get_type_hints(kind).items()}
    raw = {
        name: st.lists(DOCUMENTS, max_size=2).map(tuple) for name, hint in hints.items() if "tuple[typing.Any" in hint
    }
    documents = {
        name: st.dictionaries(st.text(st.characters(codec="ascii"), min_size=1), DOCUMENTS, max_size=3)
        for name, hint in hints.items()
        if "Mapping[str, typing.Any]" in hint
    }
    texts = {
        name: _texts(hint)
        for name, hint in get_type_hints(kind, include_extras=True).items()
        if "Annotated" in str(hint) and not is_dataclass(hint)
    }
    return st.builds(kind, **raw, **documents, **texts)


def _texts(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type that has texts of JSON in it."""
    if get_origin(hint) is Annotated:
        return st.sampled_from(["", '[{"Action": "x"}]' if hint == JsonObjects else '{"Action": ["x", "y"]}'])
    if get_origin(hint) is tuple:
        parts = [_texts(each) for each in get_args(hint) if each is not Ellipsis]
        return st.lists(parts[0], max_size=2).map(tuple) if Ellipsis in get_args(hint) else st.tuples(*parts)
    return st.from_type(hint)


st.register_type_strategy(OnOther, st.builds(OnOther, text=_texts(JsonObject)))


def _same(kind: AnyKind, spec: Any) -> None:
    text = json.dumps(kind.encode(spec))
    back = kind.decode(json.loads(text))
    assert back == spec
    hidden = [each.name for each in fields(spec) if not each.compare]
    assert {name: getattr(back, name) for name in hidden} == {name: getattr(spec, name) for name in hidden}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_is_wanted_comes_back(kind: AnyKind) -> None:
    for want in wanted().of_kind(kind.name):
        _same(kind, want.spec)


def test_what_was_found_comes_back(found: list[AnyResource]) -> None:
    kinds = registry()
    assert len({have.address.kind for have in found}) > 20
    for have in found:
        _same(kinds[have.address.kind], have.spec)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_any_spec_of_any_kind_comes_back(kind: AnyKind) -> None:
    """Not only those of the example: what hypothesis makes of the types."""

    @given(_specs(kind.spec_type()))
    def law(spec: Any) -> None:
        _same(kind, spec)

    law()


def test_times_in_documents_of_aws_come_back() -> None:
    document = {
        "CreateTime": datetime(2026, 11, 26, tzinfo=UTC),
        "Versions": [{"At": datetime(2025, 1, 1, tzinfo=UTC)}],
    }
    assert codec.decode(Any, json.loads(json.dumps(codec.encode(document, Any)))) == document


def test_what_is_not_of_the_type_is_refused() -> None:
    with pytest.raises(ValueError, match="not a Bucket"):
        registry()["bucket"].decode({"nothing": 1})


@pytest.mark.parametrize("kind", [None.__class__, bool, int, float, str])
def test_a_plain_value_of_another_type_is_refused_by_what_it_is(kind: type) -> None:
    fits = {kind} | ({int} if kind is float else set())
    for value in (None, True, 7, 0.5, "x", [], {}):
        if type(value) in fits:
            assert codec.decode(kind, value) is value
        else:
            with pytest.raises(ValueError, match=re.escape(f"not a {kind.__name__}: {value!r}")):
                codec.decode(kind, value)
