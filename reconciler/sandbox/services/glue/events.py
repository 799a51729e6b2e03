"""Glue's state-change events on EventBridge (monitoring with EventBridge; best effort in AWS)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.sandbox.core.world import World
from reconciler.sandbox.services.glue.arns import database_arn, table_arn
from reconciler.sandbox.shared.eventbridge import emit


def database_changed(world: World, catalog: str, database: str, change: str, tables: Sequence[str] = ()) -> None:
    """Tell that a database, or its list of tables, changed (CreateDatabase, DeleteTable, ...)."""
    resources = [table_arn(world.region, catalog, database, t) for t in tables]
    detail: dict[str, Any] = {"databaseName": database, "typeOfChange": change, "changedTables": list(tables)[:100]}
    arns = resources or [database_arn(world.region, catalog, database)]
    emit(world, catalog, "aws.glue", "Glue Data Catalog Database State Change", detail, arns)


def table_changed(
    world: World, catalog: str, database: str, table: str, change: str, partitions: Sequence[Sequence[str]] = ()
) -> None:
    """Tell that a table, or its partitions, changed (UpdateTable, CreatePartition, ...)."""
    detail = {
        "databaseName": database,
        "tableName": table,
        "typeOfChange": change,
        "changedPartitions": [f"[{', '.join(values)}]" for values in partitions][:100],
    }
    arn = table_arn(world.region, catalog, database, table)
    emit(world, catalog, "aws.glue", "Glue Data Catalog Table State Change", detail, [arn])


def crawler_changed(world: World, account: str, detail: Mapping[str, str]) -> None:
    """Tell that a crawl started, succeeded or failed."""
    emit(world, account, "aws.glue", "Glue Crawler State Change", detail, [])
