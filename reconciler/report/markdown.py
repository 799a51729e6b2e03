"""Markdown in which text that others wrote stays text: no markup, no links, no mentions, no hidden parts."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reconciler.report.plain import plain

# A zero-width space: it parts what GitHub would turn into a mention, a reference or a link.
_APART = "\N{ZERO WIDTH SPACE}"
_MARKUP = re.compile(r"[\\`*_{}\[\]()<>#|~$&!]")
_LINKS = re.compile(r"@|#(?=\d)|(?<=:/)(?=/)|(?<=gh-)(?=\d)|(?<=www)(?=\.)", re.IGNORECASE)
# What begins a list, a heading, a rule or a quotation at the start of a line.
_START = re.compile(r"^\s*([-+=]|\d{1,9}(?=[.)]))")


def inline(text: str) -> str:
    """Text within a line of Markdown: shown by GitHub as it is, whatever it holds.

    Markup becomes character references, which Markdown never reads as markup; mentions, references and links are
    parted by a zero-width space, since GitHub looks for them after Markdown is done.
    """
    parted = _LINKS.sub(lambda found: found.group() + _APART, plain(text).strip())
    entities = _MARKUP.sub(lambda found: f"&#{ord(found.group())};", parted)
    return _START.sub(lambda found: f"&#{ord(found.group().strip()[0])};{found.group().strip()[1:]}", entities)


def code(text: str) -> str:
    """Text as code within a line."""
    return f"<code>{inline(text)}</code>"


def bullets(texts: Iterable[str]) -> list[str]:
    """Lines of a list, from texts that are Markdown already."""
    return [f"- {text}" for text in texts]


def fence(lines: Iterable[str], language: str = "") -> list[str]:
    """Lines as a block of code. The fence is longer than any run of backticks in it; each line stays one line."""
    body = [plain(line) for line in lines]
    runs = (len(run) for line in body for run in re.findall("`+", line))
    ticks = "`" * max(3, max(runs, default=0) + 1)
    return [f"{ticks}{language}", *body, ticks]


def folded(summary: str, body: Iterable[str]) -> list[str]:
    """Lines that open at a click on `summary`, which is text."""
    return ["<details>", f"<summary>{inline(summary)}</summary>", "", *body, "", "</details>"]
