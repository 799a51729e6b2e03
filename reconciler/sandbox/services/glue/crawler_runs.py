"""Crawlers are read, started and stopped."""

from __future__ import annotations

import time

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.glue.arns import on_named
from reconciler.sandbox.services.glue.crawl import crawled
from reconciler.sandbox.services.glue.crawl_run import Crawl, Outcome
from reconciler.sandbox.services.glue.crawlers import crawler
from reconciler.sandbox.services.glue.events import crawler_changed
from reconciler.sandbox.services.glue.pages import page
from reconciler.sandbox.services.glue.roles import glue_role
from reconciler.sandbox.services.glue.state import Record
from reconciler.sandbox.services.iam.callers import root


@operation(honours="Name", resources=on_named("crawler", "Name"))
def get_crawler(request: Request) -> Params:
    """A crawler with its state and its last crawl (API_GetCrawler)."""
    return {"Crawler": _shown(request, crawler(request, request.params["Name"]))}


@operation(honours="MaxResults NextToken")
def get_crawlers(request: Request) -> Params:
    """The account's crawlers by name, 1000 a page (API_GetCrawlers)."""
    found = sorted(request.world.glue.account(request.caller.account).crawlers.values(), key=_name)
    chosen, token = page(found, request.params, _name, size=1000)
    return {"Crawlers": [_shown(request, record) for record in chosen], "NextToken": token}


@operation(honours="CrawlerNames")
def batch_get_crawlers(request: Request) -> Params:
    """The crawlers of these names, and the names that are none (API_BatchGetCrawlers)."""
    found = request.world.glue.account(request.caller.account).crawlers
    names: list[str] = request.params["CrawlerNames"]
    shown = [_shown(request, found[name]) for name in names if name in found]
    return {"Crawlers": shown, "CrawlersNotFound": [name for name in names if name not in found]}


@operation(honours="MaxResults NextToken Tags")
def list_crawlers(request: Request) -> Params:
    """The names of the crawlers, of those with the tags if tags are given (API_ListCrawlers)."""
    account = request.world.glue.account(request.caller.account)
    wanted = set(request.params.get("Tags", {}).items())
    arn = f"arn:aws:glue:{request.region}:{request.caller.account}:crawler/"
    names = [n for n in sorted(account.crawlers) if wanted <= set(account.tags.get(arn + n, {}).items())]
    chosen, token = page(names, request.params, str, size=1000)
    return {"CrawlerNames": chosen, "NextToken": token}


@operation(honours="CrawlerNameList MaxResults NextToken")
def get_crawler_metrics(request: Request) -> Params:
    """What the last crawls did (API_GetCrawlerMetrics)."""
    account = request.world.glue.account(request.caller.account)
    names = sorted(request.params.get("CrawlerNameList") or account.crawlers)
    chosen, token = page(names, request.params, str, size=1000)
    metrics = []
    for name in chosen:
        crawler(request, name)
        crawl = account.crawls.get(name)
        outcome = crawl.outcome if crawl else Outcome()
        metrics.append(
            {
                "CrawlerName": name,
                "TimeLeftSeconds": 0.0,
                "StillEstimating": False,
                "LastRuntimeSeconds": crawl.seconds if crawl else 0.0,
                "MedianRuntimeSeconds": crawl.seconds if crawl else 0.0,
                "TablesCreated": len(outcome.created),
                "TablesUpdated": len(outcome.updated),
                "TablesDeleted": len(outcome.deleted),
            }
        )
    return {"CrawlerMetricsList": metrics, "NextToken": token}


@operation(honours="Name", resources=on_named("crawler", "Name"))
def start_crawler(request: Request) -> Params:
    """Crawl (API_StartCrawler). CrawlerRunningException: the last crawl has not been seen to end."""
    account, name = request.world.glue.account(request.caller.account), request.params["Name"]
    record = crawler(request, name)
    if name in account.crawls and account.crawls[name].state != "READY":
        raise AwsError("CrawlerRunningException", f"Crawler with name {name} has already started")
    run_crawler(request, record)
    return {}


