"""What a history tells: asked by whom, approved by whom, applied when, who gained and lost; also of what is gone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import MeshformError
from tests.history.repository import Repository, opened, step, subscription

PATH = "consumers/bi/subscriptions/report.yaml"
OTHER = "consumers/bi/subscriptions/other.yaml"
PRODUCT = """apiVersion: meshform/v1
kind: Product
name: orders
domain: sales
database: orders
tables:
  - name: line
    columns:
      - {name: amount, type: int, tags: {sensitivity: %s}}
      - {name: city, type: string}
"""


def approved(commit: str, by: str = "ines", head: str = "h1", **more: Any) -> dict[str, Any]:
    given = {"by": by, "commit": "h1", "at": "2026-11-03T08:00:00Z"}
    pull = {"number": 7, "head": head, "author": "ada", "pushed_by": ["ada"], "as_approved": True, "approvals": [given]}
    return {
        "approvals": {"version": 1, "base": None, "changes": [{"commit": commit, "pull_request": {**pull, **more}}]}
    }


@pytest.fixture
def told(tmp_path: Path) -> Repository:
    """A subscription that came by #7 on the third, was applied in two runs, and went on the tenth."""
    repository = Repository(tmp_path)
    first = repository.commit(
        "2026-11-01T10:00:00Z", "The mesh", {"domains/sales/products/orders.yaml": PRODUCT % "internal"}
    )
    repository.ran("2026-11-01T11:00:00+00:00", first)
    asked = repository.commit("2026-11-03T10:00:00Z", "Let ann read (#7)", {PATH: subscription("report")})
    failed = [step(PATH, "failed"), step(PATH, name="y")]
    repository.ran("2026-11-03T11:00:00+00:00", asked, "done in part", steps=failed, **approved(asked))
    repository.ran(
        "2026-11-03T12:00:00+00:00",
        asked,
        steps=[step(PATH)],
        accepted=["opens-most-sensitive"],
        actor="carl",
        access=[opened("report", "amount")],
    )
    gone = repository.commit(
        "2026-11-10T10:00:00Z", "Merge pull request #9 from x/y", {PATH: None, OTHER: subscription("other")}
    )
    repository.ran("2026-11-10T11:00:00+00:00", gone, access=[opened("", "amount", gained=False)])
    return repository


def test_of_a_subscription_that_is_gone_everything_is_told(told: Repository) -> None:
    events = told.ask("subscription", "report")
    assert [(each.event, each.change or each.outcome, each.at[:10]) for each in events] == [
        ("asked", "added", "2026-11-03"),
        ("applied", "done in part", "2026-11-03"),
        ("applied", "done", "2026-11-03"),
        ("gained", "done", "2026-11-03"),
        ("asked", "removed", "2026-11-10"),
        ("applied", "done", "2026-11-10"),
        ("lost", "done", "2026-11-10"),
    ]
    asked = events[0]
    assert (asked.pull_request, asked.author, asked.approved_by) == (7, "ada", ("ines",))
    # What failed in the first run was done by the second one, and carl accepted its gate.
    assert (asked.applied, asked.outcome, asked.by, asked.accepted) == (
        "2026-11-03T12:00:00Z",
        "done",
        "carl",
        "opens-most-sensitive",
    )
    assert events[4].pull_request == 9
    assert "failed: create grant 1/eu x" in events[1].detail
    assert (events[3].who, events[3].columns, events[3].table) == ("bi/ann", ("amount",), "orders.line")


def test_each_matter_has_what_is_about_it(told: Repository) -> None:
    def documents(kind: str, name: str) -> set[str]:
        return {each.document for each in told.ask(kind, name) if each.event == "asked"}

    assert documents("product", "sales/orders") == {"Product orders", "Subscription report", "Subscription other"}
    assert documents("product", "orders") == documents("product", "sales/orders")
    assert documents("consumer", "bi") == {"Subscription report", "Subscription other"}
    assert documents("subscription", "other") == {"Subscription other"}
    assert [each.event for each in told.ask("column", "orders.line.amount")].count("gained") == 1
    assert [each.event for each in told.ask("column", "line.city")].count("gained") == 0
    assert [each.event for each in told.ask("principal", "bi/ann")].count("lost") == 1
    assert len([each for each in told.ask() if each.event == "applied"]) == 4


def test_days_are_included_at_both_ends(told: Repository) -> None:
    days = {each.at[:10] for each in told.ask(since=date(2026, 11, 3), until=date(2026, 11, 10))}
    assert days == {"2026-11-03", "2026-11-10"}
    assert told.ask(since=date(2026, 11, 4), until=date(2026, 11, 9)) == []


