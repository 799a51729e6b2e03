"""Crawlers that run by schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.core.service import Request
from reconciler.sandbox.services.glue.cron import schedule
from reconciler.sandbox.services.glue.state import Account, Record
from reconciler.sandbox.services.iam.callers import root

if TYPE_CHECKING:
    from reconciler.sandbox.core.world import World


def plan(world: World, account: Account, crawler: Record) -> None:
    """Note when a crawler is due next, if it has a schedule."""
    account.schedules.pop(crawler["Name"], None)
    if expression := crawler.get("Schedule", {}).get("ScheduleExpression"):
        due = schedule(expression).after(world.now())
        if due is not None:
            account.schedules[crawler["Name"]] = due


def run_due(world: World) -> None:
    """Run the crawlers whose time has come; one that was due several times runs once."""
    from reconciler.sandbox.services.glue.crawler_runs import run_crawler

    for number, account in world.glue.accounts().items():
        for name, due in sorted(account.schedules.items()):
            if due <= world.now():
                request = Request(world, root(number), world.region, "glue", "StartCrawler", {"Name": name})
                run_crawler(request, account.crawlers[name])
                plan(world, account, account.crawlers[name])