def run_crawler(request: Request, record: Record) -> None:
    """Crawl now, and tell EventBridge of the start and the end."""
    name, account = record["Name"], request.world.glue.account(request.caller.account)
    began, started = time.perf_counter(), request.world.now()
    crawler_changed(request.world, request.caller.account, _event(request, name, "Started", Outcome(), 0))
    outcome = _crawled(request, record)
    seconds = round(time.perf_counter() - began, 3)
    account.crawls[name] = Crawl(started, seconds, outcome)
    state = "Failed" if outcome.error else "Succeeded"
    crawler_changed(request.world, request.caller.account, _event(request, name, state, outcome, seconds))


@operation(honours="Name", resources=on_named("crawler", "Name"))
def stop_crawler(request: Request) -> Params:
    """Let a running crawler stop (API_StopCrawler); what it wrote stays."""
    account, name = request.world.glue.account(request.caller.account), request.params["Name"]
    crawler(request, name)
    crawl = account.crawls.get(name)
    if crawl is None or crawl.state == "READY":
        raise AwsError("CrawlerNotRunningException", f"Crawler with name {name} isn't running")
    if crawl.state == "STOPPING":
        raise AwsError("CrawlerStoppingException", f"Crawler with name {name} is stopping")
    crawl.looks = 1
    return {}


def _crawled(request: Request, record: Record) -> Outcome:
    """The crawl; Glue takes the role itself, so the starter need not be allowed to pass it."""
    service = Request(request.world, root(request.caller.account), request.region, "glue", "StartCrawler", {})
    try:
        role = glue_role(service, record["Role"])
    except AwsError as error:
        return Outcome(error=error.message)
    return crawled(request, record, role)


def _shown(request: Request, record: Record) -> Record:
    """A crawler as it is told; every look moves its crawl on."""
    targets = {"S3Targets": [], "JdbcTargets": [], "DynamoDBTargets": [], **record["Targets"]}
    record = {"Classifiers": [], **record, "Targets": targets}
    crawl = request.world.glue.account(request.caller.account).crawls.get(record["Name"])
    if crawl is None:
        return {**record, "State": "READY", "CrawlElapsedTime": 0}
    state = crawl.state
    crawl.looks += 1
    elapsed = 0 if state == "READY" else int(crawl.seconds * 1000)
    shown = {**record, "State": state, "CrawlElapsedTime": elapsed}
    if state == "READY":
        last = {
            "Status": crawl.status,
            "LogGroup": "/aws-glue/crawlers",
            "LogStream": record["Name"],
            "MessagePrefix": record["Name"],
            "StartTime": crawl.started,
        }
        shown["LastCrawl"] = last | ({"ErrorMessage": crawl.outcome.error} if crawl.outcome.error else {})
    return shown


def _event(request: Request, name: str, state: str, outcome: Outcome, seconds: float) -> dict[str, str]:
    detail = {
        "accountId": request.caller.account,
        "crawlerName": name,
        "state": state,
        "cloudWatchLogLink": f"https://console.aws.amazon.com/cloudwatch/home?region={request.region}",
    }
    if state == "Started":
        return detail | {"message": "Crawler Started"}
    if state == "Failed":
        return detail | {"message": "Crawler Failed", "errorMessage": outcome.error}
    return detail | {
        "message": "Crawler Succeeded",
        "tablesCreated": str(len(outcome.created)),
        "tablesUpdated": str(len(outcome.updated)),
        "tablesDeleted": str(len(outcome.deleted)),
        "partitionsCreated": str(outcome.partitions),
        "partitionsUpdated": "0",
        "partitionsDeleted": "0",
        "runningTime (sec)": str(int(seconds)),
        "completionDate": request.world.now().isoformat(),
    }


def _name(record: Record) -> str:
    return str(record["Name"])
