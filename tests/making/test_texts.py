"""The type of texts: every value comes back as it was written, in whatever column it stands."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.making.texts import Narrowing

VALUES = st.one_of(
    st.integers(-(2**70), 2**70).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.dates().map(str),
    st.datetimes().map(lambda each: each.strftime("%Y-%m-%d %H:%M:%S")),
    st.sampled_from(["", "true", "FALSE", "007", "+1", "1e5", "1e999", ".", "-", "1.", "2026-02-30", "NA", "٣", " 1"]),
    st.text(max_size=5),
)


def came_back(kind: str, text: str) -> bool:
    """Whether nothing of a text is lost where it is kept as a type."""
    match kind:
        case "int" | "bigint":
            bits = 32 if kind == "int" else 64
            return text == "-0" or (str(int(text)) == text and -(2 ** (bits - 1)) <= int(text) < 2 ** (bits - 1))
        case "double":
            return Decimal(repr(float(text))) == Decimal(text) or "e" in text.lower()
        case "boolean":
            return text.lower() in ("true", "false")
        case "date":
            return str(date.fromisoformat(text)) == text
        case "timestamp":
            return str(datetime.fromisoformat(text)) == text
        case _:
            return kind == "string"


@given(st.lists(VALUES, max_size=6))
def test_nothing_is_lost(texts: list[str]) -> None:
    seen = Narrowing()
    for text in texts:
        seen.look_at(text)
    assert all(came_back(seen.type(), text) for text in texts if text)
    assert seen.has_gaps == ("" in texts)


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["1", "-5", ""], "int"),
        (["1", "3000000000"], "bigint"),
        (["1", "2.5"], "double"),
        (["01", "2"], "string"),
        (["12345678901234567890"], "string"),
        (["true", "False"], "boolean"),
        (["2026-01-31"], "date"),
        (["2026-01-31 10:00:00", "2026-01-31 10:00:00.123"], "timestamp"),
        (["2026-01-31T10:00:00"], "string"),
        ([""], "string"),
        ([], "string"),
    ],
)
def test_the_narrowest_type_is_taken(texts: list[str], kind: str) -> None:
    seen = Narrowing()
    for text in texts:
        seen.look_at(text)
    assert seen.type() == kind
