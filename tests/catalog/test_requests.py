"""What became of a request: each state from where it is known, and nothing claimed where it is not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reconciler.catalog.requests import Request, requests
from reconciler.forge.protocol import Proposal, ProposedFile
from reconciler.history.event import Event
from tests.estate import TODAY, bank, edited, mesh_of

NAME = "portfolio-report"
FILE = f"consumers/analytics-coe/subscriptions/{NAME}.yaml"
NEW = "consumers/analytics-coe/subscriptions/mine.yaml"
RUN = Event("2026-11-20T10:00:00Z", "applied", run="r1", outcome="done")


def asked(outcome: str = "not applied", change: str = "added", name: str = NAME) -> Event:
    applied = "2026-11-19T09:00:00Z" if outcome == "done" else ""
    at, document = "2026-11-18T10:00:00Z", f"Subscription {name}"
    return Event(
        at, "asked", document, FILE, change, 7, "c1", "ada", ("ines",), outcome=outcome, applied=applied, run="r1"
    )


def proposal(path: str, state: str = "open", status: str = "added", added: str = "", *by: str) -> Proposal:
    file = ProposedFile(path, status, added)
    url = "https://github.com/bank/mesh/pull/9"
    return Proposal(9, "title", url, "eve", state, "2026-11-21T08:00:00Z", (file,), by)  # type: ignore[arg-type]


def found(events: list[Event] | None = None, *proposals: Proposal, today: date = TODAY) -> dict[str, Request]:
    return {each.name: each for each in requests(mesh_of(edited(), today), today, events, proposals)}


def test_what_is_merged_is_approved_until_the_journal_says_that_it_was_applied() -> None:
    unknown = found()[NAME]
    assert (unknown.state, unknown.by, unknown.approved_by) == ("approved", "", ("consumer-banking-stewards",))
    assert "not known" in unknown.said
    merged = found([asked(), RUN])[NAME]
    assert (merged.state, merged.said, merged.by) == ("approved", "it is merged and not applied yet", "ada")
    applied = found([asked("done"), RUN])[NAME]
    assert (applied.state, applied.since, applied.approved_by) == ("applied", "2026-11-19", ("ines",))
    assert found([asked("done in part"), RUN])[NAME].said == "apply: done in part"
    assert "not known" in found([asked()])[NAME].said, "without a journal nobody knows"


def test_a_change_after_it_was_applied_waits_again() -> None:
    assert found([asked("done"), RUN, asked(change="changed")])[NAME].state == "approved"


@pytest.mark.parametrize(("days", "state"), [(400, "applied"), (30, "ends"), (0, "ends"), (-1, "ended")])
def test_the_last_day(days: int, state: str) -> None:
    today = date(2027, 12, 31) - timedelta(days=days)
    assert found([asked("done"), RUN], today=today)[NAME].state == state


def test_a_suspension_of_all_of_it() -> None:
    text = (
        "apiVersion: meshform/v1\nkind: Suspension\nname: hold\nconsumer: analytics-coe\nreason: x y\n"
        "by: data-protection-office\n"
    )
    mesh = mesh_of(edited(more={"suspensions/hold.yaml": text}))
    assert {each.state for each in requests(mesh, TODAY, None, None)} == {"suspended"}


def test_what_was_given_back_has_ended() -> None:
    gone = found([asked("done", "removed", "old")])["old"]
    assert (gone.state, gone.consumer, gone.said) == ("ended", "analytics-coe", "given back on 2026-11-18")


@pytest.mark.parametrize(
    ("state", "by", "says"), [("open", (), "asked"), ("open", ("ines",), "approved"), ("closed", ("ines",), "refused")]
)
def test_pull_requests(state: str, by: tuple[str, ...], says: str) -> None:
    text = "kind: Subscription\nproduct: consumer-banking/credit-profile\n"
    new = found(None, proposal(NEW, state, "added", text, *by))["mine"]
    assert (new.state, new.consumer, new.products, new.by) == (says, "analytics-coe", ("credit-profile",), "eve")
    assert (new.url, new.said) == ("https://github.com/bank/mesh/pull/9", "pull request #9 asks for it")


def test_a_pull_request_about_what_is_there_stands_beside_it() -> None:
    both = requests(bank(), TODAY, None, [proposal(FILE, status="removed")])
    states = [(each.state, each.said[:16]) for each in both if each.name == NAME]
    assert sorted(states) == [("approved", "it is in the doc"), ("asked", "pull request #9 ")]
    assert both[0].is_open


@pytest.mark.parametrize(
    "path",
    ["consumers/x/consumer.yaml", "consumers/<b>/subscriptions/x.yaml", "x/consumers/a/subscriptions/b.yaml", "a.yaml"],
)
def test_what_is_no_subscription_is_none(path: str) -> None:
    assert found(None, proposal(path)).keys() == found().keys()


def test_a_product_that_the_mesh_has_not_is_not_shown() -> None:
    text = "product: consumer-banking/<script>\n"
    assert found(None, proposal(NEW, added=text))["mine"].products == ()
