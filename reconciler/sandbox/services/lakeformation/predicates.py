"""Row predicates as a disjunction of conjunctions of opaque expressions."""

from __future__ import annotations

Predicate = frozenset[frozenset[str]]

ALL_ROWS: Predicate = frozenset({frozenset()})
NO_ROWS: Predicate = frozenset()


def atom(expression: str | None) -> Predicate:
    """The predicate of one data cells filter; None is all rows."""
    return ALL_ROWS if expression is None else frozenset({frozenset({expression})})


def either(left: Predicate, right: Predicate) -> Predicate:
    """Union: all rows prevail over any other expression (data-filtering-notes)."""
    joined = left | right
    return ALL_ROWS if frozenset() in joined else joined


def both(left: Predicate, right: Predicate) -> Predicate:
    """Intersection, as between an account's grant and the one to its principal (data-filtering-notes)."""
    return either(frozenset(a | b for a in left for b in right), NO_ROWS)


def sql(predicate: Predicate) -> str | None:
    """SQL text; None for all rows."""
    if predicate == ALL_ROWS:
        return None
    clauses = sorted(" AND ".join(f"({part})" for part in sorted(clause)) for clause in predicate)
    return " OR ".join(clauses) or "FALSE"
