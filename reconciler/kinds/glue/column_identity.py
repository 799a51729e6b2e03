"""Which values stand under a column's name: found by place, by name or by field id, as the table's format has it.

| format                                  | a column is        | turned round by                          |
|-----------------------------------------|--------------------|------------------------------------------|
| CSV and other lines of text             | its place          |                                          |
| ORC                                     | its place          | `orc.column.index.access` = false: name  |
| Parquet                                 | its name           | `parquet.column.index.access` = true: place |
| JSON, Avro                              | its name           | openx' JSON: `mapping.<column>` = key     |
| Iceberg                                 | its field id       |                                          |
| a view, a table without files           | its name           |                                          |
| Delta                                   | place or name: its log maps names to fields (column mapping) |
| anything else                           | place or name: what either moves counts as moved          |

Whatever else is set, of the serializer or of the table, may let any value stand in any column, unless it is known to
decide nothing (`spec/table_settings.py`). A setting of the table goes before that of the serializer where engines read
both (Trino's MetastoreUtil.getHiveSchema, as Hive's MetaStoreUtils.getSchema), and AWS does not say which do.

https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html
https://docs.aws.amazon.com/athena/latest/ug/delta-lake-tables.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from reconciler.kinds.glue.avro_schema import unusual
from reconciler.kinds.glue.storage_descriptor import Storage
from reconciler.spec.table_settings import Settings, deciding, place

By = Literal["place", "name", "id"]
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
    "iceberg": frozenset({"id"}),
}
_NAME: frozenset[By] = frozenset({"name"})
_EITHER: frozenset[By] = frozenset({"place", "name"})
_KEPT: Mapping[str, frozenset[By]] = {"iceberg": _BY["iceberg"], "delta": _EITHER}
"""Formats with metadata of their own."""
_SWITCHED: Mapping[str, tuple[str, By, By]] = {
    "parquet": ("parquet.column.index.access", "place", "name"),
    "orc": ("orc.column.index.access", "place", "name"),
}
#: What serializers of text hold where nothing is said.
_DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "lazysimpleserde": {"field.delim": "\x01", "escape.delim": "", "line.delim": "\n"},
    "opencsvserde": {"separatorChar": ",", "quoteChar": '"', "escapeChar": "\\"},
}
#: The classes that read the files of a format, apart from which there are others that read what a list names.
_INPUTS: Mapping[str, tuple[str, ...]] = {
    "csv": ("textinputformat",),
    "json": ("textinputformat",),
    "parquet": ("mapredparquetinputformat",),
    "orc": ("orcinputformat",),
    "avro": ("avrocontainerinputformat",),
}
_SCHEMA = "avro.schema.literal"
_PROVIDER = "spark.sql.sources.provider"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table's files are read.

    format    csv, orc, parquet, json, avro, iceberg, delta, view, or the serializer's name
    by        what may decide which values are a column's; more than one where that is not known
    settings  what else decides which part of a file is which value, by what it is called
    keys      columns that stand under another key in the files
    raw       keys that are called otherwise in the raw files, where a recipe makes the files from some
    filled    what decides besides names which value of these is which
    """

    format: str
    by: frozenset[By]
    settings: Settings = ()
    keys: Settings = ()
    raw: Settings = ()
    filled: Settings = ()


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
    said = dict(deciding(parameters))
    kind = said.get("table_type", "").lower() or said.get(_PROVIDER, "").lower()
    serializer = storage.parameters
    own = place(storage.location)
    if own and place(dict(serializer).get("path", "")) == own:
        # Spark says the table's own place once more.
        serializer = tuple(each for each in serializer if each[0] != "path")
    if kind in _KEPT:
        elsewhere = tuple(each for each in serializer if each[0] == "path")
        return Reading(kind, _KEPT[kind], elsewhere)
    if not storage.location:
        return NO_FILES
    return _of_storage(storage.serializer, storage.input_format, serializer, tuple(said.items()))


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
    """Whether files of one format are read by other settings, or filled by others: any column may show any value."""
    return old.reading.format == new.reading.format and bool(other_settings(old, new))


