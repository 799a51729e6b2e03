"""Crawlers are defined."""

from __future__ import annotations

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.glue.arns import on_named, own_arn
from reconciler.sandbox.services.glue.crawler_output import require_output
from reconciler.sandbox.services.glue.cron import schedule
from reconciler.sandbox.services.glue.roles import glue_role
from reconciler.sandbox.services.glue.schedules import plan
from reconciler.sandbox.services.glue.state import Record
from reconciler.sandbox.shared.s3_objects import location

_DEFINITION = (
    "Role DatabaseName Description Targets.S3Targets.Path Targets.S3Targets.Exclusions "
    "Targets.CatalogTargets.DatabaseName Targets.CatalogTargets.Tables TablePrefix SchemaChangePolicy RecrawlPolicy "
    "LineageConfiguration LakeFormationConfiguration Configuration Schedule"
)
_DEFAULTS = {
    "SchemaChangePolicy": {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DEPRECATE_IN_DATABASE"},
    "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVERYTHING"},
    "LineageConfiguration": {"CrawlerLineageSettings": "DISABLE"},
}


@operation(honours=f"Name Tags {_DEFINITION}", resources=on_named("crawler", "Name"))
def create_crawler(request: Request) -> Params:
    """Define a crawler (API_CreateCrawler). The caller must be allowed to pass its role, which must trust Glue."""
    account, name = request.world.glue.account(request.caller.account), request.params["Name"]
    if name in account.crawlers:
        raise AwsError("AlreadyExistsException", f"{name} already exists")
    now = request.world.now()
    made = {"Name": name, "CreationTime": now, "LastUpdated": now, "Version": 1}
    account.crawlers[name] = _record(request, {}) | made
    plan(request.world, account, account.crawlers[name])
    if tags := request.params.get("Tags"):
        account.tags[own_arn(request, "crawler", name)] = dict(tags)
    return {}


@operation(honours=f"Name {_DEFINITION}", resources=on_named("crawler", "Name"))
def update_crawler(request: Request) -> Params:
    """Change what is given of a crawler and leave the rest (API_UpdateCrawler)."""
    account, name = request.world.glue.account(request.caller.account), request.params["Name"]
    old = crawler(request, name)
    if name in account.crawls and account.crawls[name].state != "READY":
        raise AwsError("CrawlerRunningException", f"Crawler with name {name} is running")
    changed = {"LastUpdated": request.world.now(), "Version": old["Version"] + 1}
    account.crawlers[name] = _record(request, old) | changed
    plan(request.world, account, account.crawlers[name])
    return {}


@operation(honours="Name", resources=on_named("crawler", "Name"))
def delete_crawler(request: Request) -> Params:
    """Forget a crawler; its tables stay (API_DeleteCrawler)."""
    account, name = request.world.glue.account(request.caller.account), request.params["Name"]
    crawler(request, name)
    if name in account.crawls and account.crawls[name].state == "RUNNING":
        raise AwsError("CrawlerRunningException", f"Crawler with name {name} is running")
    del account.crawlers[name]
    account.crawls.pop(name, None)
    account.schedules.pop(name, None)
    account.tags.pop(own_arn(request, "crawler", name), None)
    return {}


def crawler(request: Request, name: str) -> Record:
    """The definition of a crawler. EntityNotFoundException: there is none of that name in the account."""
    found: Record | None = request.world.glue.account(request.caller.account).crawlers.get(name)
    if found is None:
        raise AwsError("EntityNotFoundException", f"Crawler with name {name} does not exist")
    return found


def _record(request: Request, old: Record) -> Record:
    given = {k: v for k, v in request.params.items() if k not in ("Name", "Tags")}
    record = {**_DEFAULTS, **old, **given}
    record["SchemaChangePolicy"] = {**_DEFAULTS["SchemaChangePolicy"], **record["SchemaChangePolicy"]}
    if record["RecrawlPolicy"]["RecrawlBehavior"] != "CRAWL_EVERYTHING":
        raise request.not_simulated(f"with RecrawlBehavior {record['RecrawlPolicy']['RecrawlBehavior']}")
    if record["LineageConfiguration"].get("CrawlerLineageSettings") == "ENABLE":
        raise request.not_simulated("with CrawlerLineageSettings ENABLE")
    if given.get("Configuration"):
        require_output(request, given["Configuration"])
    if old and record.get("Schedule") == "":
        # An empty schedule of an update means on request; see Terraform's provider, #14792.
        del record["Schedule"]
    if isinstance(record.get("Schedule"), str):
        schedule(record["Schedule"])
        record["Schedule"] = {"ScheduleExpression": record["Schedule"], "State": "SCHEDULED"}
    if "Role" in given:
        glue_role(request, given["Role"])
        record["Role"] = given["Role"].rpartition("/")[2]
    _require_targets(record)
    _require_own_table(request, record)
    return record


def _require_own_table(request: Request, record: Record) -> None:
    """Under Lake Formation one catalog target with one table, in the crawler's own account (crawler-lf-integ)."""
    catalog = record["Targets"].get("CatalogTargets", [])
    lake = record.get("LakeFormationConfiguration", {})
    if not catalog or not lake.get("UseLakeFormationCredentials"):
        return
    if len(catalog) > 1 or len(catalog[0].get("Tables", [])) > 1:
        raise AwsError("InvalidInputException", "Only one catalog target with one table is allowed")
    account = request.world.glue.account(request.caller.account)
    database = account.databases.get(catalog[0].get("DatabaseName", "").lower(), {})
    if lake.get("AccountId", request.caller.account) != request.caller.account or "TargetDatabase" in database:
        raise AwsError("InvalidInputException", "The crawler and the Data Catalog table must be in the same account")


def _require_targets(record: Record) -> None:
    s3, catalog = record["Targets"].get("S3Targets", []), record["Targets"].get("CatalogTargets", [])
    if not s3 and not catalog:
        raise AwsError("InvalidInputException", "At least one crawl target is required")
    if s3 and catalog:
        raise AwsError("InvalidInputException", "A crawler of catalog targets has no other targets")
    if catalog and record["SchemaChangePolicy"]["DeleteBehavior"] != "LOG":
        raise AwsError("InvalidInputException", "DeleteBehavior must be LOG for catalog targets")
    if s3 and not record.get("DatabaseName"):
        raise AwsError("InvalidInputException", "DatabaseName is required")
    for target in s3:
        try:
            location(target.get("Path", ""))
        except ValueError as error:
            raise AwsError("InvalidInputException", str(error)) from error
