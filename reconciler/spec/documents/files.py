"""How the files of a table are written: their format, and details of CSV, JSON and what has no word of its own."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from reconciler.spec import limits
from reconciler.spec.documents.base import Part
from reconciler.spec.documents.shapes import counted, shape
from reconciler.spec.rule import Rule

Format = Literal["parquet", "orc", "avro", "json", "csv", "iceberg", "view", "other"]
Compression = Literal["none", "snappy", "gzip", "zstd", "lz4", "bzip2"]


BAD_CLASS = Rule(
    "java-class",
    "error",
    "Formats and serializers in Hive's words are names of Java classes.",
    "Letters, digits, _ and $ between dots, at most 128 characters, such as org.apache.hadoop.mapred.TextInputFormat.",
)
# https://docs.aws.amazon.com/glue/latest/webapi/API_StorageDescriptor.html
_DOTTED = r"^[A-Za-z_$][A-Za-z0-9_$]*(\.[A-Za-z_$][A-Za-z0-9_$]*)*$"
JavaClass = Annotated[str, shape(BAD_CLASS, _DOTTED, "must be the name of a Java class", 128)]


BAD_PARAMETER = Rule(
    "serializer-parameter",
    "error",
    "Parameters of serializers are as long as Glue takes them.",
    "A key is one line of at most 255 characters, a value at most 16,384.",
)
# https://docs.aws.amazon.com/glue/latest/webapi/API_SerDeInfo.html
ParameterKey = Annotated[
    str,
    *counted(
        BAD_PARAMETER,
        r"^[^\x00-\x1F\x7F]{1,255}$",
        r"^[^\x00-\x1F\x7F]{1,}$",
        lambda key: len(key) <= 255,
        "must be one line of at most 255 characters",
    ),
]
ParameterValue = Annotated[str, shape(BAD_PARAMETER, r"^[^\x00]*$", "must be a text that Glue takes", limits.TEXT)]


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

    input_format: JavaClass = Field(description="Java class that reads the files.")
    output_format: JavaClass = Field(description="Java class that writes them.")
    serializer: JavaClass = Field(description="Java class of the serializer.")
    parameters: Mapping[ParameterKey, ParameterValue] = Field({}, description="Parameters of the serializer.")
