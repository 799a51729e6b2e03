"""Documentation that holds: commands exist with their options, links lead somewhere, every page is found."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.cli.parsing import parse
from tests.estate import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(each.relative_to(ROOT).as_posix() for each in DOCS.rglob("*.md"))
WRITTEN = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", *PAGES, "reconciler/scaffold/files/README.md"]
_IN_A_COMMENT = re.compile(r"accept [a-zA-Z/-]+ ")
"""What is written into a pull request."""


def commands(text: str) -> Iterator[str]:
    """What is typed after `meshform`, in words and in blocks."""
    spoken = re.findall(r"`(?:\.venv/bin/)?meshform ([^`\n]+)`", text)
    blocks = re.findall(r"^(?:```\w*\n.*?^```|(?: {4}.*\n)+)", text, re.DOTALL | re.MULTILINE)
    line = re.compile(r"^ *(?:\$ )?(?:\.venv/bin/)?meshform (.+)", re.MULTILINE)
    for each in [*spoken, *(found for block in blocks for found in line.findall(block))]:
        if not _IN_A_COMMENT.match(each):
            yield re.split(r" [|>;&#]| \\$", each)[0].strip()


@pytest.mark.parametrize("page", WRITTEN)
def test_every_command_exists_with_its_options(page: str) -> None:
    wrong = {}
    for each in commands((ROOT / page).read_text(encoding="utf-8")):
        try:
            parse(shlex.split(each))
        except (click.UsageError, ValueError) as error:
            wrong[each] = str(error)
    assert wrong == {}


@pytest.mark.parametrize("page", WRITTEN)
def test_every_link_leads_to_something(page: str) -> None:
    file = ROOT / page
    found = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8"))
    gone = [each for each in found if not re.match(r"https?:|mailto:", each) and not (file.parent / each).exists()]
    assert gone == [] or page.startswith("reconciler/scaffold"), gone


def test_every_page_is_in_the_contents_and_told_to_machines() -> None:
    """docs/index.md is the site's table of contents, docs/llms.txt what https://llmstxt.org asks for."""
    blocks = re.findall(r"```\{toctree\}\n(.*?)```", (DOCS / "index.md").read_text(), re.DOTALL)
    lines = {line for block in blocks for line in block.splitlines() if line and line[0] != ":"} - {"adr/0*"}
    listed = {f"docs/{line}.md" for line in lines}
    pages = {page for page in PAGES if not page.startswith("docs/adr/")} - {"docs/index.md"} | {"docs/adr/README.md"}
    assert listed == pages
    told = set(re.findall(r"\]\(([^)]+)\)", (DOCS / "llms.txt").read_text(encoding="utf-8")))
    assert told == {Path(page).relative_to("docs").as_posix() for page in pages}
