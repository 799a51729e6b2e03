"""Details for those who look: the lines of a section as a block, and what exactly a plan would send."""

from __future__ import annotations

import json
from collections.abc import Iterator

from reconciler.plan.review import Review
from reconciler.report.difference import differences
from reconciler.report.lines import MARKS
from reconciler.report.plain import differing, plain, shortened
from reconciler.report.section import Section

_LONGEST = 1_000


def block(section: Section) -> Iterator[str]:
    """The lines of a section, each with its mark."""
    for line in section.lines:
        yield f"{line.mark} {plain(shortened(line.text, _LONGEST))}"


def requests(reviewed: Review) -> Iterator[str]:
    """Every step of the plan with the fields that differ and its literal requests."""
    for step in reviewed.plan.steps if reviewed.plan else ():
        yield f"{MARKS[step.change.action]} {plain(str(step.address))}"
        for row in differences(step.change):
            texts = differing(_json(row["before"]), _json(row["after"]), _LONGEST)
            yield f"    {plain(row['field'])}: {' → '.join(texts)}"
        for call in step.calls:
            params = f" {shortened(_json(dict(call.params)), _LONGEST)}" if call.operation else ""
            yield f"    {call.words}{params}"


def _json(value: object) -> str:
    return plain(json.dumps(value, sort_keys=True, default=str))
