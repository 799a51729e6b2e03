"""Everything that plain boto3 can read of a simulated AWS, as flat facts: for comparing two moments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from tests.estate import ANALYTICS, BANKING, CENTRAL, MARKETS, Estate

ACCOUNTS = (CENTRAL, BANKING, MARKETS, ANALYTICS)
#: What AWS changes by itself, or tells anew with each answer.
VOLATILE = {"ResponseMetadata", "NextToken", "LastUpdated", "LastUpdatedBy", "PolicyHash", "CreateTime", "UpdateTime"}
VOLATILE |= {"LastModified", "CreatedBy", "VersionId", "CatalogVersion", "IsTruncated", "RoleLastUsed"}

Facts = dict[str, str]


def dump(estate: Estate) -> Facts:
    """Every fact about every account."""
    return {name: json.dumps(plain(value), sort_keys=True, default=str) for name, value in _facts(estate)}


def plain(value: Any) -> Any:
    """A value without what is volatile, lists of things in one order."""
    match value:
        case dict():
            return {key: plain(each) for key, each in value.items() if key not in VOLATILE}
        case list():
            return sorted((plain(each) for each in value), key=lambda each: json.dumps(each, default=str))
        case _:
            return value


def _facts(estate: Estate) -> Iterator[tuple[str, Any]]:
    for account in ACCOUNTS:
        for service in (_s3, _iam, _glue, _lake, _ram, _athena, _sns, _events):
            for name, value in service(lambda name, account=account: estate.client(name, account), account):
                yield f"{account} {service.__name__[1:]} {name}", value


def _asked(request: Any, **params: Any) -> Any:
    """An answer, or the code with which it is refused."""
    try:
        return request(**params)
    except ClientError as error:
        return error.response["Error"]["Code"]


def _s3(client: Any, _: str) -> Iterator[tuple[str, Any]]:
    s3 = client("s3")
    looks = ("encryption", "lifecycle_configuration", "policy", "tagging", "versioning")
    for bucket in s3.list_buckets()["Buckets"]:
        for look in looks:
            yield f"{bucket['Name']} {look}", _asked(getattr(s3, f"get_bucket_{look}"), Bucket=bucket["Name"])
        yield f"{bucket['Name']} block", _asked(s3.get_public_access_block, Bucket=bucket["Name"])


def _iam(client: Any, _: str) -> Iterator[tuple[str, Any]]:
    pages = client("iam").get_paginator("get_account_authorization_details").paginate(Filter=["Role"])
    for role in (each for page in pages for each in page["RoleDetailList"]):
        yield f"role {role['RoleName']}", role


def _glue(client: Any, _: str) -> Iterator[tuple[str, Any]]:
    glue, lake = client("glue"), client("lakeformation")
    yield "policy", _asked(glue.get_resource_policy)
    for database in glue.get_databases()["DatabaseList"]:
        name = database["Name"]
        # A link also tells what its target says of itself, to who may see that.
        of_link = ("CatalogId", "Name", "TargetDatabase")
        yield f"database {name}", {key: database[key] for key in of_link} if "TargetDatabase" in database else database
        yield f"tags {name}", _asked(lake.get_resource_lf_tags, Resource={"Database": {"Name": name}})
        if "TargetDatabase" in database:
            continue
        for table in glue.get_tables(DatabaseName=name)["TableList"]:
            where = {"Table": {"DatabaseName": name, "Name": table["Name"]}}
            yield f"table {name}.{table['Name']}", table
            yield f"tags {name}.{table['Name']}", _asked(lake.get_resource_lf_tags, Resource=where)
    for crawler in glue.get_crawlers()["Crawlers"]:
        # A run goes on by itself.
        run = ("State", "LastCrawl", "CrawlElapsedTime")
        yield f"crawler {crawler['Name']}", {key: each for key, each in crawler.items() if key not in run}
    for job in glue.get_jobs()["Jobs"]:
        yield f"job {job['Name']}", job
    for rules in _all(glue.list_data_quality_rulesets, "Rulesets"):
        yield f"ruleset {rules['Name']}", glue.get_data_quality_ruleset(Name=rules["Name"])


def _lake(client: Any, account: str) -> Iterator[tuple[str, Any]]:
    lake = client("lakeformation")
    yield "settings", lake.get_data_lake_settings()["DataLakeSettings"]
    for place in lake.list_resources().get("ResourceInfoList", ()):
        yield f"location {place['ResourceArn']}", place
    for catalog in dict.fromkeys((account, CENTRAL)):
        for row in _all(lake.list_permissions, "PrincipalResourcePermissions", CatalogId=catalog):
            who = row["Principal"]["DataLakePrincipalIdentifier"]
            on = json.dumps(row["Resource"], sort_keys=True)
            yield f"right {catalog} {who} {on} {json.dumps(plain(row), sort_keys=True)}", True
    for tag in _all(lake.list_lf_tags, "LFTags"):
        yield f"key {tag['TagKey']}", tag
    for saved in _all(lake.list_lf_tag_expressions, "LFTagExpressions"):
        yield f"expression {saved['Name']}", saved
    for cells in _all(lake.list_data_cells_filter, "DataCellsFilters"):
        yield f"filter {cells['DatabaseName']}.{cells['TableName']}/{cells['Name']}", cells
    for opted in _all(lake.list_lake_formation_opt_ins, "LakeFormationOptInsInfoList"):
        yield f"opt-in {json.dumps(plain(opted), sort_keys=True)}", True


def _ram(client: Any, _: str) -> Iterator[tuple[str, Any]]:
    ram = client("ram")
    for share in _all(ram.get_resource_shares, "resourceShares", resourceOwner="SELF"):
        yield f"share {share['name']} {share['resourceShareArn']}", share["status"]


def _all(request: Any, items: str, **params: Any) -> Iterator[Any]:
    token: dict[str, Any] = {}
    while True:
        page = _asked(request, **params, **token)
        if isinstance(page, str):
            return
        yield from page.get(items, ())
        if not page.get("NextToken"):
            return
        token = {"NextToken": page["NextToken"]}


def _athena(client: Any, _: str) -> Iterator[tuple[str, Any]]:
    athena = client("athena")
    for group in _all(athena.list_work_groups, "WorkGroups"):
        yield f"workgroup {group['Name']}", athena.get_work_group(WorkGroup=group["Name"])["WorkGroup"]


def _sns(client: Any, _: str) -> Iterator[tuple[str, Any]]:
    sns = client("sns")
    for topic in _all(sns.list_topics, "Topics"):
        arn = topic["TopicArn"]
        yield f"topic {arn}", sns.get_topic_attributes(TopicArn=arn)["Attributes"]
        yield f"tags {arn}", sns.list_tags_for_resource(ResourceArn=arn)["Tags"]
        yield f"subscriptions {arn}", list(_all(sns.list_subscriptions_by_topic, "Subscriptions", TopicArn=arn))


def _events(client: Any, _: str) -> Iterator[tuple[str, Any]]:
    events = client("events")
    for bus in _all(events.list_event_buses, "EventBuses"):
        yield f"bus {bus['Name']}", bus
        for rule in _all(events.list_rules, "Rules", EventBusName=bus["Name"]):
            where = {"EventBusName": bus["Name"], "Rule": rule["Name"]}
            yield f"rule {bus['Name']}/{rule['Name']}", rule
            yield f"targets {bus['Name']}/{rule['Name']}", list(_all(events.list_targets_by_rule, "Targets", **where))
