"""A data contract (ODCS, or the older Data Contract Specification) as tables of a product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from reconciler.errors import MeshformError
from reconciler.making.found import FoundColumn, FoundProduct, FoundTable, readable
from reconciler.making.older_contract import as_odcs
from reconciler.spec.contracts.classification import Scale, TableLabels
from reconciler.spec.contracts.contract import tables_of
from reconciler.spec.contracts.kept import OLDER, WHOLE, not_read
from reconciler.spec.contracts.odcs import Contract
from reconciler.spec.contracts.sla import end_of_life, max_age, not_taken
from reconciler.spec.document_loader import validated
from reconciler.spec.documents.table import Column
from reconciler.spec.slug import slug
from reconciler.spec.yaml.parse import parse
from reconciler.spec.yaml.source import MAX_BYTES, Source
from reconciler.spec.yaml.source_map import SourceMap
from reconciler.whole_file import read_file

_FORMATS = ("parquet", "orc", "avro", "json", "csv", "iceberg")
_MOST = 30
"""Mistakes of a contract that are told."""


def contract_product(path: Path, scale: Scale) -> FoundProduct:
    """What a contract tells of a product; what of it has no field in a mesh is told by name and line.

    Raises MeshformError for a file that is none, with each mistake.
    """
    value, place = _tree(path)
    is_old = "dataContractSpecification" in value
    contract, wrong = validated(Contract, as_odcs(value) if is_old else value, place)
    if contract is None:
        lines = [f"{each.origin}: {each.message}" for each in wrong]
        raise MeshformError(f"{path} is no data contract that can be read:", hints=tuple(lines[:_MOST]))
    said = as_odcs(value) if is_old else value
    server = _server(said)
    missing = {f"{name} (line {at.line})": None for name, at in not_read(place, OLDER if is_old else WHOLE).items()}
    missing |= {f"{about} of slaProperties": None for _, about in not_taken(contract.sla_properties, is_end_taken=True)}
    tables = tuple(_tables(contract, place, server, scale))
    if not tables:
        raise MeshformError(f"{path} describes no table that Glue can keep.")
    told = [f"Not taken from the contract: {', '.join(missing)}."] if missing else []
    sla = contract.sla_properties
    return FoundProduct(tables, dict(_answers(said, server)), max_age(sla), end_of_life(sla), tuple(told))


def _tree(path: Path) -> tuple[dict[str, Any], SourceMap]:
    try:
        content = read_file(path)
    except OSError as error:
        raise MeshformError(f"{path} cannot be read: {error.strerror}.") from error
    if len(content) > MAX_BYTES:
        raise MeshformError(f"{path} is larger than a megabyte: no data contract is.")
    value, place, wrong = parse(Source(path.name, content, str(path.parent)))
    if wrong or place is None or not isinstance(value, dict):
        hints = tuple(f"{each.origin}: {each.message}" for each in wrong[:_MOST])
        raise MeshformError(f"{path} is no data contract: a YAML file of fields.", hints=hints)
    if value.get("kind") != "DataContract" and "dataContractSpecification" not in value:
        raise MeshformError(
            f"{path} is no data contract: it has neither `kind: DataContract` nor `dataContractSpecification`."
        )
    return value, place


def _tables(contract: Contract, place: SourceMap, server: Mapping[str, Any], scale: Scale) -> Iterator[FoundTable]:
    for described, table, labels, findings in tables_of(contract, place, scale):
        name = slug(described.physical_name or described.name).replace("-", "_")
        told = [f"{name}: {each.message} ({each.origin})." for each in findings]
        if not name or not table.columns:
            continue
        told += [
            f"{name}.{column}: the classification {said.label} is no sensitivity of this mesh; its label is guessed."
            for column, said in labels.columns
            if said.label and said.label not in scale.values
        ]
        told += [
            f"{name}.{key.name} is a partition key and {key.label}: all readers of the table see it, so no column is "
            "labelled lower."
            for key in labels.keys
            if any(scale.is_lower(least, key.label) for least in scale.values)
        ]
        columns = [_column(each, labels) for each in table.columns]
        keys = [FoundColumn(key.name, key.type, description=key.description or "") for key in table.partition_keys]
        first = {each.name: each for each in reversed((*keys, *columns))}
        twice = dict.fromkeys(each.name for each in (*keys, *columns) if first[each.name] is not each)
        told += [f"{name}.{column} stands there twice; the first one is taken." for column in twice]
        form = str(server.get("format", "")).lower()
        details = _csv(server) if form == "csv" else {}
        yield FoundTable(
            name,
            form if form in _FORMATS else "parquet",
            tuple(readable(each) for each in columns if first[each.name] is each),
            details,
            tuple(readable(each) for each in keys if first[each.name] is each),
            tuple(told),
            described.description or "",
            tuple((rule.rule, rule.promise) for rule in table.quality),
        )


def _column(column: Column, labels: TableLabels) -> FoundColumn:
    """A column with the label that the contract says, which is no lower than what is in it, or read with it."""
    scale, said = labels.scale, [each for name, each in labels.columns if name == column.name]
    label = scale.highest(each.label for each in said)
    parts = [(each.least.label, f"as {each.least.name}") for each in said if each.least is not None]
    beside = [(key.label, f"as the partition key {key.name}") for key in labels.keys]
    least = max(
        (each for each in (*parts, *beside) if each[0] in scale.values and scale.is_lower(label, each[0])),
        key=lambda each: scale.values.index(each[0]),
        default=("", ""),
    )
    found = FoundColumn(column.name, column.type, description=column.description or "")
    return replace(found, label=least[0] or label) if label else replace(found, least=least)


def _server(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """The server that says most of files: of S3 or Glue, the first one."""
    servers = said.get("servers")
    every = [each for each in servers if isinstance(each, dict)] if isinstance(servers, list) else []
    return next((each for each in every if each.get("type") in ("glue", "s3", "athena")), {})


def _csv(server: Mapping[str, Any]) -> dict[str, str | bool]:
    delimiter = server.get("delimiter")
    is_one = isinstance(delimiter, str) and len(delimiter) == 1 and delimiter != ","
    return {"delimiter": str(delimiter)} if is_one else {}


def _answers(said: Mapping[str, Any], server: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the contract answers of the questions about a product."""
    team = said.get("team")
    found = {
        "name": said.get("dataProduct") or said.get("name"),
        "domain": said.get("domain"),
        "owner": team.get("name") if isinstance(team, dict) else None,
        "description": _description(said.get("description")),
        "database": server.get("database") or server.get("schema"),
    }
    for field, text in found.items():
        if isinstance(text, str) and text.strip():
            yield field, text.strip()


def _description(said: object) -> str | None:
    if isinstance(said, str):
        return said
    if not isinstance(said, dict):
        return None
    parts = [said.get(part) for part in ("purpose", "usage", "limitations")]
    texts = [" ".join(each.split()) for each in parts if isinstance(each, str) and each.strip()]
    # Of one text nothing is changed; several become sentences.
    return " ".join(each.rstrip(".") + "." for each in texts) if len(texts) > 1 else next(iter(texts), None)
