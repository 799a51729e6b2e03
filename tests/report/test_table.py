"""Tables: nothing is lost at any width, and what others wrote stays text in every voice."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.report.table import Table, table_csv, table_markdown, table_text
from tests.report.test_markdown import HOSTILE, is_quiet, rendered

WORDS = st.text(st.characters(categories=["L", "N"], max_codepoint=0x24F), min_size=1, max_size=12)
CELLS = st.lists(WORDS, max_size=6).map(" ".join)
TABLES = st.lists(st.tuples(st.just("+"), CELLS, CELLS, CELLS), min_size=1, max_size=5).map(
    lambda rows: Table(("", "who", "reads", "until"), tuple(rows))
)


@given(TABLES, st.integers(30, 160))
def test_every_word_is_shown_at_every_width_and_no_line_is_wider(table: Table, width: int) -> None:
    drawn = list(table_text(table, width))
    shown = re.findall(r"\w+", " ".join(drawn))
    for row in table.rows:
        for word in " ".join(row).split():
            assert word == "+" or word in shown
    assert max(map(len, drawn)) <= width


@given(TABLES)
def test_csv_reads_back(table: Table) -> None:
    found = [tuple(row) for row in csv.reader(io.StringIO(table_csv(table)))]
    assert found == [table.headings, *[("'+", *row[1:]) for row in table.rows]]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_forges_nothing(text: str) -> None:
    page = rendered("\n".join(table_markdown(Table(("who",), ((text,),)))))
    assert is_quiet(page.prose)
    assert "\x1b" not in "".join(table_text(Table(("who",), ((text,),)), 80))
    assert not table_csv(Table(("who",), ((text,),))).splitlines()[1].startswith(("=", "@", "-", "+"))
