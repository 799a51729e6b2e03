"""Counting calls: how many of each operation a piece of work makes in a sandbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

#: What the tables of calls say for short.
Calls = Counter[str]
_READS = ("Get", "List", "Describe", "Search", "BatchGet", "Head", "AssumeRole")


def counted(calls: Iterable[Mapping[str, Any]]) -> Calls:
    """Calls by service and operation, from the call log of a sandbox (as JSON)."""
    return Counter(f"{call['service']}.{call['operation']}" for call in calls)


def of_writes(calls: Calls) -> Calls:
    """Those that write."""
    return Counter({name: number for name, number in calls.items() if not is_read(name)})


def of_reads(calls: Calls) -> Calls:
    """Those that read, signing in included."""
    return Counter({name: number for name, number in calls.items() if is_read(name)})


def is_read(name: str) -> bool:
    """Whether an operation (`glue.GetTables`) changes nothing."""
    return name.partition(".")[2].startswith(_READS)


def answers_for(calls: Calls) -> Calls:
    """Calls by what they are there for."""
    found: Calls = Counter()
    for name, number in calls.items():
        found[next((what for what, names in _ANSWERS.items() if name in names), "everything else")] += number
    return found


_ANSWERS = {
    "databases, tables, tags, grants, filters, links": {
        "glue.GetDatabases",
        "glue.GetTables",
        "lakeformation.GetResourceLFTags",
        "lakeformation.ListDataCellsFilter",
        "lakeformation.ListLFTagExpressions",
        "lakeformation.ListLFTags",
        "lakeformation.ListPermissions",
        "lakeformation.SearchDatabasesByLFTags",
        "lakeformation.SearchTablesByLFTags",
    },
    "settings of the accounts, shares, locations": {
        "glue.GetResourcePolicy",
        "lakeformation.GetDataLakeSettings",
        "lakeformation.ListLakeFormationOptIns",
        "lakeformation.ListResources",
        "ram.GetResourceShareAssociations",
    },
    "roles": {"iam.GetAccountAuthorizationDetails"},
    "notices": {"events.ListEventBuses", "events.ListRules", "events.ListTargetsByRule"},
    "buckets": {
        "s3.GetBucketEncryption",
        "s3.GetBucketLifecycle",
        "s3.GetBucketPolicy",
        "s3.GetBucketTagging",
        "s3.GetBucketVersioning",
        "s3.GetPublicAccessBlock",
        "s3.ListBuckets",
    },
    "what may be left behind": {"tagging.GetResources"},
    "signing in": {"sts.AssumeRole", "sts.GetCallerIdentity"},
}
