"""undeclared-column: a column has turned up in a table, and who was given the whole table reads it already."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.finding import Finding
from reconciler.plan.gates.schema_drift import standing_tables, what_became
from reconciler.plan.review import Review
from reconciler.plan.table_readers import TableReaders, listed
from reconciler.spec.rule import Rule

UNDECLARED_COLUMN = Rule(
    "undeclared-column",
    "warning",
    "A column that somebody reads is declared in its product.",
    "Who is given a table by its name without `columns`, also with `rows`, is given each column that comes later: its "
    "writer, a crawler or a hand opens it to him, and nobody has said how sensitive it is. Declare it with its "
    "sensitivity, or list the columns in the subscription. Who is given a column, in whatever way, is given each part "
    "that comes into it: declare it in the column's type. Stewards and writers of the product are not counted.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each column, or part of one, that AWS has, no document declares, and somebody reads."""
    if reviewed.observation is None:
        return
    readers = TableReaders(reviewed)
    for want, have, external in standing_tables(reviewed, reviewed.observation.found):
        for column in sorted(have.spec.types.keys() - want.spec.types.keys()):
            if names := readers.of(want, column, but=("steward", "writer")):
                said = (
                    f"{want.address.name} has a column {column} ({have.spec.types[column]}) that no document declares. "
                    f"It is read by {listed(names)}: who has the whole table has what comes to it."
                )
                yield Finding(UNDECLARED_COLUMN.id, UNDECLARED_COLUMN.severity, said, want.origin)
        if have.spec.types == want.spec.types:
            continue
        for each in what_became(want, have, external=external):
            is_part = each.sort == "added" and each.column != each.top in want.spec.types
            if is_part and (names := readers.of(want, each.top, but=("steward", "writer"))):
                said = (
                    f"The column {each.top} of {want.address.name} has a part {each.column} ({each.new}) that no "
                    f"document declares. It is read by {listed(names)}: who has the column has what comes into it."
                )
                yield Finding(UNDECLARED_COLUMN.id, UNDECLARED_COLUMN.severity, said, want.origin)
