"""Table: its columns, format, place and the quality promised for it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from pydantic import Field

from reconciler.spec.documents.arns import KeyPath, TablePlace
from reconciler.spec.documents.base import Many, Part, Shared
from reconciler.spec.documents.files import Compression, Format, Json, RawStorage, TableCsv
from reconciler.spec.documents.retirement import Retirement
from reconciler.spec.documents.shapes import GlueName, Name
from reconciler.spec.documents.texts import Comment, Description, TableName, Words


class Column(Shared):
    """A column that the owner has declared."""

    name: TableName = Field(description="Name of the column, in lower case.")
    type: Words = Field(description="Type as Glue and Athena write it: int, string, decimal(10,2), array<string>.")
    description: Comment | None = Field(None, description="What the column holds, with its unit or codes.")
    tags: Mapping[str, str] = Field({}, description="LF-tags of this column. They go before the tags of the table.")
    retires: Retirement | None = Field(None, description="That the column goes, and until when it is there.")


class PartitionKey(Part):
    """A column by which the files are laid out. Lake Formation cannot restrict it: all readers see it."""

    name: TableName = Field(description="Name of the partition key, in lower case.")
    type: Words = Field("string", description="Type as Glue and Athena write it.")
    description: Comment | None = Field(None, description="What the key holds.")


class QualityRule(Part):
    """A rule of Glue Data Quality and how often it is promised to hold."""

    rule: Words = Field(description='A rule in DQDL, such as IsComplete "amount".')
    promise: float = Field(
        1.0, ge=0, le=1, description="Share of rows for which the rule is promised to hold (0 to 1)."
    )


class Table(Part):
    """A table of a product."""

    name: TableName = Field(description="Name of the table, in lower case.")
    description: Description | None = Field(None, description="What a row is.")
    database: GlueName | None = Field(
        None, description="Its database, in a product of several databases. Default: that of the product."
    )
    location: TablePlace | None = Field(
        None,
        description="Path of the files under the prefix of the domain or place; of a domain whose resources are "
        "external also an address s3://bucket/path/. Default: the table's name.",
    )
    place: Name | None = Field(
        None, description="One of the domain's `places` in which the files lie. Default: the domain's own bucket."
    )
    definition: Literal["declared", "external"] = Field(
        "declared",
        description="declared: Meshform makes and changes the table. external: its writer does (Iceberg, dbt, Spark); "
        "Meshform tags and grants its declared columns and says where it breaks the declaration.",
    )
    format: Format = Field(
        "parquet", description="How the files are written. view: it has none; others made it over other tables."
    )
    csv: TableCsv = Field(TableCsv(), description="Details of CSV files.")
    json_: Json = Field(Json(), alias="json", description="Details of JSON files.")
    storage: RawStorage | None = Field(None, description="With the format `other`: the format in Hive's own words.")
    compression: Compression | None = Field(
        None, description="How engines that write the table are to pack its files. What is read is seen by its name."
    )
    properties: Mapping[str, Words] = Field(
        {},
        description="Table properties, such as projection.enabled. What others note beside them stays; what may decide "
        "how files are read is taken away if it is not said here.",
    )
    tags: Mapping[str, str] = Field(
        {},
        description="LF-tags of the table. The sensitivity among them is the default of the declared columns "
        "and is never put on the table itself.",
    )
    columns: Many[Column] = Field((), description="The columns, in the order of the files.")
    partition_keys: Many[PartitionKey] = Field((), description="Columns by which the files are laid out.")
    quality: Many[QualityRule] = Field((), description="Rules and how often they are promised to hold.")
    contract: KeyPath | None = Field(
        None,
        description="Open Data Contract Standard file, relative to this document, that gives columns and quality.",
    )
    retires: Retirement | None = Field(None, description="That the table goes, and until when it is there.")

    @cached_property
    def types(self) -> Mapping[str, str]:
        """The types of the columns by name, worked out once; of two of one name the first counts."""
        return {column.name: column.type for column in reversed(self.columns)}

    @property
    def path(self) -> str:
        """Where its files lie under the domain's prefix, without slashes around."""
        return (self.name if self.location is None else self.location).strip("/")

    def column(self, name: str) -> Column:
        """The declared column of that name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)
