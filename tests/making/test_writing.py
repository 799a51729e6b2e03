"""Files of a mesh are written all or none, whatever goes wrong in between."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.errors import MeshformError
from reconciler.making.writing import write


def contents(folder: Path) -> dict[str, str | None]:
    return {str(each.relative_to(folder)): each.read_text() if each.is_file() else None for each in folder.rglob("*")}


def test_several_are_written_and_removed_and_the_mode_stays(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": "1", "b.yaml": "2"})
    (tmp_path / "a.yaml").chmod(0o640)
    said = write(tmp_path, {"a.yaml": "3", "b.yaml": None, "new/c.yaml": "4"})
    assert [each.split()[0] for each in said] == ["Changed", "Removed", "Wrote"]
    assert contents(tmp_path) == {"a.yaml": "3", "new": None, "new/c.yaml": "4"}
    assert (tmp_path / "a.yaml").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_where_one_fails_everything_is_as_it_was(
    at: int, error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"a.yaml": "1", "b.yaml": "2"})
    before, real, count = contents(tmp_path), os.replace, 0

    def failing(source: Path, target: Path) -> None:
        nonlocal count
        count += 1
        if count > at:
            raise error
        real(source, target)

    monkeypatch.setattr("reconciler.making.writing.os.replace", failing)
    with pytest.raises((MeshformError, KeyboardInterrupt)):
        write(tmp_path, {"x/y/c.yaml": "3", "a.yaml": "4", "b.yaml": None, "d.yaml": "5"})
    assert contents(tmp_path) == before


def test_a_folder_that_is_a_file_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "consumers").write_text("")
    with pytest.raises(MeshformError, match="Nothing was changed"):
        write(tmp_path, {"a.yaml": "1", "consumers/b.yaml": "2"})
    assert contents(tmp_path) == {"consumers": ""}
