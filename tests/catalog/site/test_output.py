"""A site in a folder: nothing of others is overwritten or removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.catalog.site.output import MARK, write
from reconciler.errors import MeshformError


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(MeshformError, match="not empty and no site was built there"):
        write([("index.html", "new")], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_building_again_takes_away_what_the_last_build_left_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "site"
    write([("index.html", "one"), ("products/old.html", "old")], out)
    (out / "CNAME").write_text("data.example.com")
    assert write([("index.html", "two")], out) == 1
    assert (out / "index.html").read_text() == "two"
    assert (out / "CNAME").is_file()
    assert not (out / "products/old.html").exists()


def test_an_edited_mark_removes_nothing_elsewhere(tmp_path: Path) -> None:
    out, other = tmp_path / "site", tmp_path / "other.txt"
    other.write_text("keep")
    write([("index.html", "one")], out)
    (out / MARK).write_text(f"../other.txt\n{other}\n")
    write([("index.html", "two")], out)
    assert other.read_text() == "keep"


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("a file")
    with pytest.raises(MeshformError):
        write([("index.html", "one")], tmp_path / "site")
