"""--changed-since: a plan from what a change can touch is the plan from everything, for fewer calls."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from reconciler import pipeline
from reconciler.aws.sessions import Sessions
from reconciler.errors import MeshformError
from reconciler.model.plan import Plan
from reconciler.model.portion import Portion
from reconciler.plan.review import Review
from reconciler.report.json_v1 import plan_json
from reconciler.report.text import plan_text
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, BANKING, CENTRAL, MARKETS, NOBODY, Edit, Estate, actions, bank, example, variant

WATCHED: Edit = ("mesh.yaml", "limits:", "drift: {watched: schedule}\nlimits:")
PRODUCT = "domains/consumer-banking/products/credit-profile.yaml"
FUNDS = "domains/asset-management/products/fund-prices.yaml"
MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
CONSUMER = "consumers/analytics-coe/consumer.yaml"
BY_TAGS = "clearance: {sensitivity: [internal, confidential]}"
SUBJECT = "lf-tags/subject.yaml"
DURATION = "- name: duration\n        type: int"
ASSOCIATORS = (SUBJECT, "[consumer-banking, asset-management, investment-banking]", "[consumer-banking]")
NEW_ACCOUNT = "apiVersion: meshform/v1\nkind: Account\nname: more\nid: '555555555555'\nparts: [consumer]\n"
NEW_KEY = (
    "apiVersion: meshform/v1\nkind: LFTag\nname: region\ndescription: Where from.\n"
    "values:\n  - {value: eu, description: Europe.}\n"
)
NEW_SUBSCRIPTION = (
    example()[REPORT]
    .replace("name: portfolio-report", "name: fund-report")
    .replace("consumer-banking/credit-profile", "asset-management/fund-prices")
)


def change(*edits: Edit, without: tuple[str, ...] = (), **more: str) -> dict[str, Any]:
    files = {f"{name.replace('__', '/').replace('_', '-')}.yaml": text for name, text in more.items()}
    return {"edits": edits, "without": without, "more": files}


CHANGES: dict[str, dict[str, Any]] = {
    "a wider clearance": change((REPORT, "[internal]", "[internal, public]")),
    "a narrower clearance": change((MODEL, "[internal, confidential]", "[confidential]")),
    "another clearance for the same reader": change((MODEL, "[internal, confidential]", "[public]")),
    "a new subscription": change(consumers__analytics_coe__subscriptions__fund_report=NEW_SUBSCRIPTION),
    "a subscription that ends": change(without=(MODEL,)),
    "all subscriptions that end": change(without=("consumers/analytics-coe/subscriptions",)),
    "shared with principals": change((MODEL, "purpose:", "share: principals\npurpose:")),
    "columns by name": change((MODEL, BY_TAGS, "tables:\n  - {name: credit_card, columns: [amount, purpose]}")),
    "rows": change((MODEL, BY_TAGS, "tables:\n  - {name: credit_card, columns: [amount], rows: 'amount > 1000'}")),
    "a product that retires": change(without=(FUNDS,)),
    "a domain that retires": change(ASSOCIATORS, without=("domains/asset-management",)),
    "a database with another name": change((FUNDS, "database: fund-prices", "database: fund-quotes")),
    "a column with a wider type": change((PRODUCT, DURATION, DURATION.replace("int", "bigint"))),
    "a description": change((FUNDS, "description: ", "description: More about it. ")),
    "columns of another sensitivity": change((FUNDS, "{sensitivity: confidential}", "{sensitivity: internal}")),
    "columns of another sensitivity and their reader": change(
        (PRODUCT, "{sensitivity: confidential}", "{sensitivity: public}"),
        (MODEL, "[internal, confidential]", "[internal, public]"),
    ),
    "a value of a tag": change(
        (SUBJECT, "  - {value: deals,", "  - {value: loans, description: New.}\n  - {value: deals,")
    ),
    "a new key": change(lf_tags__region=NEW_KEY),
    "hybrid access": change(("domains/consumer-banking/domain.yaml", "account:", "hybrid: true\naccount:")),
    "another steward": change(
        ("domains/asset-management/domain.yaml", "[asset-management-steward]", "[fund-librarian]")
    ),
    "another administrator": change(("accounts/central.yaml", "[data-mesh-owner]", "[data-mesh-boss]")),
    "a new account": change(accounts__more=NEW_ACCOUNT),
    "an account and all of its consumers that leave": change(without=("consumers/", "accounts/analytics.yaml")),
    "no workgroup": change((CONSUMER, "workgroup:\n  resultsRetentionDays: 30\n  bytesCutoff: 10737418240\n", "")),
}


def meant(name: str) -> Mesh:
    """The mesh after a change."""
    chosen = CHANGES[name]
    return variant(WATCHED, *chosen["edits"], without=chosen["without"], more=chosen["more"])


@pytest.fixture(scope="module")
def base() -> Mesh:
    """The example, whose drift is watched by a schedule."""
    return variant(WATCHED)


def plan_of(review: Review) -> Plan:
    assert review.plan is not None
    return review.plan


def partly(estate: Estate, base: Mesh, mesh: Mesh) -> tuple[Review, int]:
    """A review of what the change can touch, as a new run makes it; and its calls."""
    portion = pipeline.changed_since("main", base, mesh)
    estate.aws.calls.clear()
    sessions: Sessions | None = None
    if portion is None or not portion.is_empty:
        sessions = pipeline.sessions_for(mesh, writes=False)
    review = pipeline.review(mesh, observation=pipeline.look(mesh, sessions, portion=portion), base=base)
    return review, len(estate.aws.calls)


def wholly(estate: Estate, base: Mesh, mesh: Mesh) -> tuple[Review, int]:
    """A review of everything, and its calls."""
    estate.aws.calls.clear()
    sessions = pipeline.sessions_for(mesh, writes=False)
    review = pipeline.review(mesh, observation=pipeline.look(mesh, sessions), base=base)
    return review, len(estate.aws.calls)


def told(plan: Plan) -> list[list[tuple[str, str, tuple[object, ...]]]]:
    """Wave by wave: who, with which requests, after whom."""
    return [[(str(step.address), step.digest, step.waits_for) for step in wave] for wave in plan.waves]


@pytest.mark.parametrize("name", CHANGES)
def test_the_plan_of_what_a_change_touches_is_the_plan_of_everything(built: Estate, base: Mesh, name: str) -> None:
    mesh = meant(name)
    whole, every = wholly(built, base, mesh)
    part, some = partly(built, base, mesh)
    assert told(plan_of(part)) == told(plan_of(whole))
    assert told(plan_of(whole)), "a change that changes nothing shows nothing"
    assert some < every
    assert part.asked_access is not None
    assert whole.asked_access is not None
    assert part.asked_access.as_json() == whole.asked_access.as_json()
    assert part.access is not None
    assert whole.access is not None
    assert part.access.as_json() == whole.access.as_json()
