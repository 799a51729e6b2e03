"""Fields of structs in data cells filters: `"address"."zip"`, at most five deep, without a condition on rows.

API_DataCellsFilter; data-filters-about (struct only); data-filtering-notes (no cell-level security on nested columns).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.shared.hive_types import HiveType, hive
from reconciler.sandbox.shared.sql_text import quoted

Fields = frozenset[tuple[str, ...]]
"""The fields of a column that are shown, each as the way to it inside of the column, down to what is no struct."""

_DEEPEST = 5
_QUALIFIED = re.compile(r'"[^"]+"(?:\."[^"]+")+')


def is_nested(name: str) -> bool:
    """Whether a name is of a field, by its form."""
    return _QUALIFIED.fullmatch(name) is not None


def checked(names: Iterable[str], types: Mapping[str, str], *, has_rows: bool) -> None:
    """Refuse names of fields that Lake Formation does not take. InvalidInputException."""
    for name in names:
        if not is_nested(name):
            continue
        column, *way = _parts(name)
        if column not in types or not _below(hive(types[column]), tuple(way)):
            raise AwsError("InvalidInputException", "cannot grant/revoke permission on non-existent column.")
        if 1 + len(way) > _DEEPEST:
            raise AwsError("InvalidInputException", f"Nested columns may not exceed a depth of {_DEEPEST}.")
        if has_rows:
            raise AwsError("InvalidInputException", "Cell-level security is not supported on nested columns.")


def shown(names: Iterable[str], types: Mapping[str, str], *, excluded: bool) -> dict[str, Fields]:
    """Of columns of which a list names fields: the fields that it shows. Whole columns are not here."""
    named: dict[str, set[tuple[str, ...]]] = {}
    for name in names:
        if is_nested(name):
            column, *way = _parts(name)
            if column in types:
                named.setdefault(column, set()).update(_below(hive(types[column]), tuple(way)))
    if not excluded:
        return {column: frozenset(fields) for column, fields in named.items()}
    return {column: frozenset(_leaves(hive(types[column]))) - fields for column, fields in named.items()}


def packed(column: str, kind: str, fields: Fields) -> str:
    """DuckDB's expression for a column with nothing in it but these fields."""
    name = quoted(column)
    return f"CASE WHEN {name} IS NOT NULL THEN {_struct(name, hive(kind), fields)} END AS {name}"


def _struct(of: str, kind: HiveType, fields: Fields) -> str:
    parts = []
    for name, inner in kind.parts:
        below = frozenset(way[1:] for way in fields if way[0] == name)
        value = f"{of}.{quoted(name)}"
        if below:
            parts.append(f"{quoted(name)} := {value if () in below else _struct(value, inner, below)}")
    return f"struct_pack({', '.join(parts)})"


def _parts(name: str) -> list[str]:
    return [part.lower() for part in re.findall(r'"([^"]+)"', name)]


def _below(kind: HiveType, way: tuple[str, ...]) -> Fields:
    """The fields that a way leads to; none where it leads nowhere."""
    for part in way:
        found = dict(kind.parts).get(part) if kind.word == "struct" else None
        if found is None:
            return frozenset()
        kind = found
    return frozenset((*way, *rest) for rest in _leaves(kind))


def _leaves(kind: HiveType) -> Iterator[tuple[str, ...]]:
    if kind.word != "struct":
        yield ()
        return
    for name, part in kind.parts:
        yield from ((name, *rest) for rest in _leaves(part))
