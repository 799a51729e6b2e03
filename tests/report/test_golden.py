"""What people see, word for word. `make golden` writes the files anew; the diff of them is to be reviewed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reconciler import pipeline
from reconciler.plan.review import Review
from reconciler.report.drift import Drift
from reconciler.report.drift_text import drift_text
from reconciler.report.json_v1 import plan_json
from reconciler.report.run import run_text
from reconciler.report.text import plan_text
from reconciler.sandbox import sandbox
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, BANKING, CENTRAL, Edit, Estate, bank, every_rule, variant

GOLDEN = Path(__file__).parent / "golden"
MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
FUNDS = "domains/asset-management/products/fund-prices.yaml"

WIDER: list[Edit] = [(REPORT, "sensitivity: [internal]", "sensitivity: [internal, confidential]")]


@pytest.fixture(scope="module")
def shared() -> Iterator[Estate]:
    """A world of its own, always the same one."""
    with sandbox(seed=7) as aws:
        yield Estate(aws)


def seen(name: str, text: str) -> None:
    """Compare with the golden file; times and ids of requests are not compared."""
    text = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", "<time>", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<id>", text)
    text = "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
    path = GOLDEN / name
    if os.environ.get("GOLDEN") == "refresh":
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, f"{name} differs: `make golden` if this is what people should see"


def lines(texts: Iterator[str]) -> str:
    return "\n".join(texts)


def test_the_first_plan_of_the_example(estate: Estate) -> None:
    seen("first-plan.txt", lines(plan_text(estate.review())))


def asked(built: Estate, mesh: Mesh) -> Review:
    """The review of a pull request: what it asks for, and what apply would do."""
    return pipeline.review(mesh, observation=built.look(mesh), base=bank(), base_name="origin/main")


@pytest.mark.parametrize(
    ("name", "mesh"),
    [
        ("wider-clearance", lambda: variant(*WIDER)),
        ("subscription-gone", lambda: variant(without=[MODEL])),
        ("product-gone", lambda: variant(without=[FUNDS])),
        ("nothing", bank),
    ],
)
def test_the_plan_of_a_change(built: Estate, name: str, mesh: Callable[[], Mesh]) -> None:
    seen(f"{name}.txt", lines(plan_text(asked(built, mesh()))))


def test_the_plan_with_its_requests(built: Estate) -> None:
    seen("wider-clearance-v.txt", lines(plan_text(asked(built, variant(*WIDER)), 1)))


def test_the_plan_as_json(built: Estate) -> None:
    document = plan_json(asked(built, variant(*WIDER)))
    seen("wider-clearance.json", json.dumps(document, indent=2, default=str))


def test_an_incomplete_plan(built: Estate) -> None:
    denied = {"error": "AccessDenied", "message": "no roles for you", "times": None}
    built.aws.faults({"service": "iam", "operation": "GetAccountAuthorizationDetails", "account": BANKING, **denied})
    seen("incomplete.txt", lines(plan_text(built.review(variant(*WIDER)))))


def test_drift(built: Estate) -> None:
    built.client("glue", ANALYTICS).delete_database(Name="rl_credit-card")
    lakeformation = built.client("lakeformation")
    table = {"DatabaseName": "credit-card", "Name": "credit_card"}
    lakeformation.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": f"arn:aws:iam::{CENTRAL}:role/meshform/bank/data-mesh-steward"},
        Resource={"Table": table},
        Permissions=["SELECT"],
    )
    lakeformation.add_lf_tags_to_resource(
        Resource={"TableWithColumns": {**table, "ColumnNames": ["age"]}},
        LFTags=[{"TagKey": "sensitivity", "TagValues": ["public"]}],
    )
    review = built.review()
    seen("drift.txt", lines(drift_text(Drift(review))))
    run = pipeline.apply_reviewed(review, built.sessions, accepted=every_rule())
    seen("repaired.txt", lines(run_text(run, ".meshform/journal/entry.json")))


def test_no_drift(built: Estate) -> None:
    seen("no-drift.txt", lines(drift_text(Drift(built.review()))))


def test_a_run_that_failed_in_part(built: Estate) -> None:
    built.client("glue", ANALYTICS).delete_database(Name="rl_credit-card")
    denied = {"error": "AccessDeniedException", "message": "no links today", "times": None}
    built.aws.faults({"service": "glue", "operation": "CreateDatabase", "account": ANALYTICS, **denied})
    run = built.apply_reviewed()
    seen("failed-in-part.txt", lines(run_text(run, ".meshform/journal/entry.json")))
