"""Does Glue take a crawler as the mesh makes them, and does its crawl end well?

https://docs.aws.amazon.com/glue/latest/dg/crawler-lf-integ.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reconciler.aws.asking import Reply
from reconciler.doctor.assumption import Answer, Assumption
from reconciler.doctor.trials.bench import NAME, Bench, Request, Told, all_made
from reconciler.doctor.trials.catalog import table

ID = "crawlers-of-tables"
ASSUMPTIONS = (Assumption(ID, "A crawler of one table in the central account is taken, and its crawl ends well."),)
ROLE = "crawl"


def answers(bench: Bench) -> Iterator[Answer]:
    """One: of a table in a registered place, with Lake Formation's credentials."""
    refused = bench.notes["refused"]
    if not refused and not bench.notes["location"]:
        refused = "no place of the mesh is registered yet: try again after the first apply"
    told: Told = ("unknown", f"not tried: {refused}") if refused else _crawled(bench)
    yield Answer(ID, *told, bench.mesh.central.name)


def leavings(bench: Bench) -> Iterator[Request]:
    """The crawler, its rights, its role."""
    place = bench.central
    yield place, "glue", "DeleteCrawler", {"Name": _name(bench)}
    who = bench.role_arn(place, ROLE)
    for row in bench.rows(place, who):
        yield place, "lakeformation", "RevokePermissions", {n: row[n] for n in ("Principal", "Resource", "Permissions")}
    yield from bench.without_role(place, ROLE)


def _name(bench: Bench) -> str:
    return f"meshform-{bench.mesh.name}-doctor"


def _crawled(bench: Bench) -> Told:
    if refused := all_made(_make(bench)):
        return "unknown", f"not tried: {refused}"
    place, last = bench.central, Reply(None)

    def taken() -> bool:
        nonlocal last
        last = bench.do(place, "glue", "CreateCrawler", **_crawler(bench))
        return last.answer is not None or last.code == "AlreadyExistsException"

    if bench.until(taken) is None:
        return "refuted", f"CreateCrawler: {last}"
    started = bench.do(place, "glue", "StartCrawler", Name=_name(bench))
    if started.answer is None:
        return "refuted", f"StartCrawler: {started}"
    crawl: dict[str, str] = {}

    def ended() -> bool:
        nonlocal crawl
        reply = bench.apply.ask(place, "glue", "GetCrawler", Name=_name(bench))
        crawler = (reply.answer or {}).get("Crawler", {})
        crawl = crawler.get("LastCrawl") or {}
        return bool(crawler.get("State") == "READY" and crawl.get("Status"))

    if bench.until(ended, seconds=900) is None:
        return "unknown", "the crawl has not ended after 15 minutes"
    told = f"{crawl['Status']} {crawl.get('ErrorMessage', '')}".strip()
    return ("confirmed" if crawl["Status"] == "SUCCEEDED" else "refuted"), told


def _make(bench: Bench) -> Iterator[tuple[str, Reply]]:
    place, who = bench.central, bench.role_arn(bench.central, ROLE)
    catalog = ["glue:BatchGetPartition", "glue:Get*", "glue:UpdateTable", "glue:BatchCreatePartition"]
    logs = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    does = {"Effect": "Allow", "Action": ["lakeformation:GetDataAccess", *catalog, *logs], "Resource": "*"}
    yield "CreateRole", bench.make_role(place, ROLE, {"Service": "glue.amazonaws.com"}, does)
    database = {"Database": {"CatalogId": place.account, "Name": NAME}}
    registered = {"DataLocation": {"CatalogId": place.account, "ResourceArn": bench.notes["registered"]}}
    rights: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (registered, ("DATA_LOCATION_ACCESS",)),
        (database, ("DESCRIBE",)),
        (table(bench), ("ALTER", "DESCRIBE", "SELECT")),
    )
    for on, permissions in rights:
        given: list[Reply] = []
        bench.until(lambda: _given(bench, who, on, permissions, given))  # noqa: B023 - asked at once
        yield "GrantPermissions", given[-1]


def _given(bench: Bench, who: str, on: Any, permissions: tuple[str, ...], replies: list[Reply]) -> bool:
    replies.append(bench.grant(bench.central, who, on, *permissions))
    return replies[-1].answer is not None


def _crawler(bench: Bench) -> dict[str, Any]:
    return {
        "Name": _name(bench),
        "Role": bench.role_arn(bench.central, ROLE),
        "DatabaseName": NAME,
        "Targets": {"CatalogTargets": [{"DatabaseName": NAME, "Tables": [NAME]}]},
        "SchemaChangePolicy": {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"},
        "LakeFormationConfiguration": {"UseLakeFormationCredentials": True},
    }
