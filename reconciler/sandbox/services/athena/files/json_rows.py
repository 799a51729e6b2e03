"""Rows of JSON objects, one a line, as the two JSON serializers read them: by name, without regard to case."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from reconciler.sandbox.services.athena.failure import QueryFailed
from reconciler.sandbox.services.athena.files.csv_rows import body
from reconciler.sandbox.services.glue.state import Record
from reconciler.sandbox.shared.hive_types import hive
from reconciler.sandbox.shared.s3_objects import S3Object


def rows(found: S3Object, record: Record, columns: Sequence[Record]) -> Iterator[list[str | None]]:
    """The rows of an object: a text for each column, nested values as JSON.

    QueryFailed: a line that is no JSON object, unless `ignore.malformed.json` says that it is a row of NULL.
    """
    settings = record["StorageDescriptor"].get("SerdeInfo", {}).get("Parameters", {})
    lenient = settings.get("ignore.malformed.json", "").lower() == "true"
    keys = [settings.get(f"mapping.{c['Name'].lower()}", c["Name"]).lower() for c in columns]
    kinds = [hive(c.get("Type", "string")) for c in columns]
    for line in body(found).splitlines():
        if not line.strip():
            continue
        try:
            given = json.loads(line)
        except ValueError:
            given = None
        if not isinstance(given, dict):
            if not lenient:
                raise QueryFailed("HIVE_CURSOR_ERROR: Row is not a valid JSON Object - JSONException")
            given = {}
        lowered = {str(key).lower(): value for key, value in given.items()}
        yield [_text(kind.fitted(lowered.get(key))) for key, kind in zip(keys, kinds, strict=True)]


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)
