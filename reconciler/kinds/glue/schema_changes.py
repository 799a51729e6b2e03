"""What a change of columns means for those who read a table: does it break their queries or not?

| change   | for readers                                                            |
|----------|------------------------------------------------------------------------|
| gone     | breaks: the column is no longer there                                  |
| narrowed | breaks: values may no longer fit, or are of another sort (int, string) |
| widened  | does not break: every old value fits into the new type                 |
| added    | does not break, and nobody reads it before it is classified            |
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Sort = Literal["gone", "narrowed", "widened", "added"]

_WIDER = {
    "tinyint": {"smallint", "int", "bigint", "float", "double"},
    "smallint": {"int", "bigint", "float", "double"},
    "int": {"bigint", "double"},
    "float": {"double"},
}
_DIGITS = {"tinyint": 3, "smallint": 5, "int": 10, "bigint": 19}
_SIZED = re.compile(r"(?P<name>char|varchar|decimal)\((?P<size>\d+)(,(?P<scale>\d+))?\)")


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """A column, what became of it, and its types (empty where it was or is not there)."""

    sort: Sort
    column: str
    old: str
    new: str

    @property
    def breaks(self) -> bool:
        """Whether queries that read the column may fail or give other values."""
        return self.sort in ("gone", "narrowed")


def column_changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterable[ColumnChange]:
    """The changes from one set of columns (name to type) to another, by name of the column."""
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield ColumnChange("gone", name, old[name], "")
        elif name not in old:
            yield ColumnChange("added", name, "", new[name])
        elif (before := _plain(old[name])) != (after := _plain(new[name])):
            sort: Sort = "widened" if holds_all(after, before) else "narrowed"
            yield ColumnChange(sort, name, old[name], new[name])


def holds_all(new: str, old: str) -> bool:
    """Whether a column of type `new` can hold every value of type `old` as the same sort of value."""
    if new in _WIDER.get(old, ()):
        return True
    wide, narrow = _SIZED.fullmatch(new), _SIZED.fullmatch(old)
    if narrow and narrow["name"] in ("char", "varchar"):
        return new == "string" or bool(wide and wide["name"] == "varchar" and int(wide["size"]) >= int(narrow["size"]))
    if wide and wide["name"] == "decimal":
        scale = int(wide["scale"] or 0)
        whole = int(wide["size"]) - scale
        if old in _DIGITS:
            return whole >= _DIGITS[old]
        if narrow and narrow["name"] == "decimal":
            old_scale = int(narrow["scale"] or 0)
            return scale >= old_scale and whole >= int(narrow["size"]) - old_scale
    return False


def _plain(text: str) -> str:
    return text.lower().replace(" ", "")
