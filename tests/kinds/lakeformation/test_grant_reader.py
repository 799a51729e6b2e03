"""Grants on the central catalog are found whatever an account is told of it as a whole, and parsed once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from reconciler.kinds.lakeformation import lf_codec
from reconciler.sandbox import sandbox
from reconciler.sandbox.core.beliefs import BELIEFS
from tests.estate import ANALYTICS, CENTRAL, Estate, actions, bank, variant

(ABROAD,) = (belief for belief in BELIEFS if belief.id == "listing-abroad")
SUBSCRIPTION = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
READER = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/data-scientist"
BY_NAME = variant(
    (
        SUBSCRIPTION,
        "clearance: {sensitivity: [internal, confidential]}",
        "tables: [{name: credit_card, columns: [status, duration]}]",
    )
)
BY_ROWS = variant(
    (
        SUBSCRIPTION,
        "clearance: {sensitivity: [internal, confidential]}",
        "tables: [{name: credit_card, rows: duration > 12, columns: [status, duration]}]",
    )
)


@pytest.fixture(params=ABROAD.answers)
def estate(request: pytest.FixtureRequest) -> Iterator[Estate]:
    with sandbox(beliefs={ABROAD.id: request.param}) as aws:
        made = Estate(aws)
        made.empty()
        made.repair()
        yield made


def columns(estate: Estate) -> set[str]:
    return set(estate.aws.world.lakeformation.read_access(READER, CENTRAL, "credit-card", "credit_card").columns)


def test_what_is_passed_on_is_found_changed_and_taken_back(estate: Estate) -> None:
    assert len(columns(estate)) == 17
    for mesh in (BY_NAME, BY_ROWS, bank()):
        estate.repair(mesh)
        assert len(columns(estate)) == (17 if mesh is bank() else 2)


def test_what_somebody_passes_on_by_hand_is_taken_back(estate: Estate) -> None:
    policy = {
        "CatalogId": CENTRAL,
        "ResourceType": "TABLE",
        "Expression": [
            {"TagKey": "product", "TagValues": ["credit-profile"]},
            {"TagKey": "sensitivity", "TagValues": ["confidential", "internal"]},
        ],
    }
    other = READER.replace("data-scientist", "credit-analyst")
    estate.client("lakeformation", ANALYTICS).grant_permissions(
        Principal={"DataLakePrincipalIdentifier": other}, Resource={"LFTagPolicy": policy}, Permissions=["SELECT"]
    )
    estate.fresh_sessions()
    (taken,) = actions(estate.plan())
    assert taken.startswith("delete grant SELECT")
    assert other in taken
    estate.repair()


def test_no_row_is_parsed_twice(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many accounts want to know what the central one gives them, once there are filters."""
    estate.repair(BY_ROWS)
    estate.fresh_sessions()
    parsed: list[Any] = []
    decode = lf_codec.decode
    monkeypatch.setattr(lf_codec, "decode", lambda row, catalog: (parsed.append(row), decode(row, catalog))[1])
    assert estate.plan(BY_ROWS).is_empty
    assert parsed
    assert len({id(row) for row in parsed}) == len(parsed)
    monkeypatch.undo()
    estate.repair()