def test_a_column_has_a_history_of_its_own(told: Repository) -> None:
    relabelled = told.commit(
        "2026-11-12T10:00:00Z", "Label", {"domains/sales/products/orders.yaml": PRODUCT % "restricted"}
    )
    told.commit(
        "2026-11-13T10:00:00Z", "Words", {"domains/sales/products/orders.yaml": "# word\n" + PRODUCT % "restricted"}
    )
    asked = [each.commit for each in told.ask("column", "line.amount") if each.event == "asked"]
    assert asked[1:] == [relabelled]
    assert len([each for each in told.ask("column", "line.city") if each.event == "asked"]) == 1
    assert len([each for each in told.ask("table", "orders.line") if each.event == "asked"]) == 2


def test_a_name_that_never_was_is_an_error_with_a_suggestion(told: Repository) -> None:
    with pytest.raises(MeshformError, match=r"ever told of a subscription reprot.*report"):
        told.ask("subscription", "reprot")


def test_a_document_that_moves_is_one_row(told: Repository) -> None:
    told.commit(
        "2026-11-14T10:00:00Z", "Move", {OTHER: None, "consumers/bi/subscriptions/a/other.yaml": subscription("other")}
    )
    last = told.ask("subscription", "other")[-1]
    assert (last.change, last.file) == ("moved", "consumers/bi/subscriptions/a/other.yaml")


@pytest.mark.parametrize(
    "bad",
    [
        {"by": "ADA"},
        {"by": "eve", "head": "h2"},
        {"by": "eve", "pushed_by": ["Eve"]},
        {"by": "eve", "pushed_by": None, "as_approved": False},
    ],
)
def test_only_approvals_that_counted_are_told(tmp_path: Path, bad: dict[str, Any]) -> None:
    repository = Repository(tmp_path)
    commit = repository.commit("2026-11-03T10:00:00Z", "x", {PATH: subscription("report")})
    repository.ran("2026-11-03T11:00:00+00:00", commit, "held back", **approved(commit, **bad))
    (asked,) = (each for each in repository.ask("subscription", "report") if each.event == "asked")
    assert (asked.pull_request, asked.author, asked.approved_by) == (7, "ada", ())


def test_a_killed_run_tells_what_was_sent(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    commit = repository.commit("2026-11-03T10:00:00Z", "x", {PATH: subscription("report")})
    steps = [step(PATH, "not reached", name=each) for each in "abc"]
    run = repository.ran("2026-11-03T11:00:00+00:00", commit, "running", steps=steps, access=[opened("report", "city")])
    repository.note(run, 1, ["grant 1/eu a", "grant 1/eu b"], {})
    repository.note(run, 2, [], {"grant 1/eu a": ["done", ""]})
    _, applied, gained = repository.ask("subscription", "report")
    assert applied.outcome == "killed"
    assert "1 of 3 steps done; sent, answer not seen: create grant 1/eu b" in applied.detail
    assert gained.outcome == "not known: the run was killed"
    # It ends after all: what the index knew of it is replaced.
    repository.note(run, 3, [], {"grant 1/eu b": ["done", ""], "grant 1/eu c": ["done", ""]})
    assert "3 of 3 steps done" in repository.ask("subscription", "report")[1].detail


def test_the_index_follows_and_is_made_anew_from_nothing(told: Repository) -> None:
    for _ in range(3):
        assert [each.as_json() for each in told.ask()] == [each.as_json() for each in told.ask()]
    before = told.ask()
    (told.folder / "index").write_bytes(b"not an index" * 1000)
    assert told.ask() == before
    # History that was rewritten is read anew.
    told.git("reset", "--quiet", "--hard", "HEAD~1")
    told.commit("2026-11-11T10:00:00Z", "Instead", {OTHER: subscription("instead")})
    assert {each.document for each in told.ask("consumer", "bi") if each.event == "asked"} == {
        "Subscription report",
        "Subscription instead",
    }


def test_only_the_main_line_counts(told: Repository) -> None:
    """What a branch had before it was merged was never asked for; the merge is, once."""
    told.git("switch", "--quiet", "--create", "branch")
    told.commit("2026-11-15T10:00:00Z", "try", {PATH: subscription("tried")})
    told.commit("2026-11-15T11:00:00Z", "no, other", {PATH: subscription("taken")})
    told.git("switch", "--quiet", "main")
    told.git(
        "merge", "--quiet", "--no-ff", "--message", "Merge pull request #12 from b", "branch", at="2026-11-16T10:00:00Z"
    )
    found = [each for each in told.ask("consumer", "bi") if each.at >= "2026-11-15"]
    assert [(each.document, each.pull_request, each.at) for each in found] == [
        ("Subscription taken", 12, "2026-11-16T10:00:00Z")
    ]
