"""A crawler's Configuration: how it changes tables that are there (crawler-configuration)."""

from __future__ import annotations

import json
from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.glue.state import Record

#: The settings that are heeded. Partitions always inherit from their table here.
_HEEDED: dict[tuple[str, ...], str] = {
    ("CrawlerOutput", "Tables", "AddOrUpdateBehavior"): "MergeNewColumns",
    ("CrawlerOutput", "Partitions", "AddOrUpdateBehavior"): "InheritFromTable",
}


def require_output(request: Request, text: str) -> None:
    """Raise NotImplemented for a setting that is not heeded, InvalidInputException for what is no configuration."""
    try:
        configuration = json.loads(text)
        version = configuration.pop("Version")
    except (ValueError, KeyError, AttributeError) as error:
        raise AwsError("InvalidInputException", "Configuration is not valid") from error
    if version != 1.0:
        raise AwsError("InvalidInputException", "Configuration has an unknown Version")
    for path, value in _leaves(configuration, ()):
        if _HEEDED.get(path) != value:
            raise request.not_simulated(f"with Configuration {'.'.join(path)} = {value}")


def merges_columns(crawler: Record) -> bool:
    """Whether the crawler keeps a table's columns and only adds new ones."""
    output = json.loads(crawler.get("Configuration") or "{}").get("CrawlerOutput", {})
    return bool(output.get("Tables", {}).get("AddOrUpdateBehavior") == "MergeNewColumns")


def with_columns_merged(old: Record, new: Record) -> Record:
    """The new table with the old one's columns first, as they were, and those that are new after them."""
    kept = old.get("StorageDescriptor", {}).get("Columns", [])
    known = {c["Name"].lower() for c in kept}
    added = [c for c in new["StorageDescriptor"]["Columns"] if c["Name"].lower() not in known]
    return {**new, "StorageDescriptor": {**new["StorageDescriptor"], "Columns": [*kept, *added]}}


def _leaves(value: Any, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
    if not isinstance(value, dict):
        return [(path, value)]
    return [leaf for name, member in value.items() for leaf in _leaves(member, (*path, name))]
