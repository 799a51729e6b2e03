"""Runs the crawlers that are due by their schedules."""

from __future__ import annotations

from reconciler.sandbox.core.request import Request
from reconciler.sandbox.core.world import World
from reconciler.sandbox.services.glue.crawler_runs import run_crawler
from reconciler.sandbox.services.glue.schedules import plan
from reconciler.sandbox.services.iam.callers import root


def wake(world: World) -> None:
    """Run the crawlers whose time has come; one that was due several times runs once."""
    for number, account in world.glue.accounts().items():
        for name, due in sorted(account.schedules.items()):
            if due <= world.now():
                request = Request(world, root(number), world.region, "glue", "StartCrawler", {"Name": name})
                run_crawler(request, account.crawlers[name])
                plan(world, account, account.crawlers[name])
