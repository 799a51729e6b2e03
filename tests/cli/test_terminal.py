"""Whatever a command writes, it cannot steer the terminal, and no text is too odd to be written."""

from __future__ import annotations

import io
import re
import sys

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.cli.terminal import console, harmless_output
from reconciler.report.plain import plain
from tests.cli.conftest import Run

_COLOUR = re.compile("\x1b\\[[0-9;]*m")


def written(text: str) -> str:
    """What comes to a terminal in UTF-8."""
    raw = io.BytesIO()
    sys.stdout, before = io.TextIOWrapper(raw, "utf-8"), sys.stdout
    try:
        with harmless_output():
            click.echo(text, color=True)
            sys.stdout.flush()
        return raw.getvalue().decode()
    finally:
        sys.stdout = before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_every_text_is_written_and_none_moves_the_cursor(text: str) -> None:
    found = _COLOUR.sub("", written(text))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", found)


@pytest.mark.parametrize("text", ["a\x1b[2Jb", "\x1b]0;title\x07", "a\rb", "a\u202eb", "\udcff", "\x1b[1A", "\x9b2J"])
def test_what_steers_is_shown_as_an_escape(text: str) -> None:
    assert written(text) == f"{plain(text)}\n"


@pytest.mark.parametrize("text", ["two\nlines\tand a tab", click.style("red", fg="red"), "Zürich 日本 😀"])
def test_ends_of_lines_colours_and_every_script_stay(text: str) -> None:
    assert written(text) == f"{text}\n"


def test_progress_moves_the_cursor_of_the_terminal_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert console().file is terminal
    with harmless_output():
        assert console().file is terminal
    assert sys.stderr is terminal


@pytest.mark.parametrize(
    "arguments", [("show", "\x1b[2Jx"), ("search", "\udcff\udcfe"), ("validate", "--\x1b[2J"), ("\x9b",)]
)
def test_what_is_typed_is_told_harmlessly(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert ran.code in (1, 64)
    assert "bug" not in ran.err
    assert not re.search("[\x1b\x9b\udcff]", ran.err + ran.out)
