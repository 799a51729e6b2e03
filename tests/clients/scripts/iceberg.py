"""One step with pyiceberg, run by its own Python: `iceberg.py <step> [argument...]`; prints what came of it as JSON."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import pyarrow as pa
from pyiceberg.catalog import load_catalog
from pyiceberg.types import LongType, StringType


def catalog() -> Any:
    """Glue's catalog and S3 behind one address."""
    given = {
        f"{service}.{name}": os.environ[f"AWS_{variable}"]
        for service in ("glue", "s3")
        for name, variable in {
            "access-key-id": "ACCESS_KEY_ID",
            "secret-access-key": "SECRET_ACCESS_KEY",
            "session-token": "SESSION_TOKEN",
            "region": "DEFAULT_REGION",
            "endpoint": "ENDPOINT_URL",
        }.items()
    }
    # The account whose catalog it is, where that is another one.
    given |= {"glue.id": os.environ["GLUE_ID"]} if "GLUE_ID" in os.environ else {}
    return load_catalog("glue", type="glue", **given)


def create() -> Any:
    """A table with one commit."""
    rows = pa.table({"id": pa.array([1, 2], pa.int32()), "name": ["Ann", "Bob"], "land": ["de", "fr"]})
    table = catalog().create_table("sales.orders", schema=rows.schema, location="s3://lake/orders")
    table.append(rows)
    return len(table.scan().to_arrow())


def evolve() -> Any:
    """Another name, a wider type, another order and a new column, and a commit under the new schema."""
    table = catalog().load_table("sales.orders")
    with table.update_schema() as update:
        update.rename_column("name", "buyer")
        update.update_column("id", LongType())
        update.move_first("land")
        update.add_column("note", StringType())
    rows = pa.table(
        {"land": ["it"], "id": pa.array([3], pa.int64()), "buyer": ["Cleo"], "note": ["new"]},
        schema=table.schema().as_arrow(),
    )
    table.append(rows)
    return sorted(table.scan().to_arrow().to_pylist(), key=lambda row: row["id"])


def write(table: str, location: str) -> Any:
    """A table in a database that is there, with one commit."""
    rows = pa.table({"id": pa.array([1, 2], pa.int32()), "name": ["Ann", "Bob"], "land": ["de", "fr"]})
    made = catalog().create_table(table, schema=rows.schema, location=location)
    made.append(rows)
    return made.metadata_location


def commit(table: str, *changes: str) -> Any:
    """One change of the schema for each word (add:x, drop:x, widen:x, rename:x:y), and a commit of one row under it."""
    found = catalog().load_table(table)
    with found.update_schema(allow_incompatible_changes=True) as update:
        for change in changes:
            match change.split(":"):
                case ["add", name]:
                    update.add_column(name, StringType())
                case ["drop", name]:
                    update.delete_column(name)
                case ["widen", name]:
                    update.update_column(name, LongType())
                case ["rename", name, other]:
                    update.rename_column(name, other)
    schema = found.schema().as_arrow()
    number = len(found.history()) + 2
    row = {field.name: number if str(field.type).startswith("int") else f"{field.name}{number}" for field in schema}
    found.append(pa.Table.from_pylist([row], schema=schema))
    return found.metadata_location


def drop(table: str) -> Any:
    """The table's entry in Glue goes; its files stay."""
    catalog().drop_table(table)
    return table


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
