"""What Glue keeps in one region: every account's catalog, crawlers, rulesets, jobs and policy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reconciler.sandbox.core.world import World
    from reconciler.sandbox.services.glue.crawl_run import Crawl
    from reconciler.sandbox.shared.job_run import JobRun

Record = dict[str, Any]


@dataclass(slots=True)
class StoredTable:
    """A table with its versions, the oldest first, and its partitions by their values."""

    current: Record
    versions: list[Record] = field(default_factory=list)
    partitions: dict[tuple[str, ...], Record] = field(default_factory=dict)


@dataclass(slots=True)
class Account:
    """What one account keeps, by lower-case name where Glue folds names."""

    databases: dict[str, Record] = field(default_factory=dict)
    tables: dict[str, dict[str, StoredTable]] = field(default_factory=dict)
    policy: Record | None = None
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    crawlers: dict[str, Record] = field(default_factory=dict)
    crawls: dict[str, Crawl] = field(default_factory=dict)
    schedules: dict[str, datetime] = field(default_factory=dict)
    rulesets: dict[str, Record] = field(default_factory=dict)
    ruleset_runs: dict[str, Record] = field(default_factory=dict)
    ruleset_results: dict[str, Record] = field(default_factory=dict)
    jobs: dict[str, Record] = field(default_factory=dict)
    job_runs: dict[str, list[JobRun]] = field(default_factory=dict)


class Glue:
    """State of all accounts in one region. Catalogs are account ids; names are in lower case."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._accounts: dict[str, Account] = {}

    def account(self, account: str) -> Account:
        """What an account keeps."""
        return self._accounts.setdefault(account, Account())

    def accounts(self) -> dict[str, Account]:
        """Every account that has anything in Glue."""
        return dict(self._accounts)

    def catalogs(self) -> list[str]:
        """The accounts that have anything in Glue."""
        return sorted(self._accounts)

    def database(self, catalog: str, name: str) -> Record | None:
        """A database as stored, links not followed; None if there is none."""
        return self.account(catalog).databases.get(name)

    def databases(self, catalog: str) -> Iterable[Record]:
        """The databases and database links of a catalog, by name."""
        found = self.account(catalog).databases
        return [found[name] for name in sorted(found)]

    def stored(self, catalog: str, database: str, name: str) -> StoredTable | None:
        """A table with its versions and partitions, links not followed; None if there is none."""
        return self.account(catalog).tables.get(database, {}).get(name)

    def table(self, catalog: str, database: str, name: str) -> Record | None:
        """A table as stored, links not followed; None if there is none."""
        found = self.stored(catalog, database, name)
        return found.current if found else None

    def tables(self, catalog: str, database: str) -> Iterable[Record]:
        """The tables and table links of a database, by name."""
        found = self.account(catalog).tables.get(database, {})
        return [found[name].current for name in sorted(found)]

    def columns(self, catalog: str, database: str, table: str) -> tuple[list[str], list[str]]:
        """The names of a table's columns and of its partition keys, in lower case; empty if there is no table."""
        found = self.table(catalog, database, table) or {}
        columns = found.get("StorageDescriptor", {}).get("Columns", [])
        return [c["Name"].lower() for c in columns], [c["Name"].lower() for c in found.get("PartitionKeys", [])]

    def resource_policy(self, account: str) -> str | None:
        """The catalog's resource policy, JSON text; None if there is none."""
        policy = self.account(account).policy
        return policy["PolicyInJson"] if policy else None
