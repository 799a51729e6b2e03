"""Each state of a request stands on the page of requests, on that of its consumer, and on that of its product."""

from __future__ import annotations

import re

import pytest

from reconciler.catalog.requests import State, requests
from reconciler.catalog.site.choices import Choices, Requests
from reconciler.catalog.site.render import site
from tests.catalog.site.lived import TODAY
from tests.catalog.test_requests import RUN, asked, proposal
from tests.estate import edited, mesh_of

FOLDER = "consumers/analytics-coe/subscriptions"
TEXT = (
    "apiVersion: meshform/v1\nkind: Subscription\nname: {}\nconsumer: analytics-coe\npurpose: To look\n"
    "product: consumer-banking/credit-profile\nprincipals: [data-scientist]\n"
    "clearance: {{sensitivity: [public, internal]}}\nexpires: {}\n"
)
SUSPENDED = (
    "apiVersion: meshform/v1\nkind: Suspension\nname: leak\nprincipal: analytics-coe/credit-analyst\n"
    "reason: Leak\nby: Ada Lovelace\n"
)
STATES: dict[str, State] = {
    "waiting": "asked",
    "agreed": "approved",
    "unwanted": "refused",
    "credit-risk-model": "applied",
    "soon": "ends",
    "over": "ended",
    "portfolio-report": "suspended",
}
"""The state of each request of the site; those that are no longer there are on the page of requests only."""
UNDER_WAY = ("asked", "approved", "refused", "ends", "suspended")


@pytest.fixture(scope="module")
def lived() -> dict[str, str]:
    """Made from pull requests, the history and the documents, as the commands make it."""
    more = {
        f"{FOLDER}/soon.yaml": TEXT.format("soon", "2026-12-01"),
        f"{FOLDER}/over.yaml": TEXT.format("over", "2026-11-01"),
        "suspensions/leak.yaml": SUSPENDED,
    }
    mesh = mesh_of(edited(more=more), TODAY)
    product = "product: consumer-banking/credit-profile\n"
    proposals = (
        proposal(f"{FOLDER}/waiting.yaml", "open", "added", product),
        proposal(f"{FOLDER}/agreed.yaml", "open", "added", product, "ines"),
        proposal(f"{FOLDER}/unwanted.yaml", "closed", "added", product),
    )
    events = [asked("done", name="credit-risk-model"), RUN]
    found = requests(mesh, TODAY, events, proposals)
    return dict(site(mesh, Choices(TODAY, requests=Requests(found, has_git=True, has_forge=True))))


def states(page: str) -> dict[str, str]:
    """By request: its state in the rows of a page."""
    rows = re.findall(r'<td><span class="state (\w+)">(\w+)</span></td>\s*<th scope="row">([^<]+)</th>', page)
    assert all(named == said for named, said, _ in rows)
    return {name: said for _, said, name in rows}


def test_every_request_has_its_state(lived: dict[str, str]) -> None:
    assert states(lived["requests.html"]) == STATES


def test_a_consumer_sees_what_waits_was_refused_ends_or_is_suspended(lived: dict[str, str]) -> None:
    expected = {name: state for name, state in STATES.items() if state in UNDER_WAY}
    assert states(lived["consumers/analytics-coe.html"]) == expected


def test_a_product_says_who_asks_for_it_and_who_was_refused(lived: dict[str, str]) -> None:
    expected = {name: state for name, state in STATES.items() if state in ("asked", "approved", "refused")}
    assert states(lived["products/credit-profile.html"]) == expected
