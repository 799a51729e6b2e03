"""Tables that are shared by name: they exist, with their columns, and Lake Formation can share them so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.spec.documents.subscription import SubscribedTable, Subscription
from reconciler.spec.documents.table import Table
from reconciler.spec.mesh import Mesh
from reconciler.spec.nested_fields import DEEPEST, field_path
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

Path = tuple[str | int, ...]

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
NESTED = Rule(
    "nested-field",
    "error",
    "A field of a struct is shared in a list of columns, without a condition on rows.",
    "Write it as column.field, at most five names deep. Lake Formation takes such fields in a data filter, which the "
    "subscription makes, and no row filter together with them.",
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
PERMISSION = Rule(
    "filtered-permission",
    "error",
    "Who receives some columns or rows receives SELECT and DESCRIBE only.",
    "Lake Formation takes no other permission with a column list or a filter. Give the others in a subscription to the "
    "whole table.",
)


@dataclass(frozen=True, slots=True)
class _Known:
    """A table of a product, by what may be named of it."""

    table: Table
    columns: frozenset[str]
    keys: frozenset[str]


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about tables that are shared by name."""
    if unchecked.mesh is None:
        return
    for subscription in unchecked.mesh.subscriptions.values():
        product = unchecked.mesh.product(subscription)
        if product is None or not subscription.tables:
            continue
        tables = {table.name: _known(table) for table in product.tables}
        seen: set[str] = set()
        for index, shared in enumerate(subscription.tables):
            here = ("tables", index)
            if shared.name not in tables:
                near = unchecked.near(shared.name, tables)
                yield TABLE.broken(subscription.at(*here, "name"), f"{product.name} has no table {shared.name}{near}")
                continue
            if shared.name in seen:
                yield TWICE.broken(subscription.at(*here, "name"), f"{shared.name} is already in the list")
            seen.add(shared.name)
            yield from _shared(unchecked.mesh, subscription, here, shared)
            yield from _names(unchecked, subscription, here, shared, tables[shared.name])
        if any(each.columns or each.exclude or each.rows for each in subscription.tables):
            yield from _permissions(subscription)


def _known(table: Table) -> _Known:
    columns = frozenset(column.name for column in table.columns)
    return _Known(table, columns, frozenset(key.name for key in table.partition_keys))


def _shared(mesh: Mesh, subscription: Subscription, here: Path, shared: SubscribedTable) -> Iterator[Finding]:
    if shared.columns and shared.exclude:
        yield BOTH.broken(subscription.at(*here, "exclude"), "give columns or exclude, not both")
    if shared.exclude and mesh.consumer(subscription).account != mesh.settings.central:
        yield EXCLUDE.broken(
            subscription.at(*here, "exclude"), "columns cannot be left out across accounts; list the columns to share"
        )


def _names(
    unchecked: UncheckedMesh, subscription: Subscription, here: Path, shared: SubscribedTable, known: _Known
) -> Iterator[Finding]:
    for field in ("columns", "exclude"):
        names: tuple[str, ...] = getattr(shared, field)
        for at, name in enumerate(names):
            if name in known.keys:
                yield PARTITION.broken(
                    subscription.at(*here, field, at), f"{name} is a partition key; every reader sees it"
                )
            elif (path := field_path(known.table, name)) and len(path) > 1:
                yield from _nested(subscription.at(*here, field, at), name, path, shared)
            elif name not in known.columns:
                near = unchecked.near(name, known.columns)
                yield COLUMN.broken(subscription.at(*here, field, at), f"{known.table.name} has no column {name}{near}")


def _nested(origin: Origin, name: str, path: tuple[str, ...], shared: SubscribedTable) -> Iterator[Finding]:
    if shared.rows:
        yield NESTED.broken(origin, f"{name} is a field of {path[0]}, so `rows` cannot be said beside it")
    if len(path) > DEEPEST:
        yield NESTED.broken(origin, f"{name} is {len(path)} names deep; Lake Formation takes {DEEPEST}")


def _permissions(subscription: Subscription) -> Iterator[Finding]:
    for at, permission in enumerate(subscription.permissions):
        if permission not in ("SELECT", "DESCRIBE"):
            yield PERMISSION.broken(
                subscription.at("permissions", at), f"{permission} cannot be given on some columns or rows of a table"
            )
