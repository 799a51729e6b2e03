"""Tables of products as fields: columns, keys, LF-tags; and how files are written, where the mesh made the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from reconciler.importing.evidence import Evidence, Tags
from reconciler.importing.homes import Home
from reconciler.importing.page import Data, fits
from reconciler.importing.quality import quality_of
from reconciler.kinds.common.marks import MARK
from reconciler.kinds.glue.column import Column
from reconciler.kinds.glue.column_identity import reading_of
from reconciler.kinds.glue.storage_descriptor import HEADER, storage_of
from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.taggable import Place
from reconciler.spec.checks.formats import OWN_PROPERTIES
from reconciler.spec.checks.products import FORBIDDEN
from reconciler.spec.documents import files
from reconciler.spec.documents import table as document
from reconciler.spec.documents.files import Format
from reconciler.spec.language.glue_types import is_glue_type
from reconciler.spec.table_settings import decides, place, places_in

_FORMATS: tuple[Format, ...] = ("parquet", "orc", "json", "csv", "avro")
_PROPERTIES = ("projection.", "storage.location.template")
"""Table properties that people declare. Others that decide how files are read are declared, too: apply takes away those
that no document says. Of the rest nobody knows who wrote them, and they stay in any case."""


def table_fields(evidence: Evidence, home: Home, found: Table) -> Mapping[str, Data] | None:
    """A table of a product; None for one that the language cannot name."""
    columns = [said for each in found.columns if (said := _column(each, home)) is not None]
    keys = [said for each in found.partition_keys if (said := _column(each, home)) is not None]
    if not fits(document.Table, {"name": found.table, "columns": columns, "partitionKeys": keys}):
        return None
    place = Place(found.database, found.table)
    tags = dict(evidence.tags.get(place, {}))
    for column in columns:
        on_column = evidence.tags.get(Place(found.database, found.table, str(column["name"])), {})
        column["tags"] = dict(on_column)
    declared = home.managed and dict(found.parameters).get(MARK) == evidence.basis.name
    fields: dict[str, Data] = {"name": found.table}
    if fits(document.Table, {"name": found.table, "description": found.description}):
        fields["description"] = found.description or None
    if declared or not home.managed:
        fields.update(_files(home, found))
    else:
        fields["definition"] = "external"
    fields["tags"] = {**tags, **_defaults(evidence, columns)}
    fields["columns"] = [dict(column) for column in columns]
    fields["partitionKeys"] = [dict(key) for key in keys]
    fields["quality"] = quality_of(evidence, found) if declared else []
    return fields


def unnamed(home: Home, found: Table) -> list[str]:
    """The columns that the language cannot say: who reads them is not told by the documents."""
    return [each.name for each in (*found.columns, *found.partition_keys) if _column(each, home) is None]


def _column(column: Column, home: Home) -> dict[str, Data] | None:
    """A column as fields; None for one that the language cannot say. A comment that it cannot say is left out."""
    whole = {"name": column.name, "type": column.type, "description": column.comment or None}
    for fields in (whole, {**whole, "description": None}):
        named = column.name not in FORBIDDEN and (not home.managed or is_glue_type(column.type))
        if named and fits(document.Column, fields):
            return {key: value for key, value in fields.items() if value is not None}
    return None


def _defaults(evidence: Evidence, columns: Iterable[dict[str, Data]]) -> Tags:
    """Of keys that only columns carry, the most frequent value where every column has one: it is said of the table."""
    rows = [(column, column["tags"]) for column in columns]
    defaults: Tags = {}
    for key in sorted(evidence.columns_only) if rows else ():
        values = [tags.get(key) for _, tags in rows if isinstance(tags, dict)]
        if all(isinstance(value, str) for value in values):
            ((common, _),) = Counter(sorted(map(str, values))).most_common(1)
            defaults[key] = common
            for _, tags in rows:
                if isinstance(tags, dict) and tags.get(key) == common:
                    del tags[key]
    return defaults


def _files(home: Home, found: Table) -> Mapping[str, Data]:
    """Where the files lie and how they are written; a view has none."""
    if found.is_view:
        return {"definition": "external", "format": "view"}
    file = f"{found.storage.location.rstrip('/')}/"
    around = [each for each in (home.place, *home.places) if each.bucket and file.startswith(each.root)]
    within = max(around, key=lambda each: len(each.root), default=None)
    path = file.removeprefix(within.root).strip("/") if within is not None else file.rstrip("/")
    fields: dict[str, Data] = {"location": None if path in (found.table, "") else f"{path}/"}
    fields["place"] = within.name or None if within is not None else None
    if not fits(document.Table, {"name": found.table, **fields}):
        fields = {}
    parameters, serde = dict(found.parameters), dict(found.storage.parameters)
    for form in _FORMATS:
        details = _details(form, parameters, serde, found.storage.serializer)
        told = {"name": found.table, "format": form, **details}
        if not fits(document.Table, told):
            continue
        said = document.Table.model_validate(told, by_alias=True, by_name=False)
        wanted = storage_of(said, found.storage.location)
        classes = (wanted.input_format, wanted.output_format, wanted.serializer)
        there = (found.storage.input_format, found.storage.output_format, found.storage.serializer)
        if classes == there and reading_of(wanted, found.parameters) == reading_of(found.storage, found.parameters):
            fields["format"] = None if form == "parquet" else form
            fields.update(details)
            break
    else:
        if not (found.storage.input_format and found.storage.output_format and found.storage.serializer):
            # Nobody can read it by such words: it is left to its writer.
            return {**fields, "definition": "external"}
        fields["format"] = "other"
        fields["storage"] = {
            "inputFormat": found.storage.input_format,
            "outputFormat": found.storage.output_format,
            "serializer": found.storage.serializer,
            "parameters": dict(serde),
        }
    packed = (
        parameters.get("parquet.compression") or parameters.get("orc.compress") or parameters.get("write.compression")
    )
    fields["compression"] = packed.lower() if packed else None
    properties = {key: value for key, value in found.parameters if key.startswith(_PROPERTIES) or decides(key)}
    if not _can_be_said(home, found, properties):
        return {**{key: fields[key] for key in ("location", "place") if key in fields}, "definition": "external"}
    return {**fields, "properties": dict(properties)}


def _can_be_said(home: Home, found: Table, properties: Mapping[str, str]) -> bool:
    """Whether documents may say how a table's files are read; else it is left to its writer."""
    roots = tuple(place(each.root) for each in (home.place, *home.places) if each.bucket)
    named = [where for _, where in places_in((*properties.items(), *found.storage.parameters))]
    is_inside = not home.managed or all(where.startswith(roots) for where in named)
    is_free = OWN_PROPERTIES.isdisjoint(properties) and found.layout.reading.format not in ("iceberg", "delta")
    return is_inside and is_free and fits(document.Table, {"name": found.table, "properties": dict(properties)})


def _details(form: Format, parameters: Mapping[str, str], serde: Mapping[str, str], serializer: str) -> dict[str, Data]:
    match form:
        case "csv" if serializer.endswith("OpenCSVSerde"):
            csv: dict[str, Data] = {
                "delimiter": serde.get("separatorChar", ","),
                "serializer": "openCsv",
                "quote": serde.get("quoteChar", '"'),
                "escape": serde.get("escapeChar", "\\"),
            }
        case "csv":
            csv = {"delimiter": serde.get("field.delim", ",")}
        case "json":
            return {"json": {"serializer": "hive"}} if ".hive." in serializer else {}
        case _:
            return {}
    csv["header"] = parameters.get(HEADER, "0") != "0"
    usual = files.TableCsv().model_dump(by_alias=True)
    return {"csv": {key: value for key, value in csv.items() if usual[key] != value}}
