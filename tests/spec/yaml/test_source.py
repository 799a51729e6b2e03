"""Files of a mesh: in order, all of them, and nothing that lies outside, is too large or is no file."""

from __future__ import annotations

import os
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from reconciler.model.finding import Finding
from reconciler.spec.load import load
from reconciler.spec.yaml.source import MAX_BYTES, Source, folder_sources

TODAY = date(2026, 11, 22)


def said(folder: Path) -> list[str]:
    return [str(each).replace(str(folder), "mesh") for each in folder_sources(folder) if isinstance(each, Finding)]


def test_files_come_by_path_with_their_folder(tmp_path: Path) -> None:
    for path in ("b/x.yaml", "b.yaml", "a.yml", "b/UPPER.YAML"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("a: 1")
    sources = [each for each in folder_sources(tmp_path) if isinstance(each, Source)]
    assert [source.path for source in sources] == ["a.yml", "b/UPPER.YAML", "b/x.yaml", "b.yaml"]
    assert sources[0].file == f"{tmp_path}/a.yml"
    assert sources[0].content == b"a: 1"


def test_hidden_and_other_files_are_not_read(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for path in (".hidden.yaml", ".git/x.yaml", "README.md", "data.csv"):
        (tmp_path / path).write_text("a: 1")
    assert list(folder_sources(tmp_path)) == []


def test_a_missing_folder_and_a_file_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "there is no such folder" in said(tmp_path / "nothing")[0]
    assert "is not a folder" in said(tmp_path / "file")[0]
    assert [str(finding.rule) for finding in load(folder_sources(tmp_path / "nothing"), TODAY).findings] == [
        "mesh-folder",
    ]


def test_an_empty_folder_has_no_mesh_document(tmp_path: Path) -> None:
    found = load(folder_sources(tmp_path), TODAY)
    assert found.mesh is None
    assert [(each.rule, str(each.origin)) for each in found.findings] == [("no-mesh-document", "mesh.yaml:1:1")]


def test_links_are_refused_wherever_they_point(tmp_path: Path) -> None:
    mesh = tmp_path / "mesh"
    (mesh / "inside").mkdir(parents=True)
    (tmp_path / "secret.yaml").write_text("password: 1")
    (mesh / "out.yaml").symlink_to(tmp_path / "secret.yaml")
    (mesh / "loop").symlink_to(mesh)
    (mesh / "dangling.yaml").symlink_to(tmp_path / "nothing")
    assert [text.split("  ")[:2] for text in said(mesh)] == [
        [f"mesh/{name}:1:1", "symbolic-link"] for name in ("dangling.yaml", "loop", "out.yaml")
    ]
    assert [each for each in folder_sources(mesh) if isinstance(each, Source)] == []


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.yaml").write_text("a: 1")
    (tmp_path / "mesh").symlink_to(tmp_path / "real")
    assert [each.path for each in folder_sources(tmp_path / "mesh") if isinstance(each, Source)] == ["a.yaml"]


def test_a_file_of_100_mb_is_refused_without_reading_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open(tmp_path / "huge.yaml", "wb") as file:
        file.truncate(100 * 1024 * 1024)
    with monkeypatch.context() as patched:
        patched.setattr("builtins.open", lambda *_, **__: pytest.fail("it is opened"))
        told = said(tmp_path)
    assert told == [
        "mesh/huge.yaml:1:1  file-too-large  is 100.0 MiB long; a document has at most 1 MiB, so it was not read"
    ]


def test_a_file_of_exactly_1_mib_is_read(tmp_path: Path) -> None:
    (tmp_path / "full.yaml").write_bytes(b"#" * MAX_BYTES)
    (tmp_path / "more.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    assert [each.path for each in folder_sources(tmp_path) if isinstance(each, Source)] == ["full.yaml"]


@pytest.mark.parametrize("more", [10, MAX_BYTES])
def test_a_file_that_grows_while_it_is_read_is_read_whole_or_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: int
) -> None:
    file = tmp_path / "grows.yaml"
    file.write_bytes(b"#")
    before = os.lstat(file)
    file.write_bytes(b"#" * (1 + more))
    monkeypatch.setattr("reconciler.spec.yaml.source.os.lstat", lambda _: before)
    (found,) = folder_sources(tmp_path)
    if more == MAX_BYTES:
        assert isinstance(found, Finding)
        assert found.rule == "file-too-large"
    else:
        assert isinstance(found, Source)
        assert found.content == b"#" * (1 + more)


def test_no_room_for_a_megabyte_is_made_to_read_a_small_file(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text("a: 1")
    list(folder_sources(tmp_path))
    tracemalloc.start()
    try:
        list(folder_sources(tmp_path))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < MAX_BYTES // 4


def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert [text.split("  ")[1] for text in said(tmp_path)] == ["file-unreadable"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("a: 1")
    (tmp_path / "mine.yaml").chmod(0)
    assert "cannot be read" in said(tmp_path)[0]


def test_file_names_are_shown_printable(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9\n.yaml")).write_text("a: ]")
    finding = load(folder_sources(tmp_path), TODAY).findings[0]
    assert str(finding.origin).endswith("/caf\\xe9\\n.yaml:1:4")


def test_a_folder_may_be_as_deep_as_the_file_system_allows(tmp_path: Path) -> None:
    deep = f"{tmp_path}/"
    for _ in range(990):
        deep += "d/"
        os.mkdir(deep)
    Path(deep, "a.yaml").write_text("a: 1")
    (tmp_path / "e.yaml").write_text("a: 1")
    try:
        assert [each.path[-6:] for each in folder_sources(tmp_path) if isinstance(each, Source)] == ["a.yaml", "e.yaml"]
    finally:
        os.unlink(f"{deep}a.yaml")
        os.removedirs(deep)  # pytest cannot take away what is so deep
