"""Rows: which rows of a table, as an OR of ANDs of conditions; whether some are among others is told by their form."""

from __future__ import annotations

from reconciler.access.algebra.clauses import clauses

Rows = frozenset[frozenset[str]]
"""Any of the inner sets must hold, all of its conditions at once. The empty inner set always holds."""

ALL_ROWS: Rows = frozenset({frozenset()})


def where(condition: str) -> Rows:
    """The rows for which a condition holds; an empty condition holds for all."""
    text = condition.strip()
    return frozenset({frozenset({text})}) if text else ALL_ROWS


def either(one: Rows, other: Rows) -> Rows:
    """Rows of one or of the other. All rows prevail over any condition.

    https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html
    """
    return one if one == other else _absorbed(one | other)


def both(one: Rows, other: Rows) -> Rows:
    """Rows of one that are also rows of the other."""
    if one in (ALL_ROWS, other):
        return other
    if other == ALL_ROWS:
        return one
    return _absorbed(frozenset(mine | theirs for mine in one for theirs in other))


def within(one: Rows, other: Rows) -> bool:
    """Whether every row of one is surely a row of the other: only what follows from the form, no arithmetic."""
    return one == other or _is_within(one, other) or _is_within(clauses(one), clauses(other))


def _is_within(one: Rows, other: Rows) -> bool:
    return all(any(theirs <= mine for theirs in other) for mine in one)


def text(rows: Rows) -> str | None:
    """The condition as SQL; None for all rows. The same for equal rows."""
    if rows == ALL_ROWS:
        return None
    ands = sorted(" AND ".join(_bracketed(sorted(clause))) for clause in rows)
    return ands[0] if len(ands) == 1 else " OR ".join(_bracketed(ands))


def _bracketed(parts: list[str]) -> list[str]:
    return parts if len(parts) == 1 else [f"({part})" for part in parts]


def _absorbed(rows: Rows) -> Rows:
    """Without the clauses that another one already contains."""
    return frozenset(clause for clause in rows if not any(other < clause for other in rows))
