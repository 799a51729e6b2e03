"""Tables that are shared by name: they exist, with their columns, and Lake Formation can share them so."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.subscription import SubscribedTable, Subscription
from reconciler.spec.documents.table import Table
from reconciler.spec.draft import Draft
from reconciler.spec.mesh import Mesh
from reconciler.spec.rowfilter import NotAFilter, columns
from reconciler.spec.rule import Rule

TABLE = Rule(
    "unknown-table",
    "error",
    "A table that is shared by name is a table of the product.",
    "Correct the name, or declare the table in the Product.",
)
COLUMN = Rule(
    "unknown-column",
    "error",
    "Columns that are shared, left out or filtered by are columns of the table.",
    "Correct the name, or declare the column in the Product.",
)
TWICE = Rule(
    "table-shared-twice",
    "error",
    "A subscription names a table once.",
    "Lake Formation refuses a whole table and some of its columns for one reader. Merge the two entries.",
)
PARTITION = Rule(
    "partition-key-shared",
    "error",
    "Partition keys are neither listed nor left out.",
    "Lake Formation cannot restrict them: who reads any column reads them too.",
)
EXCLUDE = Rule(
    "exclude-across-accounts",
    "error",
    "Columns are left out only within the central account.",
    "Lake Formation shares lists of columns to include across accounts, never lists to exclude. List `columns`: a "
    "column that is added later is then not shared by itself.",
)
BOTH = Rule(
    "columns-and-exclude",
    "error",
    "An entry has columns or exclude, not both.",
    "Keep `columns`.",
)
FILTER = Rule(
    "row-filter",
    "error",
    "A row filter is a condition that Lake Formation takes.",
    "Comparisons, BETWEEN, IN, LIKE, IS NULL, AND, OR and NOT; no functions; fewer than 2048 characters; text in "
    "single quotes.",
)
PERMISSION = Rule(
    "filtered-permission",
    "error",
    "Who receives some columns or rows receives SELECT and DESCRIBE only.",
    "Lake Formation takes no other permission with a column list or a filter. Give the others in a subscription to the "
    "whole table.",
)


def check(draft: Draft) -> Iterator[Finding]:
    """Findings about tables that are shared by name."""
    if draft.mesh is None:
        return
    for subscription in draft.mesh.subscriptions.values():
        product = draft.mesh.product(subscription)
        if product is None:
            continue
        tables = {table.name: table for table in product.tables}
        seen: set[str] = set()
        for index, shared in enumerate(subscription.tables):
            if shared.name not in tables:
                near = draft.near(shared.name, tables)
                yield TABLE.broken(
                    subscription.at("tables", index, "name"), f"{product.name} has no table {shared.name}{near}"
                )
                continue
            if shared.name in seen:
                yield TWICE.broken(subscription.at("tables", index, "name"), f"{shared.name} is already in the list")
            seen.add(shared.name)
            yield from _shared(draft, draft.mesh, subscription, index, shared, tables[shared.name])


def _shared(
    draft: Draft, mesh: Mesh, subscription: Subscription, index: int, shared: SubscribedTable, table: Table
) -> Iterator[Finding]:
    here = ("tables", index)
    if shared.columns and shared.exclude:
        yield BOTH.broken(subscription.at(*here, "exclude"), "give columns or exclude, not both")
    if shared.exclude and mesh.consumer(subscription).account != mesh.settings.central:
        yield EXCLUDE.broken(
            subscription.at(*here, "exclude"), "columns cannot be left out across accounts; list the columns to share"
        )
    for field in ("columns", "exclude"):
        names: tuple[str, ...] = getattr(shared, field)
        for at, name in enumerate(names):
            yield from _column(draft, subscription, (*here, field, at), name, table)
    if shared.rows is not None:
        yield from _rows(draft, subscription, index, shared.rows, table)
    if shared.columns or shared.exclude or shared.rows:
        for at, permission in enumerate(subscription.permissions):
            if permission not in ("SELECT", "DESCRIBE"):
                yield PERMISSION.broken(
                    subscription.at("permissions", at),
                    f"{permission} cannot be given on some columns or rows of {table.name}",
                )


def _column(
    draft: Draft, subscription: Subscription, path: tuple[str | int, ...], name: str, table: Table
) -> Iterator[Finding]:
    if any(key.name == name for key in table.partition_keys):
        yield PARTITION.broken(subscription.at(*path), f"{name} is a partition key; every reader sees it")
        return
    known = [column.name for column in table.columns]
    if name not in known:
        yield COLUMN.broken(subscription.at(*path), f"{table.name} has no column {name}{draft.near(name, known)}")


def _rows(draft: Draft, subscription: Subscription, index: int, text: str, table: Table) -> Iterator[Finding]:
    origin = subscription.at("tables", index, "rows")
    known = [column.name for column in table.columns] + [key.name for key in table.partition_keys]
    try:
        for name in dict.fromkeys(columns(text)):
            if name not in known:
                yield COLUMN.broken(origin, f"{table.name} has no column {name}{draft.near(name, known)}")
    except NotAFilter as error:
        yield FILTER.broken(origin, f"the row filter {error}")
