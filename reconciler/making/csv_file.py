"""A CSV file as a table: header, delimiter, quotes, and a type for each column that every row has."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TextIO

from reconciler.errors import MeshformError
from reconciler.making.found import FoundColumn, FoundTable, table_name
from reconciler.making.texts import Narrowing
from reconciler.spec.checks.products import FORBIDDEN
from reconciler.spec.slug import slug

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE, _MOST = 50, 200_000
"""Rows from which the delimiter is told, and rows that are read for types."""


def csv_table(path: Path, encoding: str = "utf-8") -> FoundTable:
    """What a CSV file tells. Raises MeshformError for one that is none, with the line.

    OpenCSVSerDe reads values in quotes, but neither dates nor empty numbers:
    https://docs.aws.amazon.com/athena/latest/ug/csv-serde.html
    """
    try:
        delimiter, is_quoted = _written(path, encoding)
        with _opened(path, encoding) as file:
            return _table(path, encoding, delimiter, is_quoted, csv.reader(file, delimiter=delimiter))
    except (UnicodeError, LookupError) as error:
        raise MeshformError(
            f"{path} is not written in {encoding}.", hints=("say how it is written: `--encoding latin-1`",)
        ) from error
    except (csv.Error, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise MeshformError(f"{path} is no CSV file that can be read: {error}.") from error


def _opened(path: Path, encoding: str) -> TextIO:
    encoding = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding=encoding, newline="")
    return path.open(encoding=encoding, newline="")


def _written(path: Path, encoding: str) -> tuple[str, bool]:
    """The delimiter that gives the first rows most values, all as many; and whether a value stands in quotes."""
    with _opened(path, encoding) as file:
        lines = [*islice(file, _SAMPLE)]
    if not any(line.strip() for line in lines):
        raise MeshformError(f"{path} is empty.")

    def width(delimiter: str) -> int:
        widths = {len(row) for row in csv.reader(lines, delimiter=delimiter) if row}
        return min(widths) if len(widths) == 1 else 0

    widths = {delimiter: width(delimiter) for delimiter in _DELIMITERS}
    best = max(widths, key=lambda delimiter: widths[delimiter])
    if widths[best] < 2:
        # None fits all rows: the one that is there, so that the odd row is told; else a file of one column.
        best = next((each for each in _DELIMITERS if each in lines[0]), ",")
    with _opened(path, encoding) as file:
        return best, any(line.startswith('"') or f'{best}"' in line for line in file)


def _table(path: Path, encoding: str, delimiter: str, is_quoted: bool, reader: Iterator[list[str]]) -> FoundTable:
    first = next(row for row in reader if row)
    has_header = _is_header(first)
    names = _names(first) if has_header else [f"column_{at}" for at in range(1, len(first) + 1)]
    told = [
        f"The column {was!r} is called {name}."
        for was, name in zip(first, names, strict=True)
        if has_header and was.strip().lower() != name
    ]
    seen = [Narrowing() for _ in names]
    rows = ([first] if not has_header else []), reader
    count, breaks = 0, False
    for row in (each for part in rows for each in part):
        if not row:
            continue
        if len(row) != len(names):
            raise MeshformError(
                f"{path}:{getattr(reader, 'line_num', 0)}: the row has {len(row)} instead of {len(names)} values. "
                f"The sign between them seems to be {delimiter!r}."
            )
        count += 1
        for narrowing, text in zip(seen, row, strict=True):
            narrowing.look_at(text)
            breaks = breaks or "\n" in text
        if count == _MOST:
            told.append(f"Types are those of the first {_MOST:,} rows.")
            break
    if not has_header:
        told.append("The first line seems to hold values and no names: give the columns their names.")
    if not count:
        told.append("The file has no row, so every column is taken for text.")
    if breaks:
        told.append("Values have line breaks, which Athena does not read from CSV: write them without, or as Parquet.")
    if encoding.lower().replace("_", "-") not in ("utf-8", "utf8", "ascii", "us-ascii"):
        told.append(f"Athena reads UTF-8: convert the file from {encoding}.")
    details: dict[str, str | bool] = {"header": has_header, "delimiter": delimiter}
    if is_quoted:
        details["serializer"] = "openCsv"
    columns = tuple(_column(name, each, is_quoted) for name, each in zip(names, seen, strict=True))
    return FoundTable(table_name(path), "csv", columns, details, told=tuple(told))


def _column(name: str, seen: Narrowing, is_quoted: bool) -> FoundColumn:
    """A column with the type that its serializer reads."""
    would = seen.type()
    besides = {"date", "timestamp"} if is_quoted else set[str]()
    if is_quoted and seen.has_gaps:
        besides |= {"int", "bigint", "double", "boolean"}
    kind = seen.type(besides)
    return FoundColumn(name, kind, f"{would} in the file; openCsv does not read that" if kind != would else "")


def _is_header(row: Sequence[str]) -> bool:
    """Whether a row holds names: some value says something, and none is of another type than text."""
    seen = [Narrowing() for _ in row]
    for narrowing, text in zip(seen, row, strict=True):
        narrowing.look_at(text.strip())
    return any(text.strip() for text in row) and all(narrowing.type() == "string" for narrowing in seen)


def _names(header: Iterable[str]) -> list[str]:
    """Names as Glue keeps them; CSV files go by the order of the columns, so they may be called otherwise."""
    names: list[str] = []
    for at, said in enumerate(header, 1):
        name = plain = slug(said).replace("-", "_")[:120] or f"column_{at}"
        name = plain = f"{plain}_" if plain in FORBIDDEN else plain
        number = 1
        while name in names:
            number += 1
            name = f"{plain}_{number}"
        names.append(name)
    return names
