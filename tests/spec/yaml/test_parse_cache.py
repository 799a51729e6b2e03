"""The cache gives exactly what the parser gives, and believes nobody but itself."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from reconciler.spec.load import load
from reconciler.spec.yaml import parse_cache as parse_cache_module
from reconciler.spec.yaml.parse import parse
from reconciler.spec.yaml.parse_cache import ParseCache
from reconciler.spec.yaml.source import Source, folder_sources
from reconciler.spec.yaml.source_map import SourceMap

EXAMPLE = Path(__file__).parents[3] / "mesh"
TEXT = b"kind: Account\nname: one\nparts:\n  - central\n  - {a: 1.0, b: yes, c: '1'}\n"
SOURCE = Source("accounts/one.yaml", TEXT, "mesh")


def written(folder: Path, *sources: Source) -> Path:
    """A cache that has parsed these documents; the file that it keeps."""
    parse_cache = ParseCache(folder)
    for source in sources:
        parse_cache.parse(source)
    parse_cache.keep()
    return folder / "documents"


def watched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of what is parsed from now on."""
    parsed: list[str] = []

    def watch(source: Source) -> parse_cache_module.Parsed:
        parsed.append(source.path)
        return parse(source)

    monkeypatch.setattr(parse_cache_module, "parse", watch)
    return parsed


def places(place: SourceMap) -> object:
    """Every line and column of a tree of places."""
    return place.origin, {key: places(part) for key, part in place.parts}


def test_a_document_from_the_cache_is_what_the_parser_gives(tmp_path: Path) -> None:
    sources = [source for source in folder_sources(EXAMPLE) if isinstance(source, Source)]
    sources.append(SOURCE)
    written(tmp_path, *sources)
    parse_cache = ParseCache(tmp_path)
    for source in sources:
        value, place, _ = parse(source)
        known, known_place, findings = parse_cache.parse(source)
        assert json.dumps(known) == json.dumps(value)
        assert place is not None
        assert known_place is not None
        assert places(known_place) == places(place)
        assert findings == []


def test_what_is_in_the_cache_is_not_parsed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, SOURCE)
    monkeypatch.setattr(parse_cache_module, "parse", lambda source: pytest.fail(f"{source.path} was parsed"))
    assert ParseCache(tmp_path).parse(SOURCE)[0] == {
        "kind": "Account",
        "name": "one",
        "parts": ["central", {"a": 1.0, "b": "yes", "c": "1"}],
    }


def test_a_changed_document_is_parsed_again(tmp_path: Path) -> None:
    written(tmp_path, SOURCE)
    value, place, _ = ParseCache(tmp_path).parse(Source(SOURCE.path, b"\n" + TEXT.replace(b"one", b"two"), "mesh"))
    assert isinstance(value, dict)
    assert value["name"] == "two"
    assert place is not None
    assert place.at("name").line == 3


def test_a_document_of_the_same_bytes_has_its_own_file(tmp_path: Path) -> None:
    written(tmp_path, SOURCE)
    _, place, _ = ParseCache(tmp_path).parse(Source("accounts/other.yaml", TEXT, "elsewhere"))
    assert place is not None
    assert str(place.at("parts", 1, "b")) == "elsewhere/accounts/other.yaml:5:14"


@pytest.mark.parametrize(
    "tampered",
    [
        lambda content: content.replace(b"one", b"two"),
        lambda content: content.replace(b'"parts"', b'"names"'),
        lambda content: b"\n".join(b"0" * 40 + line[40:] for line in content.split(b"\n")),
        lambda content: content[: len(content) // 2],
        lambda content: b"[" * 100_000,
        lambda content: b"\xff\x00\n\t\t\n" + content.replace(b"\t", b" "),
    ],
)
def test_a_cache_that_somebody_else_has_changed_is_not_believed(tmp_path: Path, tampered: object) -> None:
    file = written(tmp_path, SOURCE)
    assert callable(tampered)
    file.write_bytes(tampered(file.read_bytes()))
    assert ParseCache(tmp_path).parse(SOURCE)[0] == parse(SOURCE)[0]


def test_a_cache_of_another_user_is_not_believed(tmp_path: Path) -> None:
    forged = written(tmp_path / "theirs", Source(SOURCE.path, TEXT, "mesh"))
    mine = written(tmp_path / "mine", Source(SOURCE.path, b"kind: Mesh\n", "mesh"))
    mine.write_bytes(forged.read_bytes())
    parse_cache = ParseCache(tmp_path / "mine")
    parse_cache.parse(SOURCE)
    parse_cache.keep()
    assert mine.read_bytes() != forged.read_bytes()


@pytest.mark.parametrize("name", ["documents", "secret"])
def test_a_file_that_others_can_write_is_not_read(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, SOURCE)
    (tmp_path / name).chmod(0o666)
    parsed = watched(monkeypatch)
    ParseCache(tmp_path).parse(SOURCE)
    assert parsed == [SOURCE.path]


def test_another_version_of_the_language_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, SOURCE)
    parsed = watched(monkeypatch)
    monkeypatch.setattr(parse_cache_module, "_language", lambda: b"another")
    ParseCache(tmp_path).parse(SOURCE)
    assert parsed == [SOURCE.path]


def test_a_folder_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("not a folder")
    parse_cache = ParseCache(taken)
    assert parse_cache.parse(SOURCE)[0] == parse(SOURCE)[0]
    parse_cache.keep()


def test_a_document_with_findings_is_never_kept(tmp_path: Path) -> None:
    file = written(tmp_path, Source("a.yaml", b"a: 1\na: 2\n", "mesh"))
    assert not file.exists()


def test_a_large_mesh_is_the_same_with_and_without_its_cache(tmp_path: Path) -> None:
    many = [Source(f"x{number}.yaml", TEXT, "mesh") for number in range(parse_cache_module.FEW)]
    sources = [*folder_sources(EXAMPLE), *many]
    plain = load(sources, date(2026, 11, 22))
    for _ in range(2):
        assert load(sources, date(2026, 11, 22), parse_cache=ParseCache(tmp_path)) == plain
    assert (tmp_path / "documents").exists()


def test_a_base_shares_the_documents_that_did_not_change() -> None:
    sources = list(folder_sources(EXAMPLE))
    head = load(sources, date(2026, 11, 22))
    base = load(
        [
            Source(each.path, each.content + b"# a remark\n", each.base)
            if isinstance(each, Source) and each.path == "mesh.yaml"
            else each
            for each in sources
        ],
        date(2026, 11, 22),
        like=head,
    )
    assert head.mesh is not None
    assert base.mesh is not None
    assert base.mesh.settings is not head.mesh.settings
    assert base.mesh.subscriptions.keys() == head.mesh.subscriptions.keys()
    assert all(base.mesh.subscriptions[name] is each for name, each in head.mesh.subscriptions.items())


def test_the_cache_serves_where_the_system_knows_no_owners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(parse_cache_module.os, "getuid")
    file = written(tmp_path, SOURCE)
    file.chmod(0o666)  # what Windows says of every file
    parsed = watched(monkeypatch)
    ParseCache(tmp_path).parse(SOURCE)
    assert parsed == []
