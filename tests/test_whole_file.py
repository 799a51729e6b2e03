"""A file is replaced as a whole or not at all, with its mode and behind its link; one without an end is refused."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from unittest import mock

import pytest

from reconciler import whole_file
from reconciler.errors import MeshformError
from reconciler.whole_file import read_file, replace_file


def test_a_file_is_replaced_with_its_mode_and_behind_its_link(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    replace_file(file, b"first")
    file.chmod(0o600)
    link.symlink_to(file)
    replace_file(link, b"second")
    assert (file.read_bytes(), link.is_symlink(), stat.S_IMODE(file.stat().st_mode)) == (b"second", True, 0o600)
    assert sorted(tmp_path.iterdir()) == [file, link]


@pytest.mark.parametrize("broken", ["write_bytes", "replace"])
def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path, broken: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"first")
    of = {"write_bytes": (Path, "write_bytes"), "replace": (os, "replace")}[broken]
    with (
        mock.patch.object(*of, side_effect=OSError(28, "No space left on device")),
        pytest.raises(OSError, match="No space"),
    ):
        replace_file(file, b"second")
    assert file.read_bytes() == b"first"
    assert [*tmp_path.iterdir()] == [file]


def test_a_device_is_written_to_and_not_replaced() -> None:
    replace_file(Path(os.devnull), b"anything")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


def test_what_has_no_end_is_not_read_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_file, "LONGEST", 1 << 20)
    with pytest.raises(MeshformError, match="/dev/zero is longer than 1 MiB"):
        read_file(Path("/dev/zero"))
