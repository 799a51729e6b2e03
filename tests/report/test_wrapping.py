"""Wrapping at any width: every word stays, nothing is longer than the terminal but one word, and later lines hang."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from reconciler.cli.terminal import fitted
from tests.cli.snapshot import FOLDER

DOCUMENTS = {"ci", "comment", "export"}
"""Commands that print a document for others: Markdown, YAML."""


def seen() -> Iterator[tuple[str, int, str]]:
    """Every line that a snapshot shows, with the width of its terminal: whose is it, how wide, and what."""
    for path in sorted(FOLDER.glob("*.txt")):
        width = 0
        for line in path.read_text(encoding="utf-8").splitlines():
            if found := re.match(r"\$ meshform .*# (\d+) columns, exit", line):
                width = int(found[1])
            elif line.strip():
                yield path.stem, width, line


LINES = sorted({line for _, _, line in seen()})


@given(st.sampled_from(LINES) | st.text("ab \u00e9x", max_size=300).filter(str.strip), st.integers(20, 200))
def test_any_line_at_any_width(line: str, width: int) -> None:
    fits = fitted(line, width)
    assert " ".join(fits).split() == line.split(), "every word, in order"
    for each in fits:
        assert len(each) <= width or len(each.split()) == 1, f"{each!r} is longer than {width}"
    first, *rest = [len(each) - len(each.lstrip()) for each in fits]
    assert all(indent > min(first, width // 4) for indent in rest), "a hanging indent"


def test_no_command_writes_beyond_its_terminal() -> None:
    """Hints stay in one line, so that their command can be copied; a question is the terminal's own."""
    beyond = {
        (name, line)
        for name, width, line in seen()
        if name not in DOCUMENTS and len(line) > width and len(line.split()) > 1
    }
    assert {each for each in beyond if not re.match(r" *hint: |Carry this out |Type \w+ to ", each[1])} == set()


def test_a_request_is_left_whole() -> None:
    line = '    lakeformation.GrantPermissions {"CatalogId": "111111111111", "Permissions": ["SELECT"]}'
    assert fitted(line, 30) == [line]


@given(
    st.lists(st.from_regex(r"[a-z]{1,9}|`[a-z]{1,5} [a-z-]{1,5}`", fullmatch=True), min_size=1), st.integers(30, 120)
)
def test_what_is_typed_stays_together(words: list[str], width: int) -> None:
    lines = fitted(" ".join(words), width)
    assert all(line.count("`") % 2 == 0 for line in lines)
