"""A field that has another name now: the document says the same under it, and nothing else is touched."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reconciler.spec.language.json_schema import schemas
from reconciler.spec.language.moved import MOVED, Moved, renewed

WORDS = st.text("abcäö: -'\"#{", min_size=1, max_size=6)
RESOURCE = st.dictionaries(st.sampled_from(["database", "table", "on"]), WORDS, min_size=1, max_size=3)
GRANTS = st.lists(
    st.fixed_dictionaries({"account": WORDS}, optional={"on": RESOURCE, "principal": WORDS}), min_size=1, max_size=4
)


def document(**fields: Any) -> dict[str, Any]:
    return {"apiVersion": "meshform/v1", "kind": "Adopted", "name": "lab", **fields}


@given(GRANTS, st.sampled_from([True, False, None]))
def test_it_says_the_same_under_the_new_name(grants: list[dict[str, Any]], flow: bool | None) -> None:
    """In blocks, in braces, and both; `on` as a column or a text is not the field."""
    said = document(grants=grants, on={"on": "x"}, optIns=[])
    text = yaml.dump(said, default_flow_style=flow, allow_unicode=True, sort_keys=False, width=1000)
    made, moved = renewed(text)
    new = [{("resource" if key == "on" else key): value for key, value in each.items()} for each in grants]
    assert yaml.safe_load(made) == {**said, "grants": new}
    assert bool(moved) == any("on" in each for each in grants)
    assert renewed(made) == (made, ())


def test_comments_quotes_and_blanks_stay() -> None:
    old = "kind: Adopted # on\ngrants:\n\n  - \"on\":   {database: on}  # on: here\n    account: 'on'\n"
    made, moved = renewed(old)
    assert made == old.replace('"on":', "resource:")
    assert [str(each) for each in moved] == ["grants[].on"]


@pytest.mark.parametrize(
    "text",
    [
        "kind: Adopted\ngrants: [{on: {table: a}, resource: {table: b}}]\n",
        "kind: Product\ngrants: [{on: {table: a}}]\n",
        "kind: Adopted\ngrants: {on: x}\n",
        "kind: Adopted\ngrants: [on]\n",
        "- kind: Adopted\n",
        "kind: [Adopted\n",
        "",
    ],
)
def test_what_is_not_meant_is_left_alone(text: str) -> None:
    assert renewed(text) == (text, ())


@pytest.mark.parametrize("moved", MOVED, ids=str)
def test_the_new_name_is_one_of_the_language_and_the_old_one_is_not(moved: Moved) -> None:
    whole = schemas()[f"{moved.kind.lower()}.schema.json"]
    node: dict[str, Any] = whole
    for step in moved.path[:-1]:
        node = node["items"] if step == "*" else node["properties"][step]
        if "$ref" in node:
            node = whole["$defs"][node["$ref"].rpartition("/")[2]]
    assert moved.name in node["properties"]
    assert moved.path[-1] not in node["properties"]
