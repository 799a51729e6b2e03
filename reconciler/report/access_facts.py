"""Facts of access as tables: a row for each column for programs, and one for columns that have everything in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reconciler.access import AccessFact
from reconciler.report.table import Table

HEADINGS = (
    "who",
    "reads",
    "columns",
    "rows",
    "how",
    "subscription",
    "purpose",
    "until",
    "approved",
    "owner",
)
WORDS = {"lake-formation": "", "iam": "open to IAM", "administrator": "may grant itself"}
"""Paths that are told in other words than their names."""


def facts_table(facts: Iterable[AccessFact]) -> Table:
    """For people: columns by label, those with everything else in common together."""
    groups: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for fact in facts:
        labels = groups.setdefault(_shared(fact), {})
        if fact.column:
            labels.setdefault(fact.sensitivity or "not classified", []).append(fact.column)
    rows = (
        (*shared[:2], "; ".join(f"{label}: {', '.join(names)}" for label, names in labels.items()), *shared[2:])
        for shared, labels in groups.items()
    )
    return _without_empty(Table(HEADINGS, tuple(rows)))


def facts_rows(facts: Iterable[AccessFact]) -> Table:
    """For programs: one row for each fact with every field; of lists the parts with a blank and a semicolon."""
    flat = [fact.as_json() for fact in facts]
    headings = tuple(flat[0]) if flat else ()
    return Table(headings, tuple(tuple(_cell(value) for value in row.values()) for row in flat))


def _without_empty(table: Table) -> Table:
    """Without columns in which no row says anything."""
    kept = [number for number, _ in enumerate(table.headings) if any(row[number] for row in table.rows)]
    return Table(
        tuple(table.headings[number] for number in kept), tuple(tuple(row[n] for n in kept) for row in table.rows)
    )


def _shared(fact: AccessFact) -> tuple[str, ...]:
    terms = fact.terms
    where = f"{fact.database}.{fact.table}" if fact.table else fact.thing or fact.catalog
    how = WORDS.get(fact.path, fact.path)
    # Columns that are named are read.
    rights = "" if fact.column and fact.permission in ("SELECT", "READ_FILES") else fact.permission
    option = "with grant option" if fact.grantable else ""
    doubt = "" if fact.certain else "perhaps"
    approved = f"{terms.approved_by} {terms.approved_at} {terms.ticket}".strip()
    rows = f"where {fact.rows}" if fact.rows else ""
    said = " ".join(part for part in (doubt, rights, option, how) if part)
    expires = terms.expires or ("no end" if terms.subscription else "")
    return fact.name, where, rows, said, ", ".join(fact.subscriptions), terms.purpose, expires, approved, fact.owner


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case dict():
            return "; ".join(f"{key}={each}" for key, each in value.items())
        case list():
            return "; ".join(map(str, value))
        case _:
            return str(value)
