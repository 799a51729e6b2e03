"""renew and return: a subscription goes on, or is given back; nothing else changes, and a wrong answer does nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run, edit

REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"


def test_only_the_day_changes_and_who_approves_is_told(folder: Path, run: Run) -> None:
    before = (folder / REPORT).read_text().splitlines()
    ran = run("renew", "portfolio-report", "--until", "2028-06-30")
    assert ran.code == 0, ran.err
    after = (folder / REPORT).read_text().splitlines()
    assert [(old, new) for old, new in zip(before, after, strict=True) if old != new] == [
        ("expires: 2027-12-31", "expires: 2028-06-30")
    ]
    assert "must approve it" in ran.out or "Nobody has to approve it" in ran.out


def test_one_that_has_ended_is_renewed_and_says_what_that_opens(folder: Path, run: Run) -> None:
    edit(folder, REPORT, "expires: 2027-12-31", "expires: 2026-11-01")
    ran = run("renew", "portfolio-report", "--until", "2027-06-30")
    assert ran.code == 0, ran.err
    assert "analytics-coe/credit-analyst" in ran.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("renew", "portfolio-reprot", "--until", "2028-01-01"), "did you mean portfolio-report"),
        (("renew", "portfolio-report", "--until", "2026-11-01"), "is over already"),
        (("renew", "portfolio-report", "--until", "tomorrow"), "tomorrow"),
        (("return", "nothing"), "There is no subscription nothing"),
    ],
)
def test_a_wrong_answer_changes_nothing(folder: Path, run: Run, words: tuple[str, ...], says: str) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    ran = run(*words)
    assert ran.code != 0
    assert says in ran.err
    assert {path: path.read_bytes() for path in folder.rglob("*.yaml")} == before


def test_what_is_beyond_a_term_is_refused_and_the_document_is_as_it_was(folder: Path, run: Run) -> None:
    edit(folder, "lf-tags/sensitivity.yaml", "{value: internal,", "{value: internal, term: {longest: 30d},")
    before = (folder / REPORT).read_bytes()
    ran = run("renew", "portfolio-report", "--until", "2029-01-01")
    assert ran.code != 0
    assert (folder / REPORT).read_bytes() == before


def test_what_is_given_back_is_told_and_gone(folder: Path, run: Run) -> None:
    ran = run("return", "portfolio-report")
    assert ran.code == 0, ran.err
    assert not (folder / REPORT).exists()
    assert "credit-analyst" in ran.out
    assert run("validate").code == 0


def test_what_something_hangs_on_stays(folder: Path, run: Run) -> None:
    """A suspension that names the subscription: without it the mesh would be none."""
    (folder / "suspensions").mkdir()
    (folder / "suspensions/leak.yaml").write_text(
        "apiVersion: meshform/v1\nkind: Suspension\nname: leak\nsubscription: portfolio-report\nreason: Leak\nby: me\n"
    )
    assert run("validate").code == 0
    before = (folder / REPORT).read_bytes()
    ran = run("return", "portfolio-report")
    assert ran.code != 0
    assert "leak.yaml" in ran.err
    assert (folder / REPORT).read_bytes() == before
