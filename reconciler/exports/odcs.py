"""A product as a data contract of the Open Data Contract Standard (v3.2).

https://bitol-io.github.io/open-data-contract-standard/latest/
"""

from __future__ import annotations

import re
from typing import Any

from reconciler.exports.identity import VERSION, contract_id
from reconciler.exports.odcs_quality import Promises, promises
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.table import Column, PartitionKey, Table
from reconciler.spec.language.glue_types import GlueType, glue_type
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import effective_tags, product_tags

API_VERSION = "v3.2.0"
_LOGICAL = {
    **dict.fromkeys(("string", "char", "varchar", "binary"), "string"),
    **dict.fromkeys(("tinyint", "smallint", "int", "bigint"), "integer"),
    **dict.fromkeys(("float", "double", "decimal"), "number"),
    **{word: word for word in ("boolean", "date", "timestamp", "array", "map")},
    "struct": "object",
}
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def contract(mesh: Mesh, product: Product) -> dict[str, Any]:
    """The contract of a product. What its labels are is `classification`; other LF-tags are tags, as key=value."""
    tags = product_tags(mesh, product)
    key = mesh.settings.sensitivity_key
    found: dict[str, Any] = {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": contract_id(mesh, product),
        "name": product.name,
        "version": VERSION,
        "status": "deprecated" if product.retires else "active",
        "domain": product.domain,
        "dataProduct": product.name,
        "tenant": mesh.settings.name,
        "description": _description(product),
        "tags": [f"{name}={value}" for name, value in sorted(tags.items()) if name != key],
        "servers": [_server(mesh, product, database) for database in product.databases],
        "schema": [_table(mesh, product, table) for table in product.tables],
        "team": team(mesh, product.owner),
        "slaProperties": _sla(product),
    }
    return {name: value for name, value in found.items() if value not in ([], {})}


def team(mesh: Mesh, owner: str) -> dict[str, Any]:
    """An owner as a team: a Team of the mesh with its members, or a person."""
    known = mesh.teams.get(owner)
    if known is None:
        return {"name": owner}
    members = [{"username": each} for each in known.members]
    return {"name": owner, "description": known.description, **({"members": members} if members else {})}


def _description(product: Product) -> dict[str, str]:
    quality = product.quality
    limits = [text for text in ((quality.completeness, quality.bias) if quality else ()) if text]
    return {"purpose": product.description, **({"limitations": " ".join(limits)} if limits else {})}


def _server(mesh: Mesh, product: Product, database: str) -> dict[str, str]:
    formats = {table.format for table in product.tables if product.database_of(table) == database}
    # One that has several says none.
    said = {"format": formats.pop()} if len(formats) == 1 and not formats & {"view", "other"} else {}
    name = re.sub(r"[^A-Za-z0-9_-]", "-", database)
    return {"server": name, "type": "glue", "account": mesh.central.id, "database": database, **said}


def _sla(product: Product) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if product.freshness:
        age = product.freshness.max_age
        found.append({"property": "latency", "value": int(age[:-1]), "unit": _UNITS[age[-1]]})
        if product.freshness.description:
            found[-1]["description"] = product.freshness.description
    if product.retires:
        found.append({"property": "endOfLife", "value": str(product.retires.until)})
    return found


def _table(mesh: Mesh, product: Product, table: Table) -> dict[str, Any]:
    said = promises(table)
    columns = [_column(mesh, product, table, column, said) for column in table.columns]
    keys = [_key(key, position, said) for position, key in enumerate(table.partition_keys, 1)]
    found: dict[str, Any] = {
        "name": table.name,
        "physicalName": table.name,
        "physicalType": "view" if table.format == "view" else "table",
        "description": table.description,
        "deprecated": True if table.retires or product.retires else None,
        "properties": [*columns, *keys],
        "quality": said.of_table,
    }
    return {name: value for name, value in found.items() if value not in (None, [])}


def _column(mesh: Mesh, product: Product, table: Table, column: Column, said: Promises) -> dict[str, Any]:
    label = effective_tags(mesh, product, table, column).get(mesh.settings.sensitivity_key)
    found = {**_named(column.name, column.type, column.description), **said.of_column.get(column.name, {})}
    found |= {"classification": label} if label else {}
    return {**found, **({"deprecated": True} if column.retires else {})}


def _key(key: PartitionKey, position: int, said: Promises) -> dict[str, Any]:
    found = {**_named(key.name, key.type, key.description), **said.of_column.get(key.name, {})}
    return {**found, "partitioned": True, "partitionKeyPosition": position}


def _named(name: str, kind: str, description: str | None) -> dict[str, Any]:
    type_ = glue_type(kind)
    said = {"name": name, "physicalName": name, "physicalType": kind, **(_type(type_) if type_ else {})}
    return {**said, **({"description": description} if description else {})}


def _type(kind: GlueType) -> dict[str, Any]:
    """A type in the words of the standard; the physical type beside it has the sizes."""
    found: dict[str, Any] = {"logicalType": _LOGICAL[kind.word]}
    match kind.word:
        case "array":
            found["items"] = _part(kind.parts[0][1])
        case "struct":
            found["properties"] = [{"name": name, **_part(part)} for name, part in kind.parts]
        case "map":
            found["map"] = {name: {"name": name, **_part(part)} for name, part in kind.parts}
    return found


def _part(kind: GlueType) -> dict[str, Any]:
    return {"physicalType": str(kind), **_type(kind)}
