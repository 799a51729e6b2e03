"""A run of a recipe job: the dataset's objects are read, changed by the recipe, and written where the job says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.databrew.recipe import columns_after
from reconciler.sandbox.shared.duckdb_pool import instance
from reconciler.sandbox.shared.s3_objects import bucket_exists, objects, remove, require_read, write
from reconciler.sandbox.shared.sql_text import literal, quoted

_SUFFIXES = {"CSV": "csv", "JSON": "json", "PARQUET": "parquet"}


def carried_out(request: Request, job: Any, role: Caller) -> None:
    """Do a job's work with the role's rights.

    AwsError: what the role may not do, what is not there, what does not fit, or what is not simulated.
    """
    backend = request.world.databrew.backend(request.caller.account)
    dataset = backend.datasets.get(job.dataset_name)
    if dataset is None:
        raise AwsError("ResourceNotFoundException", f"The dataset {job.dataset_name} wasn't found.")
    steps = _steps(backend, job.recipe_reference or {})
    outputs = [_Output(output) for output in job.outputs or ()]
    if getattr(job, "data_catalog_outputs", None) or getattr(job, "database_outputs", None) or not outputs:
        raise AwsError("NotImplemented", "sandbox: only outputs to S3 are simulated")
    if job.encryption_mode:
        raise AwsError("NotImplemented", f"sandbox: the encryption mode {job.encryption_mode} is not simulated")
    with instance() as engine, engine.folder() as folder:
        # Text stays as it is written; types matter to files that have some.
        as_text = all(output.form == "CSV" for output in outputs)
        relation = _relation(request, dataset, role, folder, as_text=as_text)
        try:
            described = engine.connection.execute(f"DESCRIBE SELECT * FROM {relation}")  # noqa: S608 -- of ours, quoted
            names = [row[0] for row in described.fetchall()]
            columns = columns_after(steps, names)
            shown = ", ".join(f"{value} AS {quoted(name)}" for name, value in columns.items())
            query = f"SELECT {shown} FROM {relation}"  # noqa: S608
            for number, output in enumerate(outputs):
                path = folder / f"out-{number}"
                engine.connection.execute(f"COPY ({query}) TO {literal(str(path))} ({output.options})")
                output.write(request, role, job.name, path.read_bytes())
        except duckdb.Error as error:
            message = f"the files of the dataset {dataset.name} cannot be read as {dataset.format}: {error}"
            raise AwsError("ValidationException", message) from error


class _Output:
    """Where an output of a job goes, and how it is written."""

    def __init__(self, output: Mapping[str, Any]) -> None:
        self.form = output.get("Format") or "CSV"
        unknown = next((n for n in ("CompressionFormat", "PartitionColumns", "MaxOutputFiles") if output.get(n)), "")
        if unknown or self.form not in _SUFFIXES:
            raise AwsError("NotImplemented", f"sandbox: {unknown or self.form} of an output is not simulated")
        place = output["Location"]
        self._bucket, self._key = place["Bucket"], (place.get("Key") or "").rstrip("/")
        self._overwrites = bool(output.get("Overwrite"))
        self._delimiter = ((output.get("FormatOptions") or {}).get("Csv") or {}).get("Delimiter", ",")

    @property
    def options(self) -> str:
        """How DuckDB is to write it."""
        if self.form == "CSV":
            return f"FORMAT csv, HEADER true, DELIMITER {literal(self._delimiter)}"
        return f"FORMAT {self.form.lower()}"

    def write(self, request: Request, role: Caller, job: str, body: bytes) -> None:
        """Put the output; with Overwrite in place of what lies there, else in a folder of its own."""
        folder = f"s3://{self._bucket}/{self._key}/" if self._key else f"s3://{self._bucket}/"
        if not bucket_exists(self._bucket):
            raise AwsError("NoSuchBucket", f"The bucket {self._bucket} does not exist")
        if self._overwrites:
            remove(request.world, role, folder)
        else:
            now = request.world.now()
            folder = f"{folder}{job}_{now:%d%b%Y}_{int(now.timestamp() * 1000)}/"
        write(request.world, role, f"{folder}{job}_part00000.{_SUFFIXES[self.form]}", body)


def _steps(backend: Any, reference: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """The steps of the recipe's version that the job names; the latest published one by default."""
    name, version = reference.get("Name", ""), reference.get("RecipeVersion") or "LATEST_PUBLISHED"
    recipe = backend.recipes.get(name)
    latest = {"LATEST_PUBLISHED": "latest_published", "LATEST_WORKING": "latest_working"}
    found = None
    if recipe is not None:
        by_number = {str(number): one for number, one in recipe.versions.items()}
        found = getattr(recipe, latest[version]) if version in latest else by_number.get(version)
    if found is None:
        raise AwsError("ResourceNotFoundException", f"The recipe {name} for version {version} wasn't found.")
    return list(found.steps)


def _relation(request: Request, dataset: Any, role: Caller, folder: Path, *, as_text: bool) -> str:
    """Copies of the dataset's objects, as a relation of DuckDB."""
    source = dataset.input.get("S3InputDefinition")
    form = dataset.format or "CSV"
    if source is None or form not in _SUFFIXES or dataset.path_options:
        what = f"the format {form}" if source and not dataset.path_options else "its kind of input"
        raise AwsError("NotImplemented", f"sandbox: the dataset {dataset.name}: {what} is not simulated")
    uri = f"s3://{source['Bucket']}/{source.get('Key') or ''}"
    if not bucket_exists(source["Bucket"]):
        raise AwsError("NoSuchBucket", f"The bucket {source['Bucket']} does not exist")
    require_read(request.world, role, uri)
    found = list(objects(uri))
    if not found:
        raise AwsError("ValidationException", f"There are no files at {uri} for the dataset {dataset.name}")
    for number, one in enumerate(found):
        (folder / f"in-{number}").write_bytes(one.read())
    files = literal(str(folder / "in-*"))
    if form == "PARQUET":
        return f"read_parquet({files}, union_by_name = true)"
    if form == "JSON":
        return f"read_json_auto({files}, union_by_name = true)"
    csv = (dataset.format_options or {}).get("Csv") or {}
    if csv.get("HeaderRow", True) is False:
        raise AwsError("NotImplemented", "sandbox: CSV files without a row of names are not simulated")
    delimiter = literal(csv.get("Delimiter", ","))
    return (
        f"read_csv({files}, header = true, delim = {delimiter}, quote = '\"', escape = '\"', "
        f"all_varchar = {str(as_text).lower()}, union_by_name = true)"
    )
