"""Permissions on tables as bits, with what each implies."""

from __future__ import annotations

from functools import cache

ALL, SELECT, ALTER, DROP, DELETE, INSERT, DESCRIBE = (1 << number for number in range(7))

_BITS = {
    "ALL": ALL | SELECT | ALTER | DROP | DELETE | INSERT | DESCRIBE,
    "SELECT": SELECT | DESCRIBE,
    "ALTER": ALTER | DESCRIBE,
    "DROP": DROP | DESCRIBE,
    "DELETE": DELETE | DESCRIBE,
    "INSERT": INSERT | DESCRIBE,
    "DESCRIBE": DESCRIBE,
}
_NAMES = (
    (ALL, "ALL"),
    (ALTER, "ALTER"),
    (DELETE, "DELETE"),
    (DESCRIBE, "DESCRIBE"),
    (DROP, "DROP"),
    (INSERT, "INSERT"),
    (SELECT, "SELECT"),
)

ON_VIEW = ALL | SELECT | DESCRIBE | DROP
"""What there is on a view: it has no files to write."""

ON_SOME_COLUMNS = SELECT | DESCRIBE
"""What is left of a tag policy that matches only some columns of a table."""

RAW = INSERT | DELETE
"""Permissions whose holder gets at the files of a table, whatever columns he may select."""


def bits(permission: str) -> int | None:
    """What a permission on a table gives, with what it implies; None for a permission that we do not know.

    Every permission on a table implies DESCRIBE; ALL is every other one.
    https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
    """
    return _BITS.get(permission)


@cache
def names(held: int) -> tuple[str, ...]:
    """The permissions in `held`, sorted by name."""
    return tuple(name for bit, name in _NAMES if held & bit)
