"""People: who reads, and until when: the end of a line is that of the subscriptions that give what is in it."""

from __future__ import annotations

import pytest

from reconciler import pipeline
from reconciler.plan.review import Review
from reconciler.report.people import People
from reconciler.report.reader_table import reader_table
from reconciler.report.verdict import verdict
from tests.estate import bank, edited, mesh_of

SUBSCRIPTIONS = "consumers/analytics-coe/subscriptions"
NAMED = "tables: [{{name: credit_card, columns: [{}]}}]"
IN_CLASS = "clearance: {{sensitivity: [{}]}}"
OLD = "2027-12-31"
"""The end of portfolio-report, by which the analyst reads what is internal."""


def asks(name: str, what: str, expires: str) -> dict[str, str]:
    """A subscription of the credit analyst."""
    text = (
        f"apiVersion: meshform/v1\nkind: Subscription\nname: {name}\nconsumer: analytics-coe\n"
        "product: consumer-banking/credit-profile\nprincipals: [credit-analyst]\npurpose: Score applicants.\n"
        f"{what}\n"
    )
    return {f"{SUBSCRIPTIONS}/{name}.yaml": text + (f"expires: {expires}\n" if expires else "")}


@pytest.mark.parametrize(
    ("more", "end"),
    [
        (asks("a", NAMED.format("age, amount"), "2027-03-31"), "2027-03-31"),
        (asks("a", NAMED.format("age, amount"), "2029-03-31"), "2029-03-31"),
        (asks("a", NAMED.format("age, amount"), ""), "no end"),
        (asks("a", IN_CLASS.format("confidential"), "2027-03-31"), "2027-03-31"),
        (asks("a", IN_CLASS.format("internal, confidential"), "2027-03-31"), "2027-03-31"),
        # Two that give the same: whichever lasts longer. Two that give different columns: each.
        (asks("a", NAMED.format("age"), "2027-03-31") | asks("b", NAMED.format("age"), "2028-01-31"), "2028-01-31"),
        (asks("a", NAMED.format("age"), "2027-03-31") | asks("b", NAMED.format("age"), ""), "no end"),
        (
            asks("a", NAMED.format("age"), "2027-03-31") | asks("b", NAMED.format("amount"), "2028-01-31"),
            "2027-03-31 or 2028-01-31",
        ),
    ],
)
@pytest.mark.parametrize("is_gained", [True, False])
def test_columns_end_with_what_gives_them_and_with_nothing_else(
    more: dict[str, str], end: str, is_gained: bool
) -> None:
    with_more = mesh_of(edited(more=more))
    before, after = (bank(), with_more) if is_gained else (with_more, bank())
    assert ends(pipeline.review(after, base=before, base_name="main")) == [end]


def test_wider_rows_end_with_what_gives_them() -> None:
    some = NAMED.format("amount")[:-2] + ', rows: "duration > 12"}]'
    first = asks("a", some, OLD)
    before = mesh_of(edited(more=first))
    after = mesh_of(edited(more={**first, **asks("b", NAMED.format("amount"), "2027-03-31")}))
    assert ends(pipeline.review(after, base=before, base_name="main")) == ["2027-03-31"]


def ends(reviewed: Review) -> list[str]:
    """The column `until` of the table of the verdict."""
    people, found = People.of(reviewed), verdict(reviewed, People.of(reviewed))
    assert found is not None
    table = reader_table(found, people, {}, 20)
    return [row[table.headings.index("until")] for row in table.rows]
