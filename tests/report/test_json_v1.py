"""JSON v1 of a plan is as its published schema says, and the schema says everything that is in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler import pipeline
from reconciler.report.json_v1 import plan_json
from tests.estate import ANALYTICS, ROOT, Estate, bank, variant

SCHEMA = json.loads((ROOT / "schemas" / "plan-v1.schema.json").read_text(encoding="utf-8"))
RISK = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"


@pytest.fixture(scope="module")
def strict() -> Draft202012Validator:
    """The schema with no field allowed that it does not describe."""
    return Draft202012Validator(_closed(SCHEMA))


def _closed(node: Any) -> Any:
    if isinstance(node, list):
        return [_closed(part) for part in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(part) for key, part in node.items()}
    return {**closed, "additionalProperties": False} if "properties" in node and "required" in node else closed


def plain(document: dict[str, Any]) -> Any:
    return json.loads(json.dumps(document, default=str))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_a_first_plan_fits(estate: Estate, strict: Draft202012Validator) -> None:
    review = pipeline.review(bank(), observation=pipeline.look(bank(), estate.sessions), base=bank(), base_name="main")
    document = plain(plan_json(review))
    assert document["steps"]
    strict.validate(document)


def test_a_widened_plan_fits_with_findings_foreign_things_and_gaps(built: Estate, strict: Draft202012Validator) -> None:
    mesh = variant((RISK, "[internal, confidential]", "[internal, confidential, restricted]"))
    denied = {"error": "AccessDeniedException", "times": None}
    built.aws.faults({"service": "glue", "operation": "GetDatabases", "account": ANALYTICS, **denied})
    observation = pipeline.look(mesh, built.sessions)
    document = plain(plan_json(pipeline.review(mesh, observation=observation, base=bank(), base_name="main")))
    for part in ("steps", "gaps", "findings", "asked", "approvals"):
        assert document[part], part
    assert document["access"]["gained"]
    strict.validate(document)


def test_without_aws_it_fits_as_well(strict: Draft202012Validator) -> None:
    strict.validate(plain(plan_json(pipeline.review(variant(without=[RISK]), base=bank(), base_name="main"))))


def test_a_reader_accepts_fields_that_are_added_but_not_those_that_are_missing() -> None:
    document = plain(plan_json(pipeline.review(bank())))
    Draft202012Validator(SCHEMA).validate({**document, "new": 1})
    del document["held"]
    assert not Draft202012Validator(SCHEMA).is_valid(document)
