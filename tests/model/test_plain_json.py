"""What others wrote as JSON is plain data, or refused in a sentence: it breaks nobody who uses it later."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.plain_json import DEEPEST, NotJson, plain_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES, st.booleans())
def test_what_is_json_is_read_as_it_is(value: Any, is_plain: bool) -> None:
    text = json.dumps(value, ensure_ascii=is_plain)
    assert plain_json(text) == plain_json(text.encode()) == value


REFUSED = {
    "line 1, column 1": b"",
    "line 2, column 7": b'{"a": 1,\n "b": }',
    "byte 8 is not UTF-8": b'{"a": "\xff"}',
    "NaN is no number": b"[NaN]",
    "-Infinity is no number": b"[-Infinity]",
    "too many digits": b"9" * 5000,
    "half of a sign": b'{"a": ["\\ud800"]}',
    "it holds half of a sign": b'{"\\udfff": 1}',
    "nested more than": b"[" * 100_000,
    "nested more than 100": b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
    "nested more than 100 deep": b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1),
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_would_break_its_reader_is_refused_with_its_place(words: str) -> None:
    with pytest.raises(NotJson, match=words):
        plain_json(REFUSED[words])


def test_what_only_looks_so_is_read() -> None:
    deep = "[" * DEEPEST + "]" * DEEPEST
    assert plain_json(json.dumps([deep * 3])) == [deep * 3]
    assert plain_json(deep) is not None
    assert plain_json('["\\ud83d\\ude00", "\\\\ud800"]') == ["😀", "\\ud800"]
