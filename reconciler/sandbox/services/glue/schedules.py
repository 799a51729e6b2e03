"""When crawlers are due by their schedules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.services.glue.cron import schedule
from reconciler.sandbox.services.glue.state import Account, Record

if TYPE_CHECKING:
    from reconciler.sandbox.core.world import World


def plan(world: World, account: Account, crawler: Record) -> None:
    """Note when a crawler is due next, if it has a schedule."""
    account.schedules.pop(crawler["Name"], None)
    if expression := crawler.get("Schedule", {}).get("ScheduleExpression"):
        due = schedule(expression).after(world.now())
        if due is not None:
            account.schedules[crawler["Name"]] = due
