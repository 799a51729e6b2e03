"""A file of data as a table, whatever its format."""

from __future__ import annotations

from pathlib import Path

from reconciler.errors import MeshformError
from reconciler.making.csv_file import csv_table
from reconciler.making.found import FoundTable
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
    return csv_table(path, encoding) if form == "csv" else typed_table(path, form)
