"""A product as a data contract: valid by the published schema, and read back it is the same product and contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft201909Validator, ValidationError
from jsonschema.validators import extend
from open_data_contract_standard.model import OpenDataContractStandard

from reconciler.exports.odcs import contract
from reconciler.making.contract_file import contract_product
from reconciler.making.document import product_text
from reconciler.spec.contracts.classification import Scale
from reconciler.spec.load import load
from reconciler.spec.mesh import Mesh
from reconciler.spec.yaml.source import Source
from tests.spec.mutants import whole
from tests.spec.small import FILES, PRODUCT, TODAY, changed

SCHEMA = json.loads(OpenDataContractStandard.json_schema())
SENSITIVITIES = ("public", "internal", "secret")

names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
words = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=20).filter(
    lambda text: text == " ".join(text.split())
)
simple = st.sampled_from(
    ["string", "int", "bigint", "double", "decimal(12,2)", "varchar(20)", "boolean", "date", "timestamp", "binary"]
)
types = st.recursive(
    simple,
    lambda inner: st.one_of(
        inner.map("array<{}>".format),
        st.tuples(simple, inner).map("map<{0[0]},{0[1]}>".format),
        st.lists(st.tuples(names, inner), min_size=1, max_size=3, unique_by=lambda each: each[0]).map(
            lambda fields: f"struct<{','.join(f'{name}:{kind}' for name, kind in fields)}>"
        ),
    ),
    max_leaves=4,
)
columns = st.lists(
    st.fixed_dictionaries(
        {"name": names, "type": types},
        optional={"description": words, "tags": st.sampled_from(SENSITIVITIES).map(lambda each: {"sensitivity": each})},
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda column: column["name"],
)

DEEP = {"name": "order", "columns": [{"name": "a", "type": "array<struct<b:array<string>>>"}]}


@st.composite
def products(draw: st.DrawFn) -> dict[str, Any]:
    """A product with what a contract has words for: labels of its columns, promises, keys, freshness, its last day."""
    found = draw(columns)
    own = draw(st.lists(st.sampled_from([each["name"] for each in found]), unique=True))
    kinds = st.sampled_from(["IsComplete", "IsUnique", "Mean"])
    rules = [f'{draw(kinds)} "{name}"' for name in own]
    rules = [f"{rule} > 1" if rule.startswith("Mean") else rule for rule in rules]
    rules += draw(st.lists(st.sampled_from(["RowCount > 10", "RowCount <= 900"]), unique=True))
    table: dict[str, Any] = {"name": "order", "columns": found, "quality": [{"rule": rule} for rule in rules]}
    table["format"] = draw(st.sampled_from(["parquet", "csv", "json", "orc"]))
    more = draw(st.fixed_dictionaries({}, optional={"description": words}))
    whole: dict[str, Any] = {
        **yaml.safe_load(FILES[PRODUCT]),
        "tables": [{**table, **more}],
        "tags": {"subject": "trade"},
    }
    if draw(st.booleans()):
        whole["freshness"] = {"maxAge": draw(st.sampled_from(["24h", "90m", "7d"]))}
    if draw(st.booleans()):
        whole["retires"] = {"until": "2030-01-01"}
    return whole


def loaded(product: dict[str, Any] | str) -> Mesh:
    text = product if isinstance(product, str) else yaml.safe_dump(product, sort_keys=False, allow_unicode=True)
    files = {**FILES, PRODUCT: text}
    found = load([Source(path, text.encode(), "mesh") for path, text in files.items()], TODAY)
    assert found.mesh is not None, found.findings
    return found.mesh


def faults(said: Any) -> list[str]:
    """What the schema has against a contract.

    A value is judged once by what a reference names: `unevaluatedProperties` asks again at each level of a nested
    column for all that is below it, and what is there is judged twice as often with each level.
    """
    judged: dict[tuple[int, str], list[ValidationError]] = {}
    real: Any = Draft201909Validator.VALIDATORS["$ref"]

    def reference(validator: Any, ref: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
        key = (id(instance), ref)
        if key not in judged:
            judged[key] = list(real(validator, ref, instance, schema))
        yield from judged[key]

    return [error.message for error in extend(Draft201909Validator, {"$ref": reference})(SCHEMA).iter_errors(said)]


@settings(max_examples=40, deadline=None)
@given(products())
def test_it_is_valid_and_comes_back_as_the_same_contract(product: dict[str, Any]) -> None:
    mesh = loaded(product)
    said = contract(mesh, mesh.products["orders"])
    assert faults(said) == []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "orders.yaml"
        path.write_text(yaml.safe_dump(said, sort_keys=False, allow_unicode=True), encoding="utf-8")
        found = contract_product(path, Scale("sensitivity", SENSITIVITIES, ordered=True))
    answers = {"domain": "sales", "name": "orders", "owner": "sales-team", "description": product["description"]}
    assert found.answers == {**answers, "database": "orders"}
    text = product_text({**answers, "database": "orders"}, found, "sensitivity", {}, {})
    again = loaded(text + "tags: {subject: trade}\n")
    assert contract(again, again.products["orders"]) == said


def test_what_is_wrong_at_any_depth_is_a_fault_as_the_schema_says_it() -> None:
    mesh = loaded({**yaml.safe_load(FILES[PRODUCT]), "tables": [DEEP]})
    said = contract(mesh, mesh.products["orders"])
    assert faults(said) == []
    (column,) = said["schema"][0]["properties"]
    assert column["items"]["properties"][0]["items"]
    whole = Draft201909Validator(SCHEMA)
    for place in (column["items"]["properties"][0]["items"], column["items"]["properties"][0], column["items"], column):
        place |= {"nothing": 1, "logicalType": "wrong"}
        found = [error.message for error in whole.iter_errors(said)]
        assert any("'wrong' is not one of" in message for message in found)
        assert faults(said) == found


def test_what_every_kind_of_product_says_is_valid() -> None:
    found = whole()
    assert found.mesh is not None, found.findings
    for product in found.mesh.products.values():
        assert faults(contract(found.mesh, product)) == []


def test_what_a_rule_promises_to_a_part_is_kept_as_it_is() -> None:
    rule = "    quality:\n      - {rule: 'IsComplete \"id\"', promise: 0.9}\n    partitionKeys:"
    mesh = load(
        [Source(path, text.encode()) for path, text in changed((PRODUCT, "    partitionKeys:", rule)).items()], TODAY
    )
    assert mesh.mesh is not None
    (table,) = contract(mesh.mesh, mesh.mesh.products["orders"])["schema"]
    assert table["quality"] == [
        {
            "type": "custom",
            "engine": "dqdl",
            "implementation": 'IsComplete "id"',
            "customProperties": [{"property": "promise", "value": 0.9}],
        }
    ]
    assert "required" not in table["properties"][0]
    assert table["properties"][-1]["partitionKeyPosition"] == 1
