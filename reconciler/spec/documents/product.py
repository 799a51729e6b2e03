"""Product: a data product, its tables and what its owner promises."""

from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field

from reconciler.model.catalogs import CatalogId
from reconciler.spec.documents.base import Document, Many, Mode, Part
from reconciler.spec.documents.curation import Crawler, Curation
from reconciler.spec.documents.notify import Notifications
from reconciler.spec.documents.retirement import Retirement
from reconciler.spec.documents.shapes import Age, CatalogName, GlueName, Name
from reconciler.spec.documents.table import Table
from reconciler.spec.documents.texts import Description, TablePattern, TagText, Words
from reconciler.spec.documents.writer import Writer


class QualityProfile(Part):
    """What the owner says about the quality of the product, in words."""

    correctness: Words | None = Field(None, description="How far the data are right, and how that was checked.")
    completeness: Words | None = Field(None, description="What is missing.")
    bias: Words | None = Field(None, description="Whom or what the data represent wrongly.")


class Freshness(Part):
    """How old the data may be."""

    max_age: Age = Field(description="Greatest age of the newest data: 30m, 24h, 7d.")
    description: Words | None = Field(None, description="When and how new data arrive.")


class LineageSource(Part):
    """Where data come from."""

    name: Words = Field(description="Name of the system, file or product.")
    product: Words | None = Field(None, description="The product, when it is one of this mesh (domain/product).")
    description: Words | None = Field(None, description="What is taken from it.")


class Lineage(Part):
    """Where the data come from and what was done to them."""

    sources: Many[LineageSource] = Field((), description="Where the data come from.")
    transformations: Many[Words] = Field((), description="What was done to them, in order, a sentence each.")


class ApprovalRule(Part):
    """How subscriptions to the product are approved."""

    mode: Literal["owner", "automatic"] = Field(
        "owner", description="owner: the owner approves each subscription. automatic: nobody needs to."
    )
    automatic_up_to: TagText | None = Field(
        None, description="With mode owner: a subscription up to this sensitivity needs no approval."
    )


class Product(Document):
    """A data product: a database in the central catalog with its tables, several of them, or some tables of one."""

    folder: ClassVar[str] = "domains/<domain>/products/"
    homes: ClassVar[tuple[str, ...]] = ("domains/{domain}/",)

    kind: Literal["Product"] = Field("Product", description="Kind of document.")
    name: Name = Field(description="Name of the product, unique in the mesh. It is also the value of its LF-tag.")
    domain: Name = Field(description="Name of the Domain that owns the product.")
    owner: Words = Field(description="Who answers for the product: a person or a team.")
    description: Description = Field(description="What the product is and what it is good for.")
    classification: Words | None = Field(None, description="What kind of data it holds, in the owner's words.")
    database_: GlueName = Field(alias="database", description="Name of its database in the central catalog.")
    extent: Literal["database", "tables"] = Field(
        "database",
        description="database: the product is its whole database. tables: it is the tables that it declares in a "
        "database that others made and share; its LF-tags lie on these tables, and whatever else is there stays shut.",
    )
    pattern: TablePattern | None = Field(
        None,
        description="With `extent: tables`: names of tables that are meant to be the product's too, * standing for any "
        "signs. One that turns up is told, with the lines that declare it; until it is declared nobody reads it.",
    )
    catalog: CatalogName | None = Field(
        None,
        description="Catalog within the central one that has the database, such as s3tablescatalog/my-bucket of S3 "
        "Tables. Database and tables are used as they are, never made.",
    )
    tags: Mapping[str, str] = Field(
        {},
        description="LF-tags of its databases, or of each table with `extent: tables`. The sensitivity among them is "
        "the default of all declared columns.",
    )
    external: Many[Literal["database", "topic"]] = Field(
        (),
        description="What of the product exists already and is used as it is: checked, and never written. database: "
        "its description, parameters and place stay its owner's. topic: the SNS topic with its notices.",
    )
    tables: Many[Table] = Field(min_length=1, description="The tables.")
    quality: QualityProfile | None = Field(None, description="What the owner says about quality, in words.")
    freshness: Freshness | None = Field(None, description="How old the data may be.")
    lineage: Lineage = Field(Lineage(), description="The sources of the data and what was done to them.")
    writers: Many[Writer] = Field(
        (), description="Who writes the tables: roles of the producer's account. Nobody else may change them."
    )
    crawler: Crawler | None = Field(None, description="A crawler over the product's files. Without it none is made.")
    curation: Curation | None = Field(None, description="How raw files become the tables.")
    approval: ApprovalRule = Field(ApprovalRule(), description="How subscriptions are approved.")
    notifications: Notifications | None = Field(
        None, description="What subscribers are told. Default: what the mesh says."
    )
    retires: Retirement | None = Field(None, description="That the product goes, and until when it is there.")

    @property
    def database(self) -> str:
        """Its database among all of the account's: `s3tablescatalog/bucket/name` in a catalog within."""
        return CatalogId("", self.catalog or "").holding(self.database_)

    @cached_property
    def databases(self) -> tuple[str, ...]:
        """Every database in which it has tables, its own first; worked out once."""
        if not any(table.database for table in self.tables):
            return (self.database,)
        return tuple(dict.fromkeys((self.database, *map(self.database_of, self.tables))))

    @property
    def is_part(self) -> bool:
        """Whether it is some tables of a database, and not all of it."""
        return self.extent == "tables"

    def database_of(self, table: Table) -> str:
        """The database of one of its tables, among all of the account's."""
        return CatalogId("", self.catalog or "").holding(table.database or self.database_)

    def tables_in(self, database: str) -> tuple[Table, ...]:
        """Its declared tables in a database, in the order written."""
        return tuple(table for table in self.tables if self.database_of(table) == database)

    def mode_of(self, kind: str) -> Mode:
        return "external" if kind == "database" and self.catalog else super().mode_of(kind)

    def table(self, name: str) -> Table:
        """The table of that name; KeyError when there is none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)
