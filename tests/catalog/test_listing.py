"""Lists say of each row what it is called, so that what somebody reads of it can stand beside it."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from reconciler.catalog.listing import address_of, records, table_of
from reconciler.catalog.reading import reads_of
from reconciler.cli import list_, show_
from tests.estate import TODAY, bank

SCIENTIST = "analytics-coe/data-scientist"


@pytest.mark.parametrize("what", ["products", "tables", "columns", "subscriptions"])
def test_every_row_has_what_somebody_reads_of_it(what: str) -> None:
    reads = reads_of(bank(), SCIENTIST)
    rows = [{**row, "reads": reads.of(address_of(what, row))} for row in records(bank(), what, TODAY)]
    assert {row["reads"] for row in rows} <= {"all", "nothing", "17 of 21 columns"}
    assert len({row["reads"] for row in rows}) == 2
    assert table_of(what, rows).headings[-1] == "you read"


@pytest.mark.parametrize(
    ("command", "words"), [(list_.command, ["teams"]), (show_.command, ["team:consumer-banking-stewards"])]
)
def test_what_nobody_reads_is_not_asked_for(command: click.Command, words: list[str]) -> None:
    found = CliRunner().invoke(command, [*words, "--as", SCIENTIST])
    assert found.exit_code == click.UsageError.exit_code
    assert "--as goes with products, tables, columns and subscriptions" in found.output
