"""Rows of text objects as Hive's two CSV readers read them."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.sandbox.services.glue.state import Record
from reconciler.sandbox.shared.s3_objects import S3Object

#: LazySimpleSerDe's NULL.
NULL = "\\N"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table's text objects are read. `quote` is None for LazySimpleSerDe, which knows no quotes."""

    delimiter: str
    quote: str | None
    escape: str | None
    skip: int


def dialect(record: Record) -> Dialect:
    """The dialect of a table, by its SerDe and parameters."""
    storage = record.get("StorageDescriptor", {})
    info = storage.get("SerdeInfo", {})
    serde = info.get("Parameters", {})
    settings = {**serde, **storage.get("Parameters", {}), **record.get("Parameters", {})}
    skip = int(settings.get("skip.header.line.count", "0"))
    if info.get("SerializationLibrary", "").endswith("OpenCSVSerde"):
        escape = serde.get("escapeChar", "\\")
        return Dialect(serde.get("separatorChar", ","), serde.get("quoteChar", '"'), escape, skip)
    return Dialect(serde.get("field.delim") or serde.get("serialization.format") or "\x01", None, None, skip)


def body(found: S3Object) -> str:
    """The text of an object, unpacked where its name ends in .gz."""
    read = gzip.decompress(found.read()) if found.key.endswith(".gz") else found.read()
    return read.decode(errors="replace")


def rows(found: S3Object, how: Dialect, width: int) -> Iterator[list[str | None]]:
    """The rows of an object, each of `width` values: short ones are filled with NULL, long ones cut."""
    lines = io.StringIO(body(found), newline="")
    if how.quote is None:
        read: Iterator[list[str]] = (line.rstrip("\r\n").split(how.delimiter) for line in lines)
    else:
        escape = how.escape if how.escape != how.quote else None
        read = csv.reader(lines, delimiter=how.delimiter, quotechar=how.quote, escapechar=escape, doublequote=True)
    for number, row in enumerate(read):
        if number < how.skip or not row:
            continue
        values: list[str | None] = [None if how.quote is None and v == NULL else v for v in row[:width]]
        yield values + [None] * (width - len(values))
