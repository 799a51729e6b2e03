"""Promises in words: for a terminal, as JSON, and for the issue of an owner whose promises are broken."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import quote

from reconciler.measures.promises import Promise
from reconciler.report.called import called
from reconciler.report.markdown import bullets, code, inline
from reconciler.report.plain import plain
from reconciler.spec.mesh import Mesh

_LINES = 100
_PREFIX = "<!-- meshform promises: "
_MARKS = {"kept": " ", "broken": "!", "not seen": "?"}


def promises_json(found: Collection[Promise], now: datetime) -> dict[str, Any]:
    """Version 1."""
    rows = [{**asdict(each), "origin": str(each.origin)} for each in found]
    return {"version": 1, "measured": now.isoformat(), "promises": rows}


def promises_text(found: Collection[Promise]) -> Iterator[str]:
    """The verdict first, then what is broken, what was not seen, and what is kept."""
    if not found:
        yield "Nothing is promised: no product has `freshness` or rules of quality."
        return
    count = {state: sum(each.state == state for each in found) for state in _MARKS}
    broken = count["broken"]
    verdict = f"{broken} promise{' is' if broken == 1 else 's are'} broken" if broken else "No promise is broken"
    yield f"{verdict}; {count['kept']} kept, {count['not seen']} not seen."
    for state in ("broken", "not seen", "kept"):
        for each in found:
            if each.state == state:
                yield f"{_MARKS[state]} {_line(each)}"


def prefix(folder: str) -> str:
    """How the hidden first lines of all issues of a mesh begin."""
    return f"{_PREFIX}{_hidden(folder.strip('/'))} "


def marker(folder: str, owner: str) -> str:
    """The hidden first line by which the issue of an owner is found again."""
    return f"{prefix(folder)}{_hidden(owner)} -->"


def title(owner: str, count: int) -> str:
    """The title of the issue of an owner."""
    return plain(
        f"{owner}: {count} promise{'s' if count != 1 else ''} about data {'are' if count != 1 else 'is'} broken"
    )


def body(mesh: Mesh, folder: str, owner: str, broken: Collection[Promise]) -> str:
    """The issue of an owner."""
    lines = [f"{code(str(each.origin))}: {inline(_line(each))}" for each in broken]
    more = [f"- and {len(lines) - _LINES} more"] if len(lines) > _LINES else []
    return "\n".join(
        [
            marker(folder, owner),
            f"{called(mesh, owner)}, what you promise of your data does not hold:",
            "",
            *bullets(lines[:_LINES]),
            *more,
            "",
            "Mend what brings the data, or promise what can be kept. This issue is closed when all is well again.",
        ]
    )


def _line(each: Promise) -> str:
    of = f"{each.product}.{each.table}" if each.table else each.product
    return plain(f"{of}: {each.promised}; {each.seen}")


def _hidden(text: str) -> str:
    """Text within the marker: nothing in it ends the comment."""
    return quote(text, safe="/").replace("--", "%2D%2D")
