"""A site of a mesh that has lived: measured, drifted, asked for and changed, with whatever words others put there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from reconciler import pipeline
from reconciler.catalog.requests import Request
from reconciler.catalog.site.choices import Choices, Live, Past, Requests
from reconciler.history.event import Event
from reconciler.history.schema_changes import SchemaChange
from reconciler.kinds import registry
from reconciler.measures.measure import Measure, QualityResult
from reconciler.measures.promises import by_table, promises
from reconciler.model.address import Placement
from reconciler.model.resource import Gap, Observation
from reconciler.plan.compile import compile_mesh
from reconciler.report.drift import Drift
from reconciler.spec.mesh import Mesh
from reconciler.usage import LastRead
from tests.estate import bank, variant

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
POLICY = """\
apiVersion: meshform/v1
kind: Policy
name: ends
description: Whoever reads confidential data reads for half a year at most.
owner: governance
reason: Access that nobody needs any more leaks.
object: subscription
action: warn
validations: [{expression: "subscription.days <= 184", message: It runs too long.}]
"""
EXCEPTION = """\
apiVersion: meshform/v1
kind: Exception
name: report-goes-on
policy: ends
for: {name: portfolio-report}
reason: The report is asked for by law.
owner: governance
until: 2027-01-31
"""


def lived_mesh() -> Mesh:
    """The example with a policy that is broken, and an exception."""
    return variant(more={"policies/ends.yaml": POLICY, "exceptions/report.yaml": EXCEPTION})


def lived(words: str = "", **how: object) -> Choices:
    """`words` stand in everything that others can write into what the pages are told."""
    return Choices(TODAY, live=_live(words), past=_past(words), requests=_requests(words), used=_used(), **how)  # type: ignore[arg-type]


def data_of(files: Mapping[str, str]) -> dict[str, Any]:
    """What the pages of a site search."""
    found: dict[str, Any] = json.loads(files["data.js"].removeprefix("var meshformData=").rstrip().removesuffix(";"))
    return found


def _live(words: str) -> Live:
    """AWS has `age` opened to more people than the documents say; one bucket may not be listed."""
    mesh = bank()
    other = variant((CREDIT, *_OPENED))
    gap = Gap("table", Placement("333333333333", "eu-west-1"), f"glue.GetTables: AccessDenied {words}")
    drift = Drift(pipeline.review(mesh, observation=Observation(compile_mesh(other, registry()), (gap,))))
    old = int(NOW.timestamp()) - 86_400 * 9
    quality = QualityResult(old, 0.75, 4, (f"RowCount = 1000 {words}",))
    measures = by_table(
        [
            Measure("credit-card", "credit_card", old, "object", whole=True, quality=quality),
            Measure("fund-prices", "fund_price", old + 86_400 * 9 - 60, "partition"),
            Measure(
                "deal-pipeline",
                "deal",
                unseen=(f"s3.ListObjectsV2: AccessDenied: role/data-scientist in 333333333333 {words}",),
            ),
        ]
    )
    return Live(NOW, measures, tuple(promises(mesh, measures, NOW)), drift)


_OPENED = (
    'description: "Age in years"\n        tags: {sensitivity: restricted}',
    'description: "Age in years"\n        tags: {sensitivity: internal}',
)


def _past(words: str) -> Past:
    def event(day: int, event: str, **more: object) -> Event:
        return Event(f"2026-11-{day}T10:00:00Z", event, **more)  # type: ignore[arg-type]

    told = f"Let analytics-coe read {words}"
    by = f"Ada {words} <ada@bank.example>"
    events = (
        event(17, "asked", document="Product credit-profile", change="changed", author=by, detail=told, outcome="done"),
        event(18, "asked", document=f"Subscription x{words}", change="added", author=by, detail=told, pull_request=7),
        event(19, "applied", by="apply-bot", detail=f"3 of 3 steps done {words}", outcome="done"),
        event(19, "gained", who="analytics-coe/data-scientist", table="credit-card.credit_card", columns=("age",)),
    )
    at = ("2026-11-17T10:00:00Z", "c", "b", by, "credit-profile", "credit_card")
    changes = (
        (SchemaChange(*at, "duration", "type", f"int{words}", f"x{words}"), ("portfolio-report",)),
        (SchemaChange(*at, f"gone{words}", "removed"), ()),
    )
    return Past(date(2026, 10, 1), events, changes)


def _requests(words: str) -> Requests:
    def request(name: str, state: str, **more: object) -> Request:
        return Request(name, "analytics-coe", ("credit-profile",), state, "2026-11-20", f"eve{words}", **more)  # type: ignore[arg-type]

    link = "https://github.com/bank/mesh/pull/9"
    return Requests(
        (
            request(f"credit-profile-x{words}", "asked", url=link, said=f"pull request #9 asks for it {words}"),
            request("evil", "approved", url="javascript:alert(1)", said="pull request #10 asks for it"),
            request("no", "refused", url=link, said="pull request #8 asks for it"),
            request("portfolio-report", "ends", said="applied on 2026-11-19; its last day is 2026-12-01"),
            request("credit-risk-model", "applied", approved_by=("ines",), said="applied on 2026-11-19"),
            request("old", "ended", said="given back on 2026-11-20"),
            request("held", "suspended", said="a suspension takes all of it"),
        ),
        has_git=True,
        has_forge=True,
    )


def _used() -> dict[str, LastRead]:
    return {"portfolio-report": LastRead(datetime(2026, 11, 3, 8, tzinfo=UTC)), "credit-risk-model": LastRead()}
