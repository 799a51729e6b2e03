"""Which values stand under a column's name: found by place, by name or by field id, as the table's format has it.

| format                                  | a column is        | turned round by                          |
|-----------------------------------------|--------------------|------------------------------------------|
| CSV and other lines of text             | its place          |                                          |
| ORC                                     | its place          | `orc.column.index.access` = false: name  |
| Parquet                                 | its name           | `parquet.column.index.access` = true: place |
| JSON, Avro, Delta                       | its name           | openx' JSON: `mapping.<column>` = key     |
| Iceberg                                 | its field id       |                                          |
| a view, a table without files           | its name           |                                          |
| anything else                           | place or name: what either moves counts as moved          |

https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from reconciler.kinds.glue.storage_descriptor import Storage

By = Literal["place", "name", "id"]
Settings = tuple[tuple[str, str], ...]
Sources = tuple[int | None, ...]
"""For each column the number of the column whose values it shows; None where it shows none of them."""

_SERIALIZERS = {
    "lazysimpleserde": "csv",
    "opencsvserde": "csv",
    "multidelimitserde": "csv",
    "regexserde": "csv",
    "parquethiveserde": "parquet",
    "orcserde": "orc",
    "jsonserde": "json",
    "avroserde": "avro",
}
_BY: Mapping[str, frozenset[By]] = {
    "csv": frozenset({"place"}),
    "orc": frozenset({"place"}),
    "parquet": frozenset({"name"}),
    "json": frozenset({"name"}),
    "avro": frozenset({"name"}),
    "delta": frozenset({"name"}),
    "iceberg": frozenset({"id"}),
}
_NAME: frozenset[By] = frozenset({"name"})
_EITHER: frozenset[By] = frozenset({"place", "name"})
_SWITCHED: Mapping[str, tuple[str, By, By]] = {
    "parquet": ("parquet.column.index.access", "place", "name"),
    "orc": ("orc.column.index.access", "place", "name"),
}
#: What decides where a line of text is cut into values, with what holds where nothing is said.
_CUTS = {
    "field.delim": "",
    "separatorChar": ",",
    "quoteChar": '"',
    "escapeChar": "\\",
    "escape.delim": "",
    "input.regex": "",
    "line.delim": "\n",
}
_LAZY = ("field.delim", "escape.delim", "line.delim")
_OPEN = ("separatorChar", "quoteChar", "escapeChar")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table's files are read.

    format  csv, orc, parquet, json, avro, iceberg, delta, view, or the serializer's name
    by      what may decide which values are a column's; more than one where that is not known
    cut     for lines of text: the serializer and its settings, by which a line is cut into values
    keys    columns that stand under another key in the files
    """

    format: str
    by: frozenset[By]
    cut: Settings = ()
    keys: Settings = ()


NO_FILES = Reading("view", _NAME)


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table, the last of them partition keys, and how their values are found."""

    reading: Reading
    columns: tuple[str, ...]
    partition_keys: int = 0
    ids: tuple[str, ...] = ()

    @property
    def data(self) -> int:
        """How many columns stand in the files."""
        return len(self.columns) - self.partition_keys

    def key(self, number: int) -> str:
        """What a column is called in the files."""
        if self.ids:
            return self.ids[number]
        name = self.columns[number]
        return dict(self.reading.keys).get(name, name) if self.reading.keys else name


def reading_of(storage: Storage, parameters: Settings) -> Reading:
    """How the files of a table with these parameters are read; a view, or a table without files, has none."""
    kind = next((value.lower() for key, value in parameters if key == "table_type"), "")
    if kind in ("iceberg", "delta"):
        return Reading(kind, _BY[kind])
    if not storage.location:
        return NO_FILES
    said = tuple(each for each in parameters if each[0] in {name for name, _, _ in _SWITCHED.values()})
    return _of_storage(storage.serializer, storage.input_format, storage.parameters, said)


def field_ids(names: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The field ids that Iceberg writes into the parameters of a table's columns; nothing unless all have one."""
    found = {row["Name"].lower(): row.get("Parameters", {}).get("iceberg.field.id", "") for row in rows}
    ids = tuple(found.get(name, "") for name in names) if found else ()
    return ids if all(ids) else ()


