"""What counts as said in a comment: whole lines at its beginning, and nothing that looks like them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.owners.acceptance import Said, line, said

DIGEST = "0f1e2d3c4b5a69788796a5b4"
LINE = line("mass-delete", DIGEST, "Agreed, GOV-12")
SAID = Said("mass-delete", DIGEST, "Agreed, GOV-12")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (LINE, [SAID]),
        (f"{LINE}\r\n\r\nThanks!", [SAID]),
        (f"{LINE}\n{line('policy/no-salary', DIGEST, 'x')}", [SAID, Said("policy/no-salary", DIGEST, "x")]),
        (line("policy/a--b-", DIGEST, "x"), [Said("policy/a--b-", DIGEST, "x")]),
        (line("policy/a/b", DIGEST, "x"), []),
        (f"{LINE}\nAs discussed:\n{line('rename', DIGEST, 'x')}", [SAID]),
        (f"I think we should not write\n{LINE}", []),
        (f"> {LINE}", []),
        (f"```\n{LINE}\n```", []),
        (f"~~~\n{LINE}\n~~~", []),
        (f"    {LINE}", []),
        (f"`{LINE}`", []),
        (f"<!--\n{LINE}\n-->", []),
        (f"- {LINE}", []),
        (f"\n{LINE}", []),
        (LINE.replace("mass-delete", "mass\u2010delete"), []),
        (LINE.replace("mass-delete", "mаss-delete"), []),
        (LINE.replace(" accept ", "\u00a0accept "), []),
        (LINE.replace(DIGEST, DIGEST[:-1]), []),
        (LINE.replace(DIGEST, DIGEST.upper()), []),
        (f"meshform accept mass-delete {DIGEST}", []),
        (f"meshform accept mass-delete {DIGEST} ", []),
        ("meshform accept mass-delete because I say so", []),
        ("", []),
    ],
)
def test_only_whole_lines_at_the_beginning_are_read(body: str, expected: list[Said]) -> None:
    assert list(said(body)) == expected


@given(st.text(max_size=40))
def test_what_follows_other_text_is_never_read(before: str) -> None:
    first = before.replace("\r\n", "\n").partition("\n")[0]
    found = list(said(f"{before}\n{LINE}"))
    assert found == ([] if not list(said(first)) else found)
