"""Whatever a contract classifies, however deep, is readable with that label or a higher one, or the mesh is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.exports.odcs import contract
from reconciler.making.contract_file import contract_product
from reconciler.making.labels import at_least
from reconciler.spec.contracts.classification import Scale
from reconciler.spec.load import Loaded
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import sensitivity
from tests.spec.contracts.test_contract import COLUMNS, PATH
from tests.spec.small import PRODUCT, changed, loaded

ORDER = ("public", "internal", "secret")
SCALE = Scale("sensitivity", ORDER, ordered=True)
Said = dict[str, Any]
labels = st.sampled_from((None, *ORDER, "Secret"))


def _labelled(said: Said, label: str | None) -> Said:
    return said | ({"classification": label} if label else {})


def _struct(parts: list[Said]) -> Said:
    named = [part | {"name": f"f{n}", "physicalName": f"P{n}"} for n, part in enumerate(parts)]
    return {"logicalType": "object", "properties": named}


def _nested(below: st.SearchStrategy[Said]) -> st.SearchStrategy[Said]:
    key = st.builds(_labelled, st.just({"logicalType": "string"}), labels)
    shapes = (
        st.lists(below, min_size=1, max_size=3).map(_struct)
        | below.map(lambda each: {"logicalType": "array", "items": each})
        | st.builds(lambda k, v: {"logicalType": "map", "map": {"key": k, "value": v}}, key, below)
    )
    return st.builds(_labelled, shapes, labels)


simple = st.builds(_labelled, st.sampled_from(({"logicalType": "string"}, {"physicalType": "bigint"})), labels)
columns = st.lists(st.recursive(simple, _nested, max_leaves=5), min_size=1, max_size=3)
keys = st.lists(st.builds(_labelled, st.just({"logicalType": "date", "partitioned": True}), labels), max_size=2)


def _written(columns: list[Said], keys: list[Said]) -> str:
    named = [each | {"name": f"c{n}"} for n, each in enumerate(columns)] + [
        each | {"name": f"k{n}"} for n, each in enumerate(keys)
    ]
    head = {"apiVersion": "v3.2.0", "kind": "DataContract", "id": "a", "version": "1.0.0", "status": "active"}
    table = {"name": "order", "properties": named}
    return yaml.safe_dump({**head, "schema": [table]}, sort_keys=False)


def _mesh(text: str, usual: str | None, *, ordered: bool = True) -> Loaded:
    tag = "" if usual is None else f"    tags: {{sensitivity: {usual}}}\n"
    more = [] if ordered else [("lf-tags/sensitivity.yaml", "ordered: true\n", "")]
    own = (PRODUCT, "    tags: {sensitivity: internal}\n", tag)
    given = (PRODUCT, COLUMNS, "    contract: ../contracts/orders.odcs.yaml\n")
    return loaded(changed(own, given, (PATH, "", text), *more))


def _all(said: Said) -> Iterator[str]:
    """Every label that stands anywhere in a column."""
    for name, value in said.items():
        if name == "classification":
            yield value.lower()
        for below in value if isinstance(value, list) else [value]:
            if isinstance(below, dict):
                yield from _all(below)


def _effective(mesh: Mesh) -> dict[str, str | None]:
    product = mesh.products["orders"]
    table = product.tables[0]
    return {each.name: sensitivity(mesh, product, table, each) for each in table.columns}


def _level(label: str | None) -> int:
    return ORDER.index(label) if label else -1


@settings(max_examples=60, deadline=None)
@given(columns, keys, st.sampled_from((None, *ORDER)))
def test_nothing_is_readable_with_a_lower_label_than_the_contract_says(
    said: list[Said], by: list[Said], usual: str | None
) -> None:
    found = _mesh(_written(said, by), usual)
    wrong = [each for each in found.findings if each.severity == "error"]
    if found.mesh is None:
        assert {each.rule for each in wrong} == {"contract-label"}
        assert all(each.origin is not None and each.origin.file.endswith(PATH) for each in wrong)
        return
    effective = _effective(found.mesh)
    beside = [label for key in by for label in _all(key)]
    for number, column in enumerate(said):
        least = max((_level(label) for label in (*_all(column), *beside)), default=-1)
        # What has no label is opened by no clearance; only what everybody may read is as well hidden by none.
        label = effective[f"c{number}"]
        assert _level(label) >= least or (label is None and least == 0)
        raised = label is not None and label != (column.get("classification") or usual or label).lower()
        assert not raised or label in _all(column)


@settings(max_examples=60, deadline=None)
@given(columns, keys, st.sampled_from((None, *ORDER)))
def test_what_everybody_may_read_stops_nobody(said: list[Said], by: list[Said], usual: str | None) -> None:
    def public(each: Any) -> Any:
        if isinstance(each, list):
            return [public(part) for part in each]
        if not isinstance(each, dict):
            return each
        return {name: "public" if name == "classification" else public(part) for name, part in each.items()}

    found = _mesh(_written(public(said), public(by)), usual)
    assert found.mesh is not None, found.findings
    assert not [each for each in found.findings if each.rule.startswith("contract-label")]


@settings(max_examples=60, deadline=None)
@given(columns, keys, st.sampled_from(ORDER))
def test_what_a_contract_says_comes_back_by_the_contract_of_the_product(
    said: list[Said], by: list[Said], usual: str
) -> None:
    found = _mesh(_written(said, by), usual)
    if found.mesh is None:
        return
    again = contract(found.mesh, found.mesh.products["orders"])
    # A contract of one table, as the first one is.
    back = _mesh(yaml.safe_dump({**again, "schema": again["schema"][:1]}), usual)
    assert back.mesh is not None, back.findings
    assert _effective(back.mesh) == _effective(found.mesh)


@settings(max_examples=30, deadline=None)
@given(columns, keys)
def test_a_new_product_has_no_lower_label_than_its_contract(said: list[Said], by: list[Said]) -> None:
    mesh = loaded(changed()).mesh
    assert mesh is not None
    with TemporaryDirectory() as folder:
        path = Path(folder) / "orders.yaml"
        path.write_text(_written(said, by), encoding="utf-8")
        (table,) = contract_product(path, SCALE).tables
    guessed = at_least(mesh, {}, [each for each in table.columns if not each.label])
    beside = [label for key in by for label in _all(key)]
    for column, each in zip(table.columns, said, strict=True):
        least = max((_level(label) for label in (*_all(each), *beside)), default=-1)
        label = column.label or (guessed[column.name].value if column.name in guessed else None)
        assert _level(label) >= least or (label is None and least == 0)


def _struct_of(label: str, part: str) -> list[Said]:
    inside = [{"name": "a", "logicalType": "string", "classification": part}]
    return [{"logicalType": "object", "classification": label, "properties": inside}]


@pytest.mark.parametrize(
    ("columns", "keys", "usual", "ordered", "says"),
    [
        (_struct_of("internal", "pii"), [], None, True, "c0.a is pii, which is no value of sensitivity"),
        (_struct_of("internal", "secrets"), [], None, True, "did you mean secret"),
        (_struct_of("internal", "secret"), [], None, False, "have no order"),
        ([{"logicalType": "date"}], [{"classification": "pii"}], "public", True, "k0 is pii, which is no value"),
        ([{"logicalType": "date"}], [{"classification": "secret"}], "internal", True, "the column c0 is internal"),
        ([{"logicalType": "date"}], [{"classification": "secret"}], None, True, "the column c0 has no sensitivity"),
        ([{"logicalType": "date"}], [{"classification": "secret"}], "internal", False, "the column c0 is internal"),
    ],
)
def test_what_cannot_be_held_is_an_error_with_its_place(
    columns: list[Said], keys: list[Said], usual: str | None, ordered: bool, says: str
) -> None:
    by = [{"logicalType": "date", "partitioned": True, **key} for key in keys]
    found = _mesh(_written(columns, by), usual, ordered=ordered)
    (wrong,) = [each for each in found.findings if each.severity == "error"]
    assert (wrong.rule, found.mesh) == ("contract-label", None)
    assert says in wrong.message


def test_a_column_that_a_contract_labels_lower_than_a_part_is_told_to_be_raised() -> None:
    found = _mesh(_written(_struct_of("internal", "secret"), []), None)
    assert found.mesh is not None
    assert _effective(found.mesh) == {"c0": "secret"}
    (told,) = [each for each in found.findings if each.rule == "contract-label-raised"]
    assert told.message == "c0.a is secret and its column internal: the column is labelled secret"
    assert told.origin is not None
    assert told.origin.file.endswith(PATH)
