"""The part of an Open Data Contract Standard file (v3) that describes tables: what Meshform reads, the rest is free.

https://bitol-io.github.io/open-data-contract-standard/latest/; its schema: the package open-data-contract-standard.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from reconciler.spec.documents.base import Many
from reconciler.spec.documents.shapes import PATTERNS
from reconciler.spec.rule import Rule

VERSION = Rule(
    "contract-version",
    "error",
    "A data contract is of version 3 of the Open Data Contract Standard.",
    "Older contracts describe tables in another form; the standard's site tells how to bring one to v3.",
)
_V3 = r"^v3\.[0-9]+\.[0-9]+$"
PATTERNS[_V3] = (VERSION, "must be version 3 of the Open Data Contract Standard, such as v3.1.0")


class _Loose(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        strict=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        defer_build=True,
    )


class Quality(_Loose):
    """A quality check of a table or a column."""

    type: str = Field("library", description="library, custom, sql or text.")
    metric: str | None = Field(None, description="Metric of the library.")
    rule: object = Field(None, description="Name of the metric before v3.1.")
    engine: str | None = Field(None, description="Engine of a custom check.")
    implementation: object = Field(None, description="The custom check itself.")
    unit: str | None = Field(None, description="rows or percent.")
    must_be: object = Field(None, description="The value that the metric must have.")
    must_not_be: object = Field(None, description="A value that the metric must not have.")
    must_be_greater_than: float | None = Field(None, description="Lower bound.")
    must_be_greater_or_equal_to: float | None = Field(None, description="Lower bound, included.")
    must_be_less_than: float | None = Field(None, description="Upper bound.")
    must_be_less_or_equal_to: float | None = Field(None, description="Upper bound, included.")
    must_be_between: Many[float] | None = Field(None, description="Lower and upper bound.")
    must_not_be_between: object = Field(None, description="Bounds that the metric must be outside of.")
    arguments: Mapping[str, Any] = Field({}, description="Arguments of the metric.")


class Entries(_Loose):
    """What a map consists of."""

    key: "Property | None" = Field(None, description="Its keys.")
    value: "Property | None" = Field(None, description="Its values.")


class Property(_Loose):
    """A column, a field of a structure, or the entries of an array."""

    name: str | None = Field(None, description="Name of the column.")
    physical_name: str | None = Field(None, description="Name of the column in the catalog.")
    physical_type: str | None = Field(None, description="Type in the catalog.")
    logical_type: str | None = Field(None, description="Type in the words of the standard.")
    logical_type_options: Mapping[str, Any] = Field({}, description="Details of the type.")
    description: str | None = Field(None, description="What the column holds.")
    classification: str | None = Field(None, description="How sensitive the column is.")
    required: bool = Field(False, description="Whether every row has a value.")
    unique: bool = Field(False, description="Whether no value comes twice.")
    primary_key: bool = Field(False, description="Whether the column is the primary key.")
    primary_key_position: object = Field(-1, description="Which part of the primary key it is.")
    partitioned: bool = Field(False, description="Whether the files are laid out by the column.")
    partition_key_position: int = Field(-1, description="Which partition key it is.")
    quality: Many[Quality] = Field((), description="Checks of the column.")
    properties: Many["Property"] = Field((), description="Fields of a structure.")
    items: "Property | None" = Field(None, description="Entries of an array.")
    map_: Entries | None = Field(None, alias="map", description="Key and value of a map (v3.2).")
    enum: object = Field(None, description="The values that there are (v3.2).")

    @property
    def column_name(self) -> str:
        """The name of the column in the catalog, in lower case; empty when there is none."""
        return (self.physical_name or self.name or "").lower()


class SchemaObject(_Loose):
    """A table."""

    name: str = Field(description="Name of the table.")
    physical_name: str | None = Field(None, description="Name of the table in the catalog.")
    description: str | None = Field(None, description="What a row is.")
    properties: Many[Property] = Field((), description="The columns.")
    quality: Many[Quality] = Field((), description="Checks of the table.")

    @property
    def names(self) -> frozenset[str]:
        """The names by which a table may be meant, in lower case."""
        return frozenset(each.lower() for each in (self.name, self.physical_name) if each)


class Contract(_Loose):
    """A data contract."""

    api_version: Annotated[str, StringConstraints(pattern=_V3)] = Field(description="Version of the standard.")
    objects: Many[SchemaObject] = Field(alias="schema", description="The tables.")
    sla_properties: object = Field(None, description="What is promised of the service.")

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Where in `schema` each table is described, by the names by which it may be meant; the first one counts."""
        found: dict[str, int] = {}
        for position, described in enumerate(self.objects):
            for name in described.names:
                found.setdefault(name, position)
        return found
