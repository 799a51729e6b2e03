"""How the files of a table are written: their format, and details of CSV, JSON and what has no word of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from reconciler.spec.documents.base import Part
from reconciler.spec.documents.texts import Words

Format = Literal["parquet", "orc", "avro", "json", "csv", "iceberg", "view", "other"]
Compression = Literal["none", "snappy", "gzip", "zstd", "lz4", "bzip2"]


class Csv(Part):
    """How a CSV file is written."""

    header: bool = Field(True, description="Whether the first line holds the names of the columns.")
    delimiter: str = Field(",", min_length=1, max_length=1, description="The sign between two values.")


class TableCsv(Csv):
    """How a table's CSV files are written, and which serializer reads them."""

    serializer: Literal["lazy", "openCsv"] = Field(
        "lazy", description="lazy knows no quotes; openCsv reads values in quotes."
    )
    quote: str = Field('"', min_length=1, max_length=1, description="With openCsv: the sign around a value.")
    escape: str = Field(
        "\\", min_length=1, max_length=1, description="With openCsv: the sign before a quote in a value."
    )


class Json(Part):
    """Which serializer reads a table's JSON files."""

    serializer: Literal["openx", "hive"] = Field(
        "openx", description="Which of Athena's two JSON serializers reads them."
    )


class RawStorage(Part):
    """A format in Hive's own words, for what has no word here."""

    input_format: Words = Field(description="Java class that reads the files.")
    output_format: Words = Field(description="Java class that writes them.")
    serializer: Words = Field(description="Java class of the serializer.")
    parameters: Mapping[str, str] = Field({}, description="Parameters of the serializer.")
