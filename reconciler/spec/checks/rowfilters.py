"""Row filters of subscriptions: conditions that Lake Formation takes, on columns that it can compare."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.spec.checks.namedtables import COLUMN
from reconciler.spec.documents.subscription import SubscribedTable
from reconciler.spec.documents.table import Table
from reconciler.spec.language.glue_types import GlueType, glue_type
from reconciler.spec.language.row_filter import Comparison, NotAFilter, comparisons
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

FILTER = Rule(
    "row-filter",
    "error",
    "A row filter is a condition that Lake Formation takes.",
    "Comparisons of a column with constants, BETWEEN, IN, LIKE, IS NULL, AND, OR and NOT; no functions; fewer than "
    "2048 characters; text in single quotes.",
)
TYPE = Rule(
    "row-filter-type",
    "error",
    "A row filter compares columns that Lake Formation can compare, with constants of their type.",
    "It takes text (string, char, varchar), numbers and booleans, and fields of these types in a struct; no dates, "
    "timestamps, arrays and maps. Whether a partition key is NULL cannot be asked.",
)
HIDDEN = Rule(
    "row-filter-hidden",
    "warning",
    "A row filter asks for columns that the subscription shows.",
    "Who reads the rows learns something of each value by which they were chosen: `income > 5000` tells of everybody "
    "shown that he earns more. Show the column, or let its owner agree to that.",
)

_TEXT = frozenset({"string", "char", "varchar"})
# https://docs.aws.amazon.com/lake-formation/latest/dg/partiql-support.html: INT stands for all whole numbers.
_NUMBERS = frozenset({"tinyint", "smallint", "int", "bigint", "float", "double", "decimal"})


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about row filters."""
    if unchecked.mesh is None:
        return
    for subscription in unchecked.mesh.subscriptions.values():
        product = unchecked.mesh.product(subscription)
        if product is None or not subscription.tables:
            continue
        tables = {table.name: table for table in product.tables}
        for index, shared in enumerate(subscription.tables):
            if shared.rows is not None and shared.name in tables:
                origin = subscription.at("tables", index, "rows")
                yield from _filter(unchecked, origin, shared, shared.rows, tables[shared.name])


def _filter(
    unchecked: UncheckedMesh, origin: Origin, shared: SubscribedTable, rows: str, table: Table
) -> Iterator[Finding]:
    try:
        found = comparisons(rows)
    except NotAFilter as error:
        yield FILTER.broken(origin, f"the row filter {error}")
        return
    keys = frozenset(key.name for key in table.partition_keys)
    types = {each.name: each.type for each in table.columns} | {key.name: key.type for key in table.partition_keys}
    for comparison in dict.fromkeys(found):
        name = comparison.column[0]
        if name not in types:
            near = unchecked.near(name, types)
            yield COLUMN.broken(origin, f"{table.name} has no column {name}{near}")
            continue
        if name in keys and not comparison.constants:
            yield TYPE.broken(origin, f"{name} is a partition key; whether it is NULL cannot be asked")
            continue
        yield from _typed(unchecked, origin, comparison, glue_type(types[name]))
    shown = frozenset(shared.columns or types).difference(shared.exclude) | keys
    for each in {each.name: each for each in found}.values():
        if each.column[0] in types and each.column[0] not in shown:
            yield HIDDEN.broken(origin, f"rows are chosen by {each.name}, which is not shown: each row tells of it")


def _typed(
    unchecked: UncheckedMesh, origin: Origin, comparison: Comparison, kind: GlueType | None
) -> Iterator[Finding]:
    """Findings about the type of a column, or of the field of a struct, and of what it is compared with."""
    for field in comparison.column[1:]:
        fields = {name.lower(): part for name, part in kind.parts} if kind and kind.word == "struct" else {}
        if kind is not None and field not in fields:
            near = unchecked.near(field, fields)
            yield COLUMN.broken(origin, f"{comparison.name} is no field of a struct{near}")
            return
        kind = fields.get(field)
    if kind is None:
        return
    if kind.word in _TEXT:
        wanted = "text"
    elif kind.word in _NUMBERS:
        wanted = "number"
    elif kind.word == "boolean":
        wanted = "boolean"
    else:
        yield TYPE.broken(origin, f"{comparison.name} is {kind}; row filters compare text, numbers and booleans only")
        return
    for constant in dict.fromkeys(comparison.constants):
        if constant != wanted:
            meant = {"text": "in single quotes", "number": "without quotes", "boolean": "as true or false"}[wanted]
            yield TYPE.broken(origin, f"{comparison.name} is {kind} and compared with {constant}; write it {meant}")
    if comparison.operator == "like" and wanted != "text":
        yield TYPE.broken(origin, f"{comparison.name} is {kind}; LIKE compares text only")
