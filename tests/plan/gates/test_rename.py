"""A table that comes is like one that goes by its files, or by its columns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.kinds.glue.table import Table
from reconciler.plan.gates.rename import _alike
from tests.plan.test_gates import wanted

LIKE: Table = next(each.spec for each in wanted().of(Table) if each.spec.table == "fund_price")


def table(columns: str, location: str) -> Table:
    named = tuple(replace(LIKE.columns[0], name=name) for name in columns)
    return replace(LIKE, columns=named, partition_keys=(), storage=replace(LIKE.storage, location=location))


@pytest.mark.parametrize(
    ("old", "new", "alike"),
    [
        (("ab", "s3://x/"), ("ab", "s3://x/"), True),
        (("ab", "s3://x/"), ("cd", "s3://x/"), True),
        (("ab", "s3://x/"), ("ba", "s3://y/"), True),
        (("ab", "s3://x/"), ("abc", "s3://y/"), False),
        (("", "s3://x/"), ("", "s3://y/"), False),
        (("", "s3://x/"), ("", "s3://x/"), True),
    ],
)
def test_files_or_columns_decide(old: tuple[str, str], new: tuple[str, str], alike: bool) -> None:
    assert _alike(table(*old), table(*new)) is alike