def sources(old: Layout, new: Layout) -> tuple[Sources, ...]:
    """Whose values each column of `new` shows, by number of the column of `old`; one answer for each way in doubt.

    It tells where the files stay as they are. Files of another format are written anew, so there a name is a name.
    """
    ways = old.reading.by | new.reading.by if old.reading.format == new.reading.format else _NAME
    if ways == {"id"} and not (old.ids and new.ids):
        ways = _NAME
    return tuple(dict.fromkeys(_sources(old, new, way) for way in sorted(ways)))


def is_recut(old: Layout, new: Layout) -> bool:
    """Whether the same lines of text are cut into other values, so that any value may stand in any column."""
    return old.reading.format == new.reading.format and old.reading.cut != new.reading.cut


def is_read_otherwise(old: Layout, new: Layout) -> bool:
    """Whether the same files are taken for another format, or their lines are cut otherwise.

    Files of any format taken for lines of text show whatever is in them, in whichever column it falls.
    """
    if NO_FILES in (old.reading, new.reading):
        return False
    return old.reading.format != new.reading.format or is_recut(old, new)


def _sources(old: Layout, new: Layout, way: By) -> Sources:
    partitions = [old.data + number if number < old.partition_keys else None for number in range(new.partition_keys)]
    if way == "place":
        return (*(number if number < old.data else None for number in range(new.data)), *partitions)
    if way == "id":
        there = {old.key(number): number for number in range(old.data)}
        return (*(there.get(new.key(number)) for number in range(new.data)), *partitions)
    there = {_name(old, number): number for number in range(old.data)}
    return (*(there.get(_name(new, number)) for number in range(new.data)), *partitions)


def _name(of: Layout, number: int) -> str:
    """A column's key by name; field ids that only one side tells count for nothing."""
    name = of.columns[number]
    return dict(of.reading.keys).get(name, name) if of.reading.keys else name


@lru_cache(maxsize=4096)
def _of_storage(serializer: str, input_format: str, parameters: Settings, said: Settings) -> Reading:
    known = dict(parameters)
    name = serializer.rpartition(".")[2].lower()
    kind = _SERIALIZERS.get(name) or _by_input(input_format) or name or "unknown"
    by = _BY.get(kind, _EITHER)
    if kind in _SWITCHED:
        setting, on, off = _SWITCHED[kind]
        values = {value.lower() for value in (known.get(setting), *(v for k, v in said if k == setting)) if value}
        if setting in known and len(values) == 1:
            by = frozenset({on if values == {"true"} else off})
        elif values:
            # AWS documents it as a setting of the serializer. Elsewhere, or both ways, it may or may not be heeded.
            by = _EITHER
    cut = _cut(kind, name, known)
    mapped = {k.removeprefix("mapping."): v for k, v in known.items() if k.startswith("mapping.")}
    keys = tuple(sorted((k.lower(), v.lower()) for k, v in mapped.items())) if kind == "json" else ()
    return Reading(kind, by, cut, keys)


def _cut(kind: str, name: str, known: Mapping[str, str]) -> Settings:
    """What decides which part of a record is which value: all that a serializer is told, where we do not know it."""
    if kind == "csv":
        names = _LAZY if name == "lazysimpleserde" else _OPEN if name == "opencsvserde" else tuple(_CUTS)
        told = {**{n: _CUTS[n] for n in names}, **{n: known[n] for n in names if n in known}}
        if name == "lazysimpleserde":
            told["field.delim"] = known.get("field.delim") or known.get("serialization.format", "\x01")
        return (("serializer", name), *sorted(told.items()))
    if kind == "avro":
        schema = known.get("avro.schema.literal", "")
        return (("aliases", schema),) if '"aliases"' in schema else ()
    return () if kind in _BY else tuple(sorted(known.items()))


def _by_input(input_format: str) -> str:
    """The format of a table whose serializer says nothing."""
    lowered = input_format.lower()
    return next((kind for kind in ("parquet", "orc", "avro") if kind in lowered.rpartition(".")[2]), "")
