"""Touched: what a write changes in its account, so that writes which have nothing in common go at the same time.

| what                                            | how it was seen                                           |
|-------------------------------------------------|-----------------------------------------------------------|
| grants of one principal, grants on one resource | refused side by side: data.all #1572, aws-cdk #36215      |
| grants to another account                       | they change the shares of two accounts (optimize-ram)     |
| registered locations                            | each changes a role: cloudformation-coverage-roadmap #2289 |
| settings, LF-tags, expressions, catalog policy  | one document for the whole catalog                        |
| a rule, a bus, a bucket, a role, a topic        | refused side by side, by their API references             |
| tables of one database                          | not known to be refused; one by one all the same          |

What stands nowhere here goes alone in its service.
https://docs.aws.amazon.com/lake-formation/latest/dg/troubleshooting.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.model.call import Call, Part

_NAMED = {
    ("athena", "WorkGroup"): ("WorkGroup", "Name"),
    ("glue", "Crawler"): ("Name",),
    ("glue", "DataQualityRuleset"): ("Name",),
    ("glue", "Job"): ("JobName", "Name"),
    ("iam", ""): ("RoleName",),
    ("s3", ""): ("Bucket",),
}
"""The parameters that name the one thing which a request changes, by the service and the end of the operation."""


def touched(call: Call) -> frozenset[Part]:
    """The parts of its account that a request changes, as paths: a table stands below its database.

    Two requests may be under way at the same time unless a part of one is a part of the other, or stands above it.
    """
    return frozenset((call.service, *part) for part in _parts(call)) if call.operation else frozenset()


def _parts(call: Call) -> Iterable[Part]:
    match call.service:
        case "lakeformation":
            return _in_lake(call)
        case "glue" if call.operation.endswith(("Database", "Table")):
            return (_in_catalog(call.params),)
        case "events":
            return _in_events(call.params)
        case "sns":
            return (_topic(call.params),)
        case service:
            ends = ((end, names) for (of, end), names in _NAMED.items() if of == service)
            sort, names = next(((end, names) for end, names in ends if call.operation.endswith(end)), ("", ()))
            name = next((str(call.params[each]) for each in names if each in call.params), None)
            return ((sort, name) if name is not None else (),)


def _in_lake(call: Call) -> Iterable[Part]:
    params = call.params
    if "Resource" in params and "Principal" in params:
        principal = str(params["Principal"]["DataLakePrincipalIdentifier"])
        return _principal(principal, call.placement.account), _resource(params["Resource"])
    if "Resource" in params:
        return (_resource(params["Resource"]),)
    if call.operation.endswith("DataCellsFilter"):
        return (_resource({"DataCellsFilter": params.get("TableData", params)}),)
    return (("location",) if call.operation.endswith("Resource") else (),)


def _principal(identifier: str, own: str) -> Part:
    """Principals of another account are that account: what is granted to them travels in the same shares."""
    account = identifier.split(":")[4] if identifier.startswith("arn:") else identifier.partition(":")[0]
    return ("principal", account, identifier) if account == own else ("principal", account)


def _resource(resource: Mapping[str, Any]) -> Part:
    """Everything of a table is that table. A catalog, and what is not known, is all of the service."""
    ((sort, named),) = resource.items()
    match sort:
        case "Database":
            return "in", str(named["Name"]).lower()
        case "Table" | "TableWithColumns" | "DataCellsFilter":
            table = named.get("TableName") or named.get("Name")
            within = ("in", str(named["DatabaseName"]).lower())
            return within if "TableWildcard" in named else (*within, str(table).lower())
        case "DataLocation":
            return "location", str(named["ResourceArn"])
        case "LFTag":
            return "tag", str(named["TagKey"]).lower()
        case "LFTagPolicy":
            return "policy", json.dumps(named, sort_keys=True)
        case _:
            return ()


def _in_catalog(params: Mapping[str, Any]) -> Part:
    name = params.get("DatabaseName") or params.get("Name") or params["DatabaseInput"]["Name"]
    return "database", str(name).lower()


def _in_events(params: Mapping[str, Any]) -> Iterable[Part]:
    """A rule stands below its bus; what is put on a bus changes nothing, and keeps its order."""
    if "Entries" in params:
        return [("put", str(event.get("EventBusName", "default"))) for event in params["Entries"]]
    bus = params.get("EventBusName")
    rule = params.get("Rule") or params.get("Name")
    return (("bus", *(str(each) for each in (bus, rule) if each)),)


def _topic(params: Mapping[str, Any]) -> Part:
    """A subscription's ARN begins as its topic's."""
    arn = params.get("TopicArn") or params.get("SubscriptionArn") or params.get("ResourceArn")
    name = str(arn).split(":")[5] if arn else params.get("Name")
    return (str(name),) if name else ()
