"""A site in a folder: nothing of others is overwritten or removed, and no page is there by half."""

from __future__ import annotations

import os
import shutil
from itertools import product
from pathlib import Path
from typing import Any

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


class Killed(BaseException):
    """The end of the process, as far as a folder shows."""


def test_a_build_that_is_killed_at_any_moment_leaves_whole_pages_and_the_next_one_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is written the old site stands; while it is put in place each page is an old or a new one, and the first
    one changes last. Nothing of a clean-up runs."""
    old = {"index.html": "old", "gone.html": "old", "products/a.html": "old"}
    new = {"index.html": "new", "products/a.html": "new", "products/b.html": "new"}
    for there, at in product((False, True), range(1, 30)):
        out = tmp_path / f"site-{there}-{at}"
        if there:
            write(old.items(), out)
            (out / "CNAME").write_text("data.example.com")
        with monkeypatch.context() as patch:
            is_over = not _dies(patch, at, new, out)
        now = {each: (out / each).read_text() for each in {*old, *new} if (out / each).is_file()}
        assert all(text in (old.get(each), new.get(each)) for each, text in now.items()), (there, at, now)
        if there and not is_over and now["index.html"] == "new":
            assert now.items() >= new.items()
        write(new.items(), out)
        assert {each: (out / each).read_text() for each in {*old, *new} if (out / each).exists()} == new
        assert sorted(each.name for each in out.iterdir() if each.name.startswith(".")) == [MARK]
        assert (out / "CNAME").is_file() == there
        if is_over:
            break
    assert is_over


def _dies(patch: pytest.MonkeyPatch, at: int, new: dict[str, str], out: Path) -> bool:
    """Whether a build dies at its nth touch of the disk; from then on nothing is done."""
    touches = 0

    def touched(real: Any) -> Any:
        def touch(*given: Any, **named: Any) -> Any:
            nonlocal touches
            touches += 1
            if touches >= at:
                raise Killed
            return real(*given, **named)

        return touch

    for owner, name in ((os, "replace"), (Path, "mkdir"), (Path, "unlink"), (Path, "write_bytes"), (shutil, "rmtree")):
        patch.setattr(owner, name, touched(getattr(owner, name)))
    try:
        write(new.items(), out)
    except Killed:
        return True
    return False
