"""Curation: how raw files become the tables of a product."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from reconciler.spec.documents.arns import KeyPath, S3Uri
from reconciler.spec.documents.base import Many, Part
from reconciler.spec.documents.files import Csv
from reconciler.spec.documents.shapes import Schedule
from reconciler.spec.documents.texts import BrewOperation, BrewParameter, BrewValue, TableName


class Crawler(Part):
    """A Glue crawler that reads the product's files and keeps partitions and columns up to date."""

    schedule: Schedule | None = Field(None, description="When to crawl. Without it only on request.")
    run: bool = Field(True, description="Whether apply starts the crawler after it made or changed it.")
    path: KeyPath | None = Field(
        None, description="Path under the domain's prefix to crawl. Default: the locations of the product's tables."
    )


class RawSource(Part):
    """The raw files that a recipe reads."""

    location: KeyPath = Field(description="Path of the raw files under the domain's prefix.")
    format: Literal["csv", "parquet", "json"] = Field("csv", description="How the raw files are written.")
    csv: Csv = Field(Csv(), description="Details of CSV files.")


class RecipeStep(Part):
    """One step of a DataBrew recipe: names to change, or any operation of DataBrew with its parameters."""

    rename: Mapping[str, str] = Field({}, description="Columns to rename: old name to new name.")
    operation: BrewOperation | None = Field(None, description="Name of a DataBrew operation, such as REMOVE_VALUES.")
    parameters: Mapping[BrewParameter, BrewValue] = Field({}, description="Parameters of the operation.")


class DataBrew(Part):
    """A DataBrew dataset, recipe and job."""

    source: RawSource = Field(description="The raw files.")
    recipe: Many[RecipeStep] = Field(min_length=1, description="What happens to them, in this order.")
    output: TableName = Field(description="Table of this product whose location receives the result.")


class GlueJob(Part):
    """A Glue ETL job."""

    script: S3Uri = Field(description="Where the script lies: under the domain's prefix, or in `scripts` of the Mesh.")
    sources: Many[KeyPath] = Field(
        (),
        description="Paths of raw files under the domain's prefix that the job reads. Its role reads these and the "
        "product's own tables, and nothing else.",
    )
    arguments: Mapping[str, str] = Field({}, description="Arguments of the job, such as --source.")
    worker_type: Literal["G.1X", "G.2X", "G.4X", "G.8X"] = Field("G.1X", description="Size of a worker.")
    workers: int = Field(2, ge=2, le=299, description="Number of workers.")


class Curation(Part):
    """How raw files become the tables of the product: by DataBrew or by a Glue job."""

    data_brew: DataBrew | None = Field(None, description="A DataBrew recipe.")
    glue_job: GlueJob | None = Field(None, description="A Glue job.")
