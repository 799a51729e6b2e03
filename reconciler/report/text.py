"""A review for the terminal: the outline in lines; with -v the fields that differ and the literal requests."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from reconciler.model.address import Address
from reconciler.model.change import Change
from reconciler.model.plan import Step
from reconciler.plan.review import Review
from reconciler.report.difference import differences
from reconciler.report.outline import outline
from reconciler.report.plain import plain
from reconciler.report.table import WIDE, table_text

MANY = 60
"""Lines of a section that are shown without -v."""


def plan_text(reviewed: Review, verbosity: int = 0, width: int = WIDE) -> Iterator[str]:
    """The lines of a review. `verbosity` 1 adds details, origins, fields and requests, and shortens nothing.

    `width` is what a table may take.
    """
    steps = {step.address: step for step in reviewed.plan.steps} if reviewed.plan else {}
    for number, section in enumerate(outline(reviewed)):
        if number:
            yield ""
        if section.detail and not verbosity:
            yield f"{plain(section.title.rstrip(':.'))}; -v shows more."
            continue
        yield plain(section.title)
        if section.table is not None:
            yield ""
            yield from (f"  {line}" for line in table_text(section.table, width - 2))
        shown = section.lines if verbosity else section.lines[:MANY]
        for line in shown:
            yield f"  {line.mark} {plain(line.text)}"
            if verbosity:
                for change in line.changes:
                    yield from _details(change, steps)
        if len(shown) < len(section.lines):
            yield f"  and {len(section.lines) - len(shown)} more; -v or `--format json` shows all"


def first_screen_text(
    reviewed: Review, width: int = WIDE, names: tuple[str, ...] = ("verdict", "merging")
) -> Iterator[str]:
    """The verdict, who reads what, and what apply or merging does: the lines that are read first; or some of them."""
    for section in outline(reviewed):
        if section.name in names:
            yield plain(section.title)
            if section.table is not None:
                yield from (f"  {line}" for line in table_text(section.table, width - 2))
            yield from (f"  {line.mark} {plain(line.text)}" for line in section.lines)


def _details(change: Change, steps: Mapping[Address, Step]) -> Iterator[str]:
    """Where a change comes from, what differs, and the literal requests."""
    if change.origin:
        yield f"      asked for in {change.origin}"
    for row in differences(change):
        yield f"      {row['field']}: {_short(row['before'])} → {_short(row['after'])}"
    step = steps.get(change.address)
    for call in step.calls if step else ():
        params = f" {json.dumps(dict(call.params), sort_keys=True, default=str)}" if call.operation else ""
        yield f"      {call.words}{params}"


def _short(value: object) -> str:
    text = json.dumps(value, sort_keys=True, default=str)
    return text if len(text) <= 160 else text[:157] + "..."
