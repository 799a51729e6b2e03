"""The difference of two tables goes by column: one column put in is one row, wherever it is put in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.kinds import addresses
from reconciler.kinds.glue.column import Column
from reconciler.kinds.glue.storage_descriptor import Storage
from reconciler.kinds.glue.table import Table
from reconciler.model.address import Placement
from reconciler.model.change import Update
from reconciler.model.resource import Resource
from reconciler.report.difference import differences

WIDE = tuple(Column(f"c{number:02}", "string", f"Column {number}") for number in range(43))


def rows(old: tuple[Column, ...], new: tuple[Column, ...]) -> list[tuple[str, object, object]]:
    table = Table("db", "t", "", old, (), Storage("s3://b/t/", "", "", ""), (("a", "1"),))
    address = addresses.table(Placement("111111111111", "eu-west-1"), "db", "t")
    update = Update(Resource(address, table), Resource(address, replace(table, columns=new)))
    return [(row["field"], row["before"], row["after"]) for row in differences(update)]


@pytest.mark.parametrize("place", [0, 21, 43])
def test_one_column_put_into_43_is_one_row(place: int) -> None:
    new = Column("score", "int", "How likely")
    found = rows(WIDE, (*WIDE[:place], new, *WIDE[place:]))
    assert found == [("columns.score", None, {"type": "int", "comment": "How likely"})]


def test_one_column_taken_away_and_one_of_another_type_are_one_row_each() -> None:
    wider = replace(WIDE[5], type="bigint")
    found = rows(WIDE, (*WIDE[1:5], wider, *WIDE[6:]))
    assert [row[0] for row in found] == ["columns.c00", "columns.c05.type"]
    assert found[1][1:] == ("string", "bigint")


def test_an_order_is_one_row_that_names_what_moved() -> None:
    swapped = (*WIDE[:3], WIDE[4], WIDE[3], *WIDE[5:])
    assert rows(WIDE, swapped) == [("columns.order", ["c03", "c04"], ["c04", "c03"])]


def test_the_first_columns_of_a_table_and_a_column_with_an_odd_name() -> None:
    assert [row[0] for row in rows((), WIDE[:2])] == ["columns.c00", "columns.c01"]
    assert rows((), (Column("Straße 1", "int"),)) == [("columns.Straße 1", None, {"type": "int", "comment": ""})]
