"""renew and return: a subscription goes on, or is given back; nothing else changes, and a wrong answer does nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run, edit

REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"


@pytest.mark.parametrize("is_written_first", [False, True])
def test_only_the_day_changes_and_what_approved_another_one_goes(
    folder: Path, run: Run, is_written_first: bool
) -> None:
    approval = "approval: {by: consumer-banking-stewards, at: 2026-11-18, ticket: DATA-107}"
    if is_written_first:
        edit(folder, REPORT, f"expires: 2027-12-31\n{approval}", f"# Decided.\n{approval}\nexpires: 2027-12-31")
    before = (folder / REPORT).read_text()
    ran = run("renew", "portfolio-report", "--until", "2028-06-30")
    assert ran.code == 0, ran.err
    was = before.replace("# Decided.\n", "").replace(approval, "").replace("2027-12-31", "2028-06-30")
    assert (folder / REPORT).read_text().split() == was.split()
    assert "Its approval by consumer-banking-stewards of 2026-11-18 was until 2027-12-31: taken out." in ran.err
    assert "must approve it" in ran.out or "Nobody has to approve it" in ran.out


@pytest.mark.parametrize("was", ["expires: 2027-12-31\n", ""])
def test_an_earlier_day_is_within_what_was_approved(folder: Path, run: Run, was: str) -> None:
    """Without an end every day is earlier."""
    edit(folder, REPORT, "expires: 2027-12-31\n", was)
    before = (folder / REPORT).read_text().splitlines()
    ran = run("renew", "portfolio-report", "--until", "2027-06-30")
    assert ran.code == 0, ran.err
    after = (folder / REPORT).read_text().splitlines()
    assert {*after} - {*before} == {"expires: 2027-06-30"}
    assert {*before} - {*after} == {*was.split("\n")} - {""}


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
