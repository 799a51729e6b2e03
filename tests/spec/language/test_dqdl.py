"""Rules of Glue Data Quality are told from what is none, before Glue is asked."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.spec.language.dqdl import RULE_TYPES, NotARule, check


@pytest.mark.parametrize(
    "text",
    [
        'IsComplete "amount"',
        'ColumnValues "city" in ["Berlin", "it\'s", "a,b]"] with threshold > 0.9',
        '(IsComplete "a") and (IsUnique "a")',
        '(RowCount > 1) OR ((Mean "a" > 3) and (Sum "a" < 9))',
        "RowCount between 1 and 10",
        'CustomSql "select count(*) from primary where (a = 1)" = 0',
        'ColumnValues "day" > (now() - 3 days)',
        'ReferentialIntegrity "a" "other.{b}" = 1.0',
        'IsComplete "a" where "b > 3"',
    ],
)
def test_a_rule_is_taken(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('IsCompleet "a"', "IsCompleet"),
        ('(IsComplete "a") and (IsUniq "a")', "IsUniq"),
        ('IsComplete "a', "quote"),
        ('ColumnValues "a" in ["x"', "not closed"),
        ('IsComplete "a"]', "not opened"),
        ('IsComplete "a", IsUnique "a"', "entry of its own"),
        ("> 3", "no type of rule"),
    ],
)
def test_what_is_no_rule_is_told(text: str, why: str) -> None:
    with pytest.raises(NotARule, match=why):
        check(text)


@given(st.text(max_size=80))
def test_no_text_crashes_the_reader_of_rules(text: str) -> None:
    with contextlib.suppress(NotARule):
        check(text)


def test_every_type_of_rule_is_written_as_glue_writes_it() -> None:
    assert sorted(RULE_TYPES) == list(RULE_TYPES)
    assert all(name[0].isupper() and name.isalpha() for name in RULE_TYPES)
