"""Shares straight to principals of another account: accepted like any other, and readable through the link."""

from __future__ import annotations

from tests.estate import ANALYTICS, CENTRAL, Estate, variant

SUBSCRIPTION = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
READER = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/data-scientist"


def test_a_direct_share_is_accepted_and_read_by_exactly_its_principal(estate: Estate) -> None:
    mesh = variant(
        (SUBSCRIPTION, "principals: [data-scientist]", "principals: [data-scientist]\nshare: principals"),
        without=("consumers/analytics-coe/subscriptions/portfolio-report.yaml",),
    )
    estate.repair(mesh)
    lake = estate.aws.world.lakeformation
    assert len(lake.read_access(READER, CENTRAL, "credit-card", "credit_card").columns) == 17
    other = READER.replace("data-scientist", "credit-analyst")
    assert not lake.read_access(other, CENTRAL, "credit-card", "credit_card").columns
