"""A table of Glue as a table of a product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.errors import MeshformError
from reconciler.kinds.glue.storage_descriptor import HEADER, found_storage, storage_of
from reconciler.making.found import FoundColumn, FoundProduct, FoundTable
from reconciler.model.address import Placement
from reconciler.model.reader import Reader, Unseen
from reconciler.spec.documents.files import Format
from reconciler.spec.documents.table import Column, Table
from reconciler.spec.language.glue_types import is_glue_type
from reconciler.spec.language.validation_messages import wrong_value
from reconciler.spec.suggest import did_you_mean

_FORMATS: tuple[Format, ...] = ("parquet", "orc", "json", "csv", "avro")
_ABSENT = ("EntityNotFoundException",)


def glue_table(aws: Reader, placement: Placement, database: str, name: str) -> FoundProduct:
    """What Glue knows of a table; it is only read. Raises MeshformError where there is none, or it cannot be seen."""
    request = {"CatalogId": placement.account, "DatabaseName": database}
    try:
        # The plan role lists tables and gets none by name; `bootstrap` prints what it may.
        is_there = aws.read(placement, "glue", "GetTables", request, absent=_ABSENT) is not None
        rows = [*aws.pages(placement, "glue", "GetTables", request, items="TableList")] if is_there else []
    except Unseen as error:
        raise MeshformError(
            f"The table {database}.{name} cannot be read in account {placement.account}: {error}."
        ) from error
    row = next((each for each in rows if each["Name"].lower() == name.lower()), None)
    if row is None:
        near = did_you_mean(name, [each["Name"] for each in rows])
        raise MeshformError(
            f"Account {placement.account} shows no table {database}.{name} in {placement.region}{near}.",
            hints=("the role that plans sees a table where it may DESCRIBE it, or is an administrator of the lake",),
        )
    if row.get("TargetTable"):
        raise MeshformError(f"{database}.{name} is a link to another account's table: name that one.")
    return FoundProduct((_table(row),), {"description": row["Description"]} if row.get("Description") else {})


def _table(row: Mapping[str, Any]) -> FoundTable:
    storage = row.get("StorageDescriptor", {})
    columns = [*_columns(storage.get("Columns", ()))]
    form, details = _format(row)
    told = [each for _, each in columns if each]
    location = storage.get("Location")
    if location:
        told.append(
            f"Its files lie in {location} now. The table in Glue stays as it is; this product has one of its own."
        )
    if not form:
        told.append("Its format is none that has a word here; parquet is written, correct it.")
    kept = tuple(each for each, _ in columns if each)
    if not kept:
        raise MeshformError(f"The table {row['Name']} has no column that a product can declare.")
    keys = tuple(each for each, _ in _columns(row.get("PartitionKeys", ())) if each)
    return FoundTable(row["Name"].lower(), form or "parquet", kept, details, keys, tuple(told))


def _columns(rows: Iterator[Mapping[str, Any]] | Any) -> Iterator[tuple[FoundColumn | None, str]]:
    """Each column, and what is to be known of one that a product cannot declare."""
    for row in rows:
        name, kind, comment = row["Name"].lower(), row.get("Type", "string"), row.get("Comment") or ""
        wrong = wrong_value(Column, "name", name)
        if wrong is not None:
            yield None, f"The column {name!r} is left out: its name {wrong.partition(' ')[2]}."
            continue
        fits = not comment or wrong_value(Column, "description", comment) is None
        is_known = is_glue_type(kind)
        remark = "" if is_known else f"{kind[:60]} in Glue, which Athena does not read".replace("\n", " ")
        yield FoundColumn(name, kind if is_known else "string", remark, comment if fits else ""), ""


def _format(row: Mapping[str, Any]) -> tuple[str, dict[str, str | bool]]:
    """The format in our words, empty where there is none, and how CSV files are written."""
    found = found_storage(row.get("StorageDescriptor", {}))
    parameters, serde = row.get("Parameters", {}), dict(found.parameters)
    if str(parameters.get("table_type", "")).lower() == "iceberg":
        return "iceberg", {}
    for form in _FORMATS:
        details: dict[str, str | bool] = {}
        if form == "csv":
            is_open = found.serializer.endswith("OpenCSVSerde")
            details = {"header": parameters.get(HEADER, "0") != "0"}
            details["delimiter"] = serde.get("separatorChar" if is_open else "field.delim", ",")
            details |= {"serializer": "openCsv"} if is_open else {}
        said: dict[str, Any] = {"name": "table", "format": form, **({"csv": details} if details else {})}
        wanted = storage_of(Table.model_validate(said, by_alias=True, by_name=False), found.location)
        same = (wanted.input_format, wanted.output_format, wanted.serializer)
        if same == (found.input_format, found.output_format, found.serializer):
            return form, details
    return "", {}
