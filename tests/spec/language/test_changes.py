"""What a version of the language takes otherwise than another one."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.spec.language.changes import changes
from reconciler.spec.language.json_schema import schemas

LANGUAGE = json.loads(json.dumps(schemas()))
PLACES = sorted(
    (file, part, name)
    for file, schema in LANGUAGE.items()
    for part, mapping in [("", schema), *schema.get("$defs", {}).items()]
    for name in mapping.get("properties", {})
)


def mapping(language: dict[str, Any], file: str, part: str) -> dict[str, Any]:
    found: dict[str, Any] = language[file]["$defs"][part] if part else language[file]
    return found


def test_a_language_has_not_changed_from_itself() -> None:
    assert changes(LANGUAGE, LANGUAGE) == ()


@given(st.sampled_from(PLACES))
def test_a_field_that_goes_is_told_and_one_that_comes(place: tuple[str, str, str]) -> None:
    file, part, name = place
    whole = {file: LANGUAGE[file]}
    less = copy.deepcopy(whole)
    del mapping(less, file, part)["properties"][name]
    gone, come = changes(whole, less), changes(less, whole)
    kind = LANGUAGE[file]["title"]
    assert {each.mark for each in gone} == {"-"}
    assert {(each.kind, each.field.rpartition(".")[2]) for each in gone} == {(kind, name)}
    assert [each.field for each in come] == [each.field for each in gone]
    needed = name in mapping(LANGUAGE, file, part).get("required", ())
    assert {each.mark for each in come} == {"~" if needed else "+"}


@given(st.sampled_from(PLACES))
def test_a_field_that_becomes_needed_is_told(place: tuple[str, str, str]) -> None:
    file, part, name = place
    whole = {file: LANGUAGE[file]}
    other = copy.deepcopy(whole)
    required = mapping(other, file, part).setdefault("required", [])
    was = name in required
    required.remove(name) if was else required.append(name)
    found = changes(whole, other)
    assert {each.text for each in found} == {"may be left out now" if was else "is needed now"}


def test_values_checks_and_kinds_are_told() -> None:
    other = copy.deepcopy(LANGUAGE)
    fields = other["consumer.schema.json"]["properties"]
    fields["kind"] = {**fields["kind"], "const": "Reader"}
    fields["name"] = {**fields["name"], "maxLength": 3}
    del other["team.schema.json"]
    assert {str(each) for each in changes(LANGUAGE, other)} == {
        "+ Consumer kind: takes Reader, too",
        "~ Consumer kind: no longer takes Consumer",
        "~ Consumer name: what it takes is checked otherwise",
        "- Team: this kind of document is gone",
    }
    assert [str(each) for each in changes(other, LANGUAGE)][-1] == "+ Team: a new kind of document"
