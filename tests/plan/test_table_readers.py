"""Who reads a table, by its columns, in what was found or by the documents; and many names in one sentence."""

from __future__ import annotations

import pytest

from reconciler import pipeline
from reconciler.kinds.glue.table import Table
from reconciler.model.resource import Observation, Snapshot
from reconciler.plan.table_readers import TableReaders, listed
from tests.estate import bank
from tests.plan.test_gates import changed, wanted, without_grants_of_the_scientist

(CARD,) = (each for each in wanted().of(Table) if each.spec.table == "credit_card")
STEWARD, ANALYST, SCIENTIST = (
    "consumer-banking/consumer-banking-steward",
    "analytics-coe/credit-analyst",
    "analytics-coe/data-scientist",
)


def readers(found: Snapshot | None, *, by_documents: bool = False) -> TableReaders:
    seen = None if found is None else Observation(found)
    return TableReaders(pipeline.review(bank(), observation=seen, base=bank()), by_documents=by_documents)


def test_who_reads_a_column_reads_no_other_for_that() -> None:
    """Meshform's own roles read, too, and are not named."""
    everybody = readers(wanted())
    assert everybody.of(CARD) == everybody.of(CARD, "status") == (ANALYST, SCIENTIST, STEWARD)
    assert everybody.of(CARD, "amount") == (SCIENTIST, STEWARD)
    assert everybody.of(CARD, "age") == (STEWARD,)
    assert everybody.of(CARD, "nowhere") == ()


def test_what_was_found_is_not_what_the_documents_say() -> None:
    found = changed(without_grants_of_the_scientist)
    assert readers(found).of(CARD, "amount") == (STEWARD,)
    assert readers(found, by_documents=True).of(CARD, "amount") == (SCIENTIST, STEWARD)
    assert readers(None).of(CARD) == ()
    assert readers(None, by_documents=True).of(CARD) == (ANALYST, SCIENTIST, STEWARD)


def test_a_sentence_says_so() -> None:
    assert readers(wanted()).sentence(CARD, "age") == f"It is read by {STEWARD}."
    assert readers(wanted()).sentence(CARD, "nowhere") == "Nobody reads it today."
    assert readers(wanted(), by_documents=True).sentence(CARD, "nowhere") == "No subscription reads it."


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("a", "a"),
        ("ab", "a and b"),
        ("abc", "a, b and c"),
        ("abcde", "a, b, c, d and e"),
        ("abcdef", "a, b, c, d and 2 more"),
    ],
)
def test_of_many_names_the_first_and_how_many_more(names: str, said: str) -> None:
    assert listed(names) == said
