"""Documentation that holds: commands exist with their options, links lead somewhere, every page is found."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from reconciler.plan.rulebook import plan_rules
from reconciler.spec.rule import rules
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


def test_every_rule_has_its_entry_with_what_to_do() -> None:
    """docs/troubleshooting.md sends whoever has the name of a rule there."""
    page = (DOCS / "rules.md").read_text(encoding="utf-8")
    entries = dict(re.findall(r"^### (\S+)\n\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL))
    every = {**rules(), **plan_rules()}
    assert entries.keys() == every.keys()
    for name, rule in every.items():
        assert rule.sentence in entries[name], name
        assert rule.advice.strip(), name
        assert " ".join(rule.advice.split()) in " ".join(entries[name].split()), name


def told(section: str) -> list[str]:
    """The messages that a table of docs/troubleshooting.md explains."""
    page = (DOCS / "troubleshooting.md").read_text(encoding="utf-8")
    (table,) = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    return [row for row in re.findall(r"^\| (.+?) \|", table, re.MULTILINE) if row != "it says"]


def messages(file: Path) -> list[str]:
    """Every text with which a module raises Unreachable; what is only known at run time is `…`."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call) and ast.unparse(each.func) == "Unreachable"]
    return [_text(each.args[0]) for each in calls]


def _text(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(each) for each in parts)
        case ast.Call(func=ast.Attribute(value=said)):
            return _text(said)
    return "…"


def test_every_reason_why_aws_is_not_reached_has_its_entry() -> None:
    known = [each.split(" … ") for each in told("AWS is not reached")]
    said = messages(ROOT / "reconciler" / "aws" / "sign_in.py")
    assert len(said) > 15
    assert [each for each in said if not any(all(part in each for part in entry) for entry in known)] == []


def test_every_entry_is_of_a_message_that_exists() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "reconciler").rglob("*.py"))
    flat = re.sub(r'"\s*\n\s*f?"', "", code)
    for each in [*told("AWS is not reached"), *told("A plan is refused, or not carried out")]:
        for words in re.split(r" … |, ", re.sub(r" \(\d\)$", "", each)):
            assert words.lower() in flat.lower(), words
