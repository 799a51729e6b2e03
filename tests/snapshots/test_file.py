"""What is written is read back as it was, and a file that is not whole, not ours or not understood says so."""

from __future__ import annotations

import gzip
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reconciler.errors import MeshformError
from reconciler.kinds import registry
from reconciler.model.reading import Reading
from reconciler.snapshots.file import BadSnapshot, is_snapshot, lines_of, read, write
from reconciler.snapshots.format import Header, canonical

SCHEMA = Path(__file__).parents[2] / "schemas" / "snapshot-v1.schema.json"
Lines = list[dict[str, Any]]


def unpacked(file: Path) -> Lines:
    with gzip.open(file, "rt", encoding="utf-8") as text:
        return [json.loads(line) for line in text]


def packed(path: Path, lines: Lines) -> Path:
    """A file of these lines, with the end that they had."""
    with gzip.open(path, "wt", encoding="utf-8") as text:
        text.writelines(canonical(line) + "\n" for line in lines)
    return path


def test_what_is_read_back_is_what_was_written(file: Path, header: Header, read_: tuple[Reading, ...]) -> None:
    kept = read(file, registry())
    assert kept.header == header
    assert kept.readings == read_
    assert all(
        (one.handle, one.note, one.changed) == (other.handle, other.note, other.changed)
        for ours, theirs in zip(kept.readings, read_, strict=True)
        for one, other in zip(ours.found, theirs.found, strict=True)
    )


def test_equal_states_are_equal_bytes(file: Path, header: Header, read_: tuple[Reading, ...], tmp_path: Path) -> None:
    again = tmp_path / "again.gz"
    write(again, header, read_, registry())
    assert again.read_bytes() == file.read_bytes()


def test_only_its_owner_can_read_it(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_every_line_is_as_the_schema_says(file: Path) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for line in unpacked(file):
        validator.validate(line)
    assert not validator.is_valid({"something": "else"})


BAD: dict[str, tuple[Callable[[Lines], Lines], str]] = {
    "cut before the last line": (lambda lines: lines[:-1], "has no last line"),
    "a line taken out": (lambda lines: [*lines[:-2], lines[-1]], "was changed after"),
    "a grant put in": (lambda lines: [*lines[:-1], lines[-2], lines[-1]], "was changed after"),
    "a newer version": (lambda lines: [{**lines[0], "version": 2}, *lines[1:]], "version 2 of the format"),
    "another kind of file": (lambda lines: [{"version": 1}, *lines[1:]], "does not begin as one"),
    "no parts": (lambda lines: [{**lines[0], "parts": []}, *lines[1:]], "first line"),
    "a kind of the future": (
        lambda lines: [*lines[:1], {"kind": "lake-house", "at": "1/r"}, {"name": "x", "spec": {}}, *lines[1:]],
        "line 3 is not understood: lake-house",
    ),
    "a field of the future": (
        lambda lines: [*lines[:1], {"kind": "bucket", "at": "1/r"}, {"name": "x", "spec": {"y": 1}}, *lines[1:]],
        "line 3 is not understood",
    ),
    "a resource of nothing": (
        lambda lines: [lines[0], {"name": "x", "spec": {}}, *lines[1:]],
        "before the first reading",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_says_what_is_wrong(name: str, file: Path, tmp_path: Path) -> None:
    spoil, expected = BAD[name]
    with pytest.raises(BadSnapshot, match=expected):
        read(packed(tmp_path / "bad.gz", spoil(unpacked(file))), registry())


def test_files_that_are_something_else(tmp_path: Path) -> None:
    for name, content in {
        "empty": b"",
        "text": b"hello",
        "yaml": b"kind: Mesh\n",
        "gzip": gzip.compress(b"hello\n"),
    }.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert not is_snapshot(path)
        with pytest.raises(BadSnapshot):
            read(path, registry())
    with pytest.raises(BadSnapshot, match="There is no file"):
        read(tmp_path / "nothing", registry())
    for path in (tmp_path, tmp_path / ("a" * 300)):
        with pytest.raises(BadSnapshot, match=r"cannot be read: (Is a directory|File name too long)"):
            read(path, registry())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(data=st.data())
def test_no_damage_goes_unseen(file: Path, tmp_path: Path, data: st.DataObject) -> None:
    whole = file.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    damaged = data.draw(st.sampled_from([whole[:at], whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :]]))
    path = tmp_path / "damaged.gz"
    path.write_bytes(damaged)
    try:
        lines = [line for _, line in lines_of(path)]
    except BadSnapshot:
        return
    assert lines == unpacked(file)[:-1], "only what gzip says of itself (a time, a system) may differ"


def test_what_is_no_snapshot_is_not_overwritten(header: Header, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine")
    with pytest.raises(MeshformError, match="was not overwritten"):
        write(path, header, (), registry())
    assert path.read_text() == "mine"


def test_a_broken_off_snapshot_leaves_the_old_one(file: Path, header: Header, tmp_path: Path) -> None:
    path = tmp_path / "kept.gz"
    path.write_bytes(file.read_bytes())

    def readings() -> Any:
        yield Reading("bucket", next(iter(read(file, registry()).readings)).placement)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(path, header, readings(), registry())
    assert path.read_bytes() == file.read_bytes()
    assert [each.name for each in tmp_path.iterdir()] == ["kept.gz"]
