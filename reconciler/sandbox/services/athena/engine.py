"""The embedded engine: DuckDB, given nothing but the rows and columns that the reader may see.

Each source is loaded, reduced to its permitted columns, rows and cells, and only then does the query meet it:
what a reader may not see is not in the engine at all. Before any text of a user runs, DuckDB is cut off from
extensions and settings, and from the files that it was loaded from, for good.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from reconciler.sandbox.services.athena.failure import QueryFailed
from reconciler.sandbox.services.athena.files.load import load, size
from reconciler.sandbox.services.athena.predicates import predicate
from reconciler.sandbox.services.athena.sources import Source
from reconciler.sandbox.services.lakeformation.nested import packed
from reconciler.sandbox.shared.duckdb_pool import instance
from reconciler.sandbox.shared.sql_text import quoted

#: A schema and a table of the engine.
Name = tuple[str, str]
#: Seconds after which a query is stopped, since the world waits for it.
PATIENCE = 30.0
#: Rows of an answer; more of them would fill the memory.
MOST_ROWS = 1_000_000


class Engine:
    """One query's DuckDB, in memory, with its sources as tables."""

    def __init__(self, connection: Any, scanned: int) -> None:
        self._connection = connection
        self.scanned = scanned

    def run(self, sql: str) -> tuple[list[tuple[str, str]], list[tuple[Any, ...]]]:
        """The columns (name and DuckDB's type) and the rows of one DuckDB statement.

        QueryFailed: it takes more than PATIENCE seconds or gives more than MOST_ROWS rows. duckdb.Error.
        """
        timer = threading.Timer(PATIENCE, self._connection.interrupt)
        timer.start()
        try:
            cursor = self._connection.execute(sql)
            rows: list[tuple[Any, ...]] = cursor.fetchmany(MOST_ROWS + 1)
        except duckdb.InterruptException as error:
            raise QueryFailed("Query timeout") from error
        finally:
            timer.cancel()
        if len(rows) > MOST_ROWS:
            raise QueryFailed("Query exhausted resources at this scale factor")
        return [(name, str(kind)) for name, kind, *_ in cursor.description], rows


@contextmanager
def engine(sources: Mapping[Name, Source], cutoff: int | None) -> Iterator[Engine]:
    """A DuckDB with the sources as tables of these names, and nothing else.

    QueryFailed, cancelled: the sources have more than `cutoff` bytes.
    """
    scanned = sum(size(source.table) for source in sources.values() if source.table is not None)
    if cutoff is not None and scanned > cutoff:
        raise QueryFailed("Bytes scanned limit was exceeded", cancelled=True)
    with instance() as one:
        with one.folder() as folder:
            for number, source in enumerate(sources.values()):
                _load(one.connection, f"raw_{number}", source, folder / str(number))
        for number, (name, source) in enumerate(sources.items()):
            _reduce(one.connection, f"raw_{number}", name, source)
        yield Engine(one.connection, scanned)


def _load(connection: Any, raw: str, source: Source, folder: Path) -> None:
    """Make the table `raw` of everything that a source has."""
    if source.table is not None:
        load(connection, raw, source.table, folder)
        return
    shape = ", ".join(f"{quoted(name)} {kind}" for name, kind in source.kinds.items())
    connection.execute(f"CREATE TABLE {raw} ({shape})")
    if source.rows:
        holes = ", ".join("?" * len(source.kinds))
        connection.executemany(f"INSERT INTO {raw} VALUES ({holes})", source.rows)  # noqa: S608


def _reduce(connection: Any, raw: str, name: Name, source: Source) -> None:
    """Make the table `name` of what the reader may see of `raw`, and drop the rest."""
    shown = ", ".join(
        packed(column, *source.fields[column]) if column in source.fields else _cell(column, when)
        for column, when in source.columns.items()
    )
    where = f" WHERE {predicate(source.row_filter)}" if source.row_filter else ""
    if not shown:
        raise QueryFailed("COLUMN_NOT_FOUND: line 1:8: SELECT * not allowed from relation that has no columns")
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(name[0])}")
    target = ".".join(map(quoted, name))
    try:
        connection.execute(f"CREATE TABLE {target} AS SELECT {shown} FROM {raw}{where}")  # noqa: S608
    except duckdb.Error:
        # DuckDB's words would tell the reader a value that he may not see.
        raise QueryFailed("INVALID_ROW_FILTER: a row filter does not fit the columns that it names") from None
    connection.execute(f"DROP TABLE {raw}")


def _cell(column: str, when: str | None) -> str:
    name = quoted(column)
    return name if when is None else f"CASE WHEN {predicate(when)} THEN {name} END AS {name}"
