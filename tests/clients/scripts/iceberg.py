"""One step with pyiceberg, run by its own Python: `iceberg.py <step>`; prints what came of it as JSON."""

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
    endpoint = os.environ["AWS_ENDPOINT_URL"]
    keys = {
        "access-key-id": os.environ["AWS_ACCESS_KEY_ID"],
        "secret-access-key": os.environ["AWS_SECRET_ACCESS_KEY"],
        "session-token": os.environ["AWS_SESSION_TOKEN"],
        "region": os.environ["AWS_DEFAULT_REGION"],
        "endpoint": endpoint,
    }
    given = {f"{service}.{name}": value for service in ("glue", "s3") for name, value in keys.items()}
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


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]]()))
