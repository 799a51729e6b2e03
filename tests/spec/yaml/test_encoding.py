"""Bytes that are not what they look like are told with their line and column."""

from __future__ import annotations

import pytest

from reconciler.spec.yaml.encoding import HIDDEN
from reconciler.spec.yaml.parse import parse
from reconciler.spec.yaml.source import Source


def said(content: bytes) -> list[str]:
    return [str(finding) for finding in parse(Source("a.yaml", content))[2]]


@pytest.mark.parametrize(
    ("content", "place", "byte"),
    [
        ("name: café\n".encode("latin-1"), "1:10", "0xE9"),
        ("é: é\nname: ".encode() + b"\xe9", "2:7", "0xE9"),
        ("name: x".encode("utf-16"), "1:1", "0xFF"),
        (b"a: \xc3", "1:4", "0xC3"),
        (b"a: \xed\xa0\x80", "1:4", "0xED"),
    ],
)
def test_what_is_not_utf_8_is_told_at_its_column(content: bytes, place: str, byte: str) -> None:
    assert said(content) == [
        f"a.yaml:{place}  not-utf-8  byte {byte} is not UTF-8; save the file as UTF-8 in your editor"
    ]


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x7f", "\x85", "\u200e", "\u2028", "\u202e", "\u2066", "\ufeff"])
def test_hidden_signs_are_refused(sign: str) -> None:
    assert said(f"a: b\nc: d{sign}e".encode())[0].startswith("a.yaml:2:5  hidden-sign  ")


def test_umlauts_emoji_and_a_byte_order_mark_at_the_beginning_are_fine() -> None:
    value, _, findings = parse(Source("a.yaml", "\ufeffname: Zürich 🏦\ttab\r\n".encode()))
    assert (value, findings) == ({"name": "Zürich 🏦\ttab"}, [])


def test_every_other_sign_can_be_written() -> None:
    signs = "".join(chr(code) for code in range(0x20, 0x110000) if not 0xD800 <= code < 0xE000)
    text = HIDDEN.sub("", signs).replace("'", "")
    assert len(signs) - len(text) < 60
    assert parse(Source("a.yaml", f"a: '{text}'".encode()))[0] == {"a": text}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_do_for_the_parser(end: str) -> None:
    before = f"a: b{end}c: d{end}"
    assert said(f"{before}e\u202e".encode())[0].startswith("a.yaml:3:2 ")
    assert said(f"{before}e: [".encode())[0].startswith(("a.yaml:3:", "a.yaml:4:"))
