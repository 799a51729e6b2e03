"""DuckDB in memory, for one use at a time. To set one up takes 14 ms, so one that is empty again serves the next use.

None can change its settings or load extensions, and each can reach the files of a folder of its own only, which is
there while a use asks for it.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from reconciler.sandbox.shared.sql_text import literal, quoted

_SETTINGS = (
    "threads = 1",
    "memory_limit = '1GB'",
    "TimeZone = 'UTC'",
    "integer_division = true",
    "python_enable_replacements = false",
    "enable_external_file_cache = false",
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "allowed_directories = [{place}]",
    "enable_external_access = false",
    "lock_configuration = true",
)
_MADE = "SELECT schema_name, table_name FROM duckdb_tables()"
_NAMED = "SELECT schema_name FROM duckdb_schemas() WHERE NOT internal"
#: Of more than these at once the others are closed.
_IDLE = 4
_idle: list[Instance] = []


class Instance:
    """One DuckDB and the place in which it can have files."""

    def __init__(self) -> None:
        self.connection: Any = duckdb.connect(":memory:")
        self._place = Path(tempfile.gettempdir()) / f"sandbox-duckdb-{uuid.uuid4()}"
        for setting in _SETTINGS:
            self.connection.execute("SET " + setting.replace("{place}", literal(str(self._place))))

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """An empty folder, while it is asked for."""
        self._place.mkdir(mode=0o700)
        try:
            yield self._place
        finally:
            shutil.rmtree(self._place)

    def is_emptied(self) -> bool:
        """Whether every table could be dropped: not after an error that ends a database."""
        try:
            for schema, table in self.connection.execute(_MADE).fetchall():
                self.connection.execute(f"DROP TABLE {quoted(schema)}.{quoted(table)}")
            for (schema,) in self.connection.execute(_NAMED).fetchall():
                self.connection.execute(f"DROP SCHEMA {quoted(schema)}")
        except duckdb.Error:
            return False
        return True


@contextmanager
def instance() -> Iterator[Instance]:
    """A DuckDB with nothing in it, until the end of the block."""
    one = None
    with contextlib.suppress(IndexError):
        one = _idle.pop()
    one = one or Instance()
    try:
        yield one
    finally:
        if len(_idle) < _IDLE and one.is_emptied():
            _idle.append(one)
        else:
            one.connection.close()


@atexit.register
def _end() -> None:
    # What was frozen is not collected at the end, and DuckDB's binding complains of everything that is not.
    gc.unfreeze()
    while _idle:
        _idle.pop().connection.close()
