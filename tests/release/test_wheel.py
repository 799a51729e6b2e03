"""The wheel: the same bytes each time, complete, with nothing of anybody else's name."""

from __future__ import annotations

import os
import re
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from tests.release.conftest import TOOLS, Release, built, ran

pytestmark = pytest.mark.release

RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file"""


def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_it_is_the_same_bytes_each_time(release: Release, tmp_path: Path) -> None:
    """Another clone, another umask, another folder; also from the source archive, which has no repository."""
    ran("git", "clone", "--quiet", release.clone, tmp_path / "other", where=tmp_path)
    before = os.umask(0o077)
    try:
        again = built(tmp_path / "other", tmp_path / "again")
        with tarfile.open(release.archive) as archive:
            archive.extractall(tmp_path / "archive", filter="data")
        (unpacked,) = (tmp_path / "archive").iterdir()
        from_archive = built(unpacked, tmp_path / "from-archive")
    finally:
        os.umask(before)
    for path in (release.wheel, release.archive):
        assert (again / path.name).read_bytes() == path.read_bytes()
        assert (from_archive / path.name).read_bytes() == path.read_bytes()
    assert {path.name for path in again.iterdir()} == {release.wheel.name, release.archive.name}


def test_it_has_every_file_of_the_program_and_no_other(release: Release) -> None:
    listed = ran("git", "ls-files", "reconciler", "meshform", "mesh", where=release.clone).split("\n")
    program = {name if name.startswith("meshform/") else f"meshform/{name}" for name in listed if name}
    inside = {name for name in names(release.wheel) if ".dist-info/" not in name}
    assert inside == program | {"meshform/commit"}
    assert "meshform/py.typed" in inside
    assert any(name.endswith("scaffold/files/workflows/plan.yml") for name in inside)


def test_it_takes_one_name_at_the_top(release: Release) -> None:
    """Whoever else has a package `reconciler` keeps it (ADR 80)."""
    assert {name.partition("/")[0].partition("-")[0] for name in names(release.wheel)} == {"meshform"}


def test_windows_and_macos_can_unpack_it(release: Release) -> None:
    found = names(release.wheel)
    assert len({name.lower() for name in found}) == len(found), "two names differ in case only"
    for name in found:
        assert len(name) < 120, "260 signs are all that Windows has for the whole path"
        for part in PurePosixPath(name).parts:
            assert not RESERVED.fullmatch(part), name
            assert not re.search(r'[<>:"\\|?*\x00-\x1f]|[. ]$', part), name


def test_an_index_would_take_it(release: Release) -> None:
    said = ran(TOOLS / "twine", "check", "--strict", release.wheel, release.archive, where=release.folder)
    assert said.count("PASSED") == 2
