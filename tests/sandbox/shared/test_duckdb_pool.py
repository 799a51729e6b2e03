"""Nothing of one use of a DuckDB is there in the next one, nor any file but those of its own folder."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from reconciler.sandbox.shared import duckdb_pool
from reconciler.sandbox.shared.duckdb_pool import instance, literal, quoted

NAMES = ("main", "cards", 'a "b" c', "größe", "DROP")


@pytest.fixture(autouse=True)
def none_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duckdb_pool, "_idle", [])


def test_what_one_use_made_is_not_there_in_the_next() -> None:
    with instance() as first, first.folder() as folder:
        for name in NAMES:
            first.connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(name)}")
            first.connection.execute(f"CREATE TABLE {quoted(name)}.{quoted(name)} AS SELECT 1 AS one")
        first.connection.execute(f"COPY main.main TO {literal(str(folder / 'rows.parquet'))}")
    assert not folder.exists()
    with instance() as second, second.folder() as folder:
        assert second is first
        assert list(folder.iterdir()) == []
        assert second.connection.execute("SELECT * FROM duckdb_tables()").fetchall() == []
        assert second.connection.execute("SELECT * FROM duckdb_schemas() WHERE NOT internal").fetchall() == []


def test_two_at_once_are_two() -> None:
    with instance() as one, instance() as other:
        assert one is not other


def test_after_a_query_that_failed_nothing_is_left_either() -> None:
    with instance() as first:
        first.connection.execute("CREATE TABLE cards AS SELECT 1 AS one")
        with pytest.raises(duckdb.CatalogException):
            first.connection.execute("SELECT * FROM nothing")
    with instance() as second:
        assert second is first
        with pytest.raises(duckdb.CatalogException):
            second.connection.execute("SELECT * FROM cards")


def test_what_cannot_be_emptied_is_not_used_again() -> None:
    with instance() as first:
        first.connection.execute("CREATE SCHEMA cards")
        first.connection.execute("CREATE VIEW cards.held AS SELECT 1 AS one")
    with instance() as second:
        assert second is not first


def test_it_reaches_the_files_of_its_folder_only(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("a,b\n1,2\n")
    with instance() as one, one.folder() as folder:
        (folder / "own").write_text("a,b\n1,2\n")
        assert one.connection.execute(f"SELECT * FROM read_csv({literal(str(folder / 'own'))})").fetchall() == [(1, 2)]
        for path in (tmp_path / "other", folder / ".." / "x", Path("/etc/passwd")):
            with pytest.raises(duckdb.Error):
                one.connection.execute(f"SELECT * FROM read_csv({literal(str(path))})")
            with pytest.raises(duckdb.Error):
                one.connection.execute(f"COPY (SELECT 1) TO {literal(str(path))}")
        with pytest.raises(duckdb.InvalidInputException, match="locked"):
            one.connection.execute("SET enable_external_access = true")
