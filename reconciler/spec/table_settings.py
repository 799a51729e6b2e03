"""Settings of a table and its serializer: which of them may decide what a column shows, and what places they name.

Both are free texts, and engines read them as one map. Which keys they heed nobody lists, so what is known to decide
nothing is listed here; any other key belongs to how a table's files are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

Settings = tuple[tuple[str, str], ...]

_FREE = frozenset(
    {
        # What a table is said to be, and who says so.
        "EXTERNAL",
        "comment",
        "classification",
        # How many lines are no rows, and how files are packed when they are written.
        "skip.header.line.count",
        "skip.footer.line.count",
        "ignore.malformed.json",
        "timestamp.formats",
        "avro.output.codec",
        "compression_level",
        "has_encrypted_data",
        "orc.compress",
        "parquet.compress",
        "parquet.compression",
        "write.compression",
        # Sizes and times, as Hive, Athena and Spark keep them.
        "COLUMN_STATS_ACCURATE",
        "DO_NOT_UPDATE_STATS",
        "STATS_GENERATED",
        "STATS_GENERATED_VIA_STATS_TASK",
        "last_modified_by",
        "last_modified_time",
        "numFiles",
        "numFilesErasureCoded",
        "numPartitions",
        "numRows",
        "rawDataSize",
        "totalSize",
        "transient_lastDdlTime",
        # What Glue's crawlers note.
        "CrawlerSchemaDeserializerVersion",
        "CrawlerSchemaSerializerVersion",
        "UPDATED_BY_CRAWLER",
        "areColumnsQuoted",
        "averageRecordSize",
        "columnsOrdered",
        "compressionType",
        "delimiter",
        "exclusions",
        "objectCount",
        "partition_filtering.enabled",
        "recordCount",
        "sizeKey",
        "typeOfData",
    }
)
_FREE_BEGINNINGS = (
    "meshform:",
    "projection.",
    "spark.sql.create.",
    "spark.sql.partitionProvider",
    "spark.sql.statistics.",
)
#: Settings whose value is a place, whatever it begins with.
SCHEMA_URL = "avro.schema.url"
_PLACES = frozenset({SCHEMA_URL, "location", "path", "storage.location.template"})
_IN_S3 = re.compile(r"s3[an]?://", re.IGNORECASE)
#: A place in which something is put in for each partition ends before that.
_VARIABLE = "${"


def decides(key: str) -> bool:
    """Whether a setting may decide which values stand under which column.

    https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html
    https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
    """
    return key not in _FREE and not key.startswith(_FREE_BEGINNINGS)


def deciding(settings: Iterable[tuple[str, str]]) -> Settings:
    """Those of some settings that may decide it, sorted."""
    return tuple(sorted((key, value) for key, value in settings if decides(key)))


def free(settings: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Those of some settings that decide nothing: whoever set them may keep them."""
    return {key: value for key, value in settings if not decides(key)}


def places_in(settings: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The places that settings name: the key, and the place as `bucket/path/`, or nothing where it is none in S3."""
    for key, value in settings:
        if key in _PLACES or (decides(key) and _IN_S3.match(value)):
            yield key, place(value)


def place(uri: str) -> str:
    """An address in S3, by whatever scheme engines call it, as `bucket/path/`; nothing for any other."""
    if not _IN_S3.match(uri):
        return ""
    fixed, variable, _ = uri.partition("://")[2].partition(_VARIABLE)
    folder = fixed.rpartition("/")[0] if variable else fixed
    return f"{folder.rstrip('/')}/"
