"""The access part of JSON v1: every sort of entry is as the published schema says, and the schema says all of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.access import difference
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS, OnDatabase, OnSavedExpression
from reconciler.model.resource import AnyResource
from tests.access.building import (
    ANN,
    BOB,
    CONSUMER,
    GROUP,
    ORGANIZATION,
    OWNER,
    accepted,
    access,
    admins,
    by_filter,
    columns,
    give,
    link,
    named,
    role,
    row_filter,
    table,
    tag,
    where,
)
from tests.estate import ROOT

SCHEMA = json.loads((ROOT / "schemas" / "plan-v1.schema.json").read_text(encoding="utf-8"))
BASE = [
    *tag("db.t.a", sensitivity="restricted"),
    *give(BOB, named(), by=CONSUMER),
    table(),
    row_filter("f", "a = 1"),
    row_filter("g", "b = 2"),
    accepted(),
    link(),
]
CASES: dict[str, tuple[list[AnyResource], list[AnyResource]]] = {
    "columns": ([], give(ANN, columns("a"))),
    "rows": (give(ANN, by_filter("f")), [*give(ANN, by_filter("f")), *give(ANN, by_filter("g"))]),
    "permissions": ([], give(ANN, named(), "DESCRIBE")),
    "raw-read": ([], give(ANN, named(), "INSERT")),
    "opened": ([], give(IAM_ALLOWED_PRINCIPALS, named(), "ALL")),
    "rights": ([], give(ANN, OnDatabase(OWNER, "db"), "CREATE_TABLE")),
    "path": ([], [table("stored", uri="s3://b/t")]),
    "columns as a role": (give(ANN, columns("a")), [*give(ANN, columns("a")), role(ANN)]),
    "unknown": ([], give(GROUP, OnSavedExpression(OWNER, "TABLE", "saved"))),
    "columns of a share": ([], give(CONSUMER, where(sensitivity="restricted"))),
    "columns for an organization": ([], give(ORGANIZATION, named())),
    "columns under a doubt": ([], [*give(BOB, named()), table("u")]),
}


@pytest.fixture(scope="module")
def strict() -> Draft202012Validator:
    """The access part of the schema, with no field allowed that it does not describe."""
    definitions = {
        name: {**body, "additionalProperties": False} if "properties" in body else body
        for name, body in SCHEMA["$defs"].items()
    }
    body, nothing = definitions["access"]["anyOf"]
    definitions["access"] = {"anyOf": [{**body, "additionalProperties": False}, nothing]}
    return Draft202012Validator({"$ref": "#/$defs/access", "$defs": definitions})


def changed(name: str) -> Any:
    before, after = CASES[name]
    return json.loads(json.dumps(difference(access(*BASE, *before), access(*BASE, *after)).as_json()))


@pytest.mark.parametrize("name", CASES)
def test_every_sort_of_entry_is_as_the_schema_says(strict: Draft202012Validator, name: str) -> None:
    document = changed(name)
    entries = [*document["gained"], *document["shared"]]
    assert name.partition(" ")[0] in {entry["change"] for entry in entries}
    strict.validate(document)


def test_administrators_are_as_the_schema_says(strict: Draft202012Validator) -> None:
    document = difference(access(admins(OWNER, BOB)), access(admins(OWNER, ANN))).as_json()
    assert document["admins_gained"]
    assert document["admins_lost"]
    strict.validate(document)


def test_the_schema_names_every_sort_of_change_and_no_other() -> None:
    sorts = {name.partition(" ")[0] for name in CASES}
    assert sorts == set(SCHEMA["$defs"]["entry"]["properties"]["change"]["enum"])


def test_a_field_that_the_schema_does_not_know_fails(strict: Draft202012Validator) -> None:
    document = changed("columns")
    document["gained"][0]["new"] = 1
    assert not strict.is_valid(document)
