"""A file of data as a table, whatever its format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from reconciler.errors import MeshformError
from reconciler.making.csv_file import csv_table
from reconciler.making.found import FoundColumn, FoundTable, partition_keys
from reconciler.making.typed_file import typed_table

_FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
}


def read_table(said: str, encoding: str = "utf-8") -> FoundTable:
    """What a file tells of its table; its format is told by how its name ends. Raises MeshformError."""
    path = Path(said)
    suffixes = [each.lower() for each in path.suffixes]
    form = _FORMATS.get(next(reversed([each for each in suffixes if each != ".gz"]), ""))
    if form is None:
        raise MeshformError(f"{said} is not called as a file of data: its name ends in {', '.join(_FORMATS)}.")
    if not path.is_file():
        raise MeshformError(f"There is no file {said}.")
    return _laid_out(csv_table(path, encoding) if form == "csv" else typed_table(path, form), path)


def _laid_out(table: FoundTable, path: Path) -> FoundTable:
    """The table with the keys of its folders; one that is a column of the files, too, can only be that in Glue."""
    columns = {column.name for column in table.columns}
    keys = dict.fromkeys(partition_keys(path))
    told = [
        f"The folder {key}=... is no partition key, since {key} is a column, too." for key in keys if key in columns
    ]
    free = tuple(FoundColumn(key) for key in keys if key not in columns)
    return replace(table, partition_keys=free, told=(*table.told, *told))
