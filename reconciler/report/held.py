"""Held back: what a plan does not do now, with one line for a reason that many have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reconciler.model.plan import Held, Plan
from reconciler.report.lines import Line

MANY = 5
"""Resources with the same reason that are still told one by one."""


def held_lines(plan: Plan) -> Iterator[Line]:
    """What is held back and why: an account that cannot be entered is one line, not one for each of its resources."""
    groups: dict[str, list[Held]] = {}
    for item in plan.held:
        groups.setdefault(item.reason, []).append(item)
    for reason, items in groups.items():
        if len(items) <= MANY:
            yield from (Line("!", f"{item.address}: {reason}", (item.change,)) for item in items)
        else:
            counts = Counter(item.address.kind for item in items)
            kinds = ", ".join(f"{kind} ({count})" for kind, count in sorted(counts.items()))
            yield Line("!", f"{len(items)} resources: {reason}. They are: {kinds}", tuple(i.change for i in items))