def other_settings(old: Layout, new: Layout) -> tuple[str, ...]:
    """The settings that only one of two layouts has, or that have another value there."""
    one, other = old.reading, new.reading
    differ = {*one.settings} ^ {*other.settings} | {*one.filled} ^ {*other.filled}
    return tuple(sorted({key for key, _ in differ}))


def is_read_otherwise(old: Layout, new: Layout) -> bool:
    """Whether the same files are taken for another format, or read by other settings.

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
    anew = bool(old.reading.filled and new.reading.filled)
    there = {_name(old, number, anew=anew): number for number in range(old.data)}
    return (*(there.get(_name(new, number, anew=anew)) for number in range(new.data)), *partitions)


def _name(of: Layout, number: int, *, anew: bool) -> str:
    """A column's key by name; field ids that only one side tells count for nothing. `anew`: its name in raw files."""
    name = of.columns[number]
    key = dict(of.reading.keys).get(name, name) if of.reading.keys else name
    return dict(of.reading.raw).get(key, key) if anew and of.reading.raw else key


@lru_cache(maxsize=4096)
def _of_storage(serializer: str, input_format: str, parameters: Settings, said: Settings) -> Reading:
    known, of_table = dict(parameters), dict(said)
    name = serializer.rpartition(".")[2].lower()
    kind = _SERIALIZERS.get(name) or _by_input(input_format) or name or "unknown"
    by = _BY.get(kind, _EITHER)
    switch = ""
    if kind in _SWITCHED:
        switch, on, off = _SWITCHED[kind]
        values = {value.lower() for value in (known.get(switch), of_table.get(switch)) if value}
        if switch in known and len(values) == 1:
            by = frozenset({on if values == {"true"} else off})
        elif values:
            # AWS documents it as a setting of the serializer. Elsewhere, or both ways, it may or may not be heeded.
            by = _EITHER
    keys: Settings = ()
    if kind == "json":
        mapped = {k.removeprefix("mapping."): v for k, v in known.items() if k.startswith("mapping.")}
        keys = tuple(sorted((k.lower(), v.lower()) for k, v in mapped.items()))
    told = {
        **({"serializer": name} if kind == "csv" else {}),
        **({"inputFormat": input_format} if _is_unusual(kind, input_format) else {}),
        **_of_serializer(kind, name, known),
        **{f"the table's {key}": value for key, value in _of_table(kind, of_table) if known.get(key) != value},
    }
    told.pop(switch, None)
    told.pop(f"the table's {switch}", None)
    return Reading(kind, by, tuple(sorted(told.items())), keys)


def _of_serializer(kind: str, name: str, known: Mapping[str, str]) -> Mapping[str, str]:
    """What a serializer is told that decides; all that it is told where we do not know it."""
    if kind not in _BY:
        return known
    told = dict(_schemas(kind, {**_DEFAULTS.get(name, {}), **dict(deciding(known.items()))}))
    if name == "lazysimpleserde":
        told["field.delim"] = known.get("field.delim") or known.get("serialization.format", "\x01")
    if kind != "csv" or name in _DEFAULTS:
        told.pop("serialization.format", None)
    if kind == "json":
        # `paths` is how a crawler read it.
        told = {key: value for key, value in told.items() if key != "paths" and not key.startswith("mapping.")}
    return told


def _of_table(kind: str, said: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """What a table is told that decides. Spark's name of the format it has says nothing else."""
    return ((k, v) for k, v in _schemas(kind, said) if k != _PROVIDER or v.lower() not in (kind, "hive"))


def _schemas(kind: str, told: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Settings without a schema of Avro that finds each field by its own name, as each column is."""
    for key, value in told.items():
        schema = unusual(value) if kind == "avro" and key == _SCHEMA else value
        if schema:
            yield key, schema


def _is_unusual(kind: str, input_format: str) -> bool:
    """Whether something else reads the files than what reads their format, such as lists of files elsewhere."""
    return bool(input_format) and input_format.rpartition(".")[2].lower() not in _INPUTS.get(kind, ())


def _by_input(input_format: str) -> str:
    """The format of a table whose serializer says nothing."""
    lowered = input_format.lower()
    return next((kind for kind in ("parquet", "orc", "avro") if kind in lowered.rpartition(".")[2]), "")
