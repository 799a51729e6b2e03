"""The part of the report `subscriptions` that nobody uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from reconciler.audit.report import Report
from reconciler.usage import NOT_KNOWN, LastRead


def unused_report(made: Report, last_used: Mapping[str, LastRead], days: int, now: datetime) -> Report:
    """Its subscriptions that are known not to be used for so many days, and of how many that is not known."""
    said = {
        name: last_used.get(name, NOT_KNOWN).is_unused(days, now)
        for name in dict.fromkeys(str(row["subscription"]) for row in made.rows)
    }
    unsure = sum(each is None for each in said.values())
    about = [f"Only what is known not to be used for {days} days, as CloudTrail tells."]
    if unsure:
        about.append(f"Of {unsure} more it is not known whether they were used.")
    rows = tuple(row for row in made.rows if said[str(row["subscription"])])
    return replace(made, about=(*made.about, *about), rows=rows)
