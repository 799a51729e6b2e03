"""What another type of a column means: can what was written as the old type be read as the new one?

Which types can be read as which depends on the format:
https://docs.aws.amazon.com/athena/latest/ug/updates-changing-column-type.html
https://iceberg.apache.org/spec/#schema-evolution
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from reconciler.kinds.glue.column_identity import Layout
from reconciler.spec.language.glue_types import GlueType, glue_type

TypeSort = Literal["gone", "added", "narrowed", "widened", "moved", "key"]

_INTEGERS = ("tinyint", "smallint", "int", "bigint")
_DIGITS = dict(zip(_INTEGERS, (3, 5, 10, 19), strict=True))


@dataclass(frozen=True, slots=True)
class TypeChange:
    """What became of a type, or of a part of it: `path` is "" or as `address.city`, `items.element.price`."""

    sort: TypeSort
    path: str
    old: str
    new: str


def type_changes(old: str, new: str, before: Layout, after: Layout) -> Iterator[TypeChange]:
    """The changes from one type to another; none for two spellings of one type."""
    one, other = glue_type(old), glue_type(new)
    if one is None or other is None:
        if _plain(old) != _plain(new):
            yield TypeChange("narrowed", "", old, new)
        return
    yield from _changes(one, other, "", _Files(before, after))


@dataclass(frozen=True, slots=True)
class _Files:
    """The files that both types are to read."""

    before: Layout
    after: Layout

    @property
    def places(self) -> bool:
        """Whether the fields of a struct may be told apart by their place."""
        return "place" in (self.before.reading.by | self.after.reading.by)

    @property
    def format(self) -> str:
        return self.after.reading.format

    @property
    def casts(self) -> bool:
        """Whether Athena may read another type at all: Parquet and ORC only in partitions."""
        return self.format not in ("parquet", "orc") or bool(self.after.partition_keys)


def _changes(old: GlueType, new: GlueType, path: str, files: _Files) -> Iterator[TypeChange]:
    if old == new:
        return
    if old.word != new.word or not old.parts:
        sort: TypeSort = "widened" if _widens(old, new, files) else "narrowed"
        yield TypeChange(sort, path, str(old), str(new))
        return
    if old.word == "struct":
        yield from _fields(old, new, path, files)
        return
    for (name, was), (_, now) in zip(old.parts, new.parts, strict=True):
        if old.word == "map" and name == "key":
            if was != now:
                yield TypeChange("key", _join(path, name), str(was), str(now))
        else:
            yield from _changes(was, now, _join(path, name), files)


def _fields(old: GlueType, new: GlueType, path: str, files: _Files) -> Iterator[TypeChange]:
    """Fields of a struct, told apart by name without regard to case."""
    was = {name.lower(): part for name, part in old.parts}
    now = {name.lower(): part for name, part in new.parts}
    for name, part in was.items():
        if name not in now:
            yield TypeChange("gone", _join(path, name), str(part), "")
        else:
            yield from _changes(part, now[name], _join(path, name), files)
    for number, (name, part) in enumerate(now.items()):
        if name not in was:
            sort: TypeSort = "moved" if files.places and number < len(was) else "added"
            yield TypeChange(sort, _join(path, name), "", str(part))
    kept = [name for name in was if name in now]
    if files.places and kept != [name for name in now if name in was]:
        yield TypeChange("moved", path, str(old), str(new))


def _widens(old: GlueType, new: GlueType, files: _Files) -> bool:
    """Whether a new primitive type reads every value of an old one, in files of this format."""
    if _is_text(old) and _is_text(new):
        return new.word == "string" or (old.word != "string" and new.word == "varchar" and new.sizes >= old.sizes)
    if files.format == "iceberg":
        return _iceberg(old, new)
    if not files.casts or old.parts or new.parts:
        return False
    if old.word in _INTEGERS and new.word in _INTEGERS:
        return _INTEGERS.index(old.word) < _INTEGERS.index(new.word)
    if (old.word, new.word) == ("float", "double"):
        return True
    if files.format in ("parquet", "orc"):
        return False
    return _as_text(old, new)


def _iceberg(old: GlueType, new: GlueType) -> bool:
    if old.word == new.word == "decimal":
        return new.sizes[0] >= old.sizes[0] and new.sizes[1] == old.sizes[1]
    return (old.word, new.word) in (("int", "bigint"), ("float", "double"))


def _as_text(old: GlueType, new: GlueType) -> bool:
    """Widenings of values that are written as text: every number is a text, and fits where its digits fit."""
    if new.word == "string":
        return old.word != "binary"
    if new.word == "double":
        return old.word in ("tinyint", "smallint", "int")
    if new.word == "float":
        return old.word in ("tinyint", "smallint")
    if new.word == "decimal":
        whole, scale = new.sizes[0] - new.sizes[1], new.sizes[1]
        if old.word == "decimal":
            return scale >= old.sizes[1] and whole >= old.sizes[0] - old.sizes[1]
        return whole >= _DIGITS.get(old.word, 99)
    return False


def _is_text(of: GlueType) -> bool:
    return of.word in ("string", "char", "varchar")


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _plain(text: str) -> str:
    return "".join(text.lower().split())
