"""Once a term counts: what was there holds up nobody's change, and what comes, runs longer or reads more is stopped."""

from __future__ import annotations

import pytest

from tests.estate import Edit
from tests.plan.test_gates import MODEL, PROFILE, REPORT, review, under_term

READS = "principals: [credit-analyst]"


def stopped(*edits: Edit, without: tuple[str, ...] = ()) -> list[str]:
    """What of a change is stopped, where the example stood before it."""
    reviewed = review(under_term(*edits), base=under_term(without=without))
    return [each.message for each in reviewed.findings if each.rule == "new-beyond-term"]


@pytest.mark.parametrize(
    "edit",
    [
        (PROFILE, "\nowner:", "\n# a remark\nowner:"),
        (REPORT, "purpose: Monthly", "purpose: Yearly"),
        (REPORT, "expires: 2027-12-31", "expires: 2027-11-30"),
        (MODEL, "[internal, confidential]", "[internal]"),
    ],
    ids=["another document", "a word", "an earlier end, still beyond", "less"],
)
def test_what_stood_on_its_first_day_holds_up_no_change(edit: Edit) -> None:
    assert stopped(edit) == []


@pytest.mark.parametrize(
    "edits",
    [
        [(REPORT, "expires: 2027-12-31", "expires: 2028-12-31")],
        [(REPORT, "expires: 2027-12-31\n", "")],
        [(REPORT, READS, "principals: [credit-analyst, data-scientist]")],
        [(REPORT, "[internal]", "[internal, confidential]")],
        [(REPORT, "name: portfolio-report", "name: portfolio")],
    ],
    ids=["longer", "without an end", "more people", "more columns", "another name"],
)
def test_what_is_more_than_it_was_is_stopped(edits: list[Edit]) -> None:
    assert any("the last day allowed is" in each for each in stopped(*edits))


def test_what_comes_is_stopped_and_within_the_term_it_is_not() -> None:
    (said,) = stopped(without=(REPORT,))
    assert said.startswith("portfolio-report runs until 2027-12-31")
    assert stopped((REPORT, "expires: 2027-12-31", "expires: 2027-01-31"), without=(REPORT,)) == []


def test_of_one_for_everybody_of_a_consumer_more_columns_are_more() -> None:
    everybody = (REPORT, f"{READS}\n", "")
    base = under_term(everybody)
    for more, is_stopped in (("[internal]", False), ("[internal, confidential]", True)):
        reviewed = review(under_term(everybody, (REPORT, "[internal]", more)), base=base)
        assert any(each.rule == "new-beyond-term" for each in reviewed.findings) == is_stopped
