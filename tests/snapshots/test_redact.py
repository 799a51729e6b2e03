"""A redacted snapshot says nothing of whose it is, and everything of how it fits together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.access import evaluate
from reconciler.access.state.principals import PrincipalDirectory
from reconciler.errors import MeshformError
from reconciler.kinds import registry
from reconciler.model.resource import Observation
from reconciler.snapshots.ask import observation_for
from reconciler.snapshots.file import lines_of, read
from reconciler.snapshots.format import Header
from reconciler.snapshots.redact import known_words, redact
from reconciler.spec.mesh import Mesh

FORMAT = {"handle", "note", "redacted", "snapshot", "spec", "wanted"}
"""Names of the format's own fields."""
WORD = re.compile(r"[^\W_]+")


@pytest.fixture(scope="session")
def redacted(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("redacted") / "redacted.gz"
    redact(file, path, registry())
    return path


def texts(value: Any) -> Iterator[str]:
    """Every text in a line, names of fields too; no numbers and no times."""
    match value:
        case str():
            yield value
        case {"$time": _}:
            return
        case dict():
            for name, each in value.items():
                if name not in ("changed", "parts"):
                    yield name
                    yield from texts(each)
        case list():
            for each in value:
                yield from texts(each)


def words(file: Path) -> set[str]:
    """Every word of the lines, without the times in them."""
    return {word.casefold() for _, line in lines_of(file) for text in texts(line) for word in WORD.findall(text)}


def test_no_word_of_anybody_is_left(file: Path, redacted: Path) -> None:
    own = {word for word in words(file) - known_words(registry()) if not (word.isdecimal() and len(word) <= 4)}
    assert len(own) > 300
    left = (own & words(redacted)) - FORMAT
    assert not left, sorted(left)


def test_it_is_read_as_any_other_and_has_the_same_shape(file: Path, redacted: Path) -> None:
    before, after = read(file, registry()), read(redacted, registry())
    assert [(each.kind, len(each.found)) for each in before.readings] == [
        (each.kind, len(each.found)) for each in after.readings
    ]
    assert len(after.observation.found) == len(before.observation.found)


def readers(observation: Observation) -> list[int]:
    """How many columns each principal reads of each table, without names."""
    access = evaluate(observation, PrincipalDirectory())
    return sorted(len(each.columns) for place in access.tables for each in access.readers(place))


def test_who_reads_what_is_the_same(file: Path, redacted: Path) -> None:
    assert readers(read(redacted, registry()).observation) == readers(read(file, registry()).observation)
    assert sum(readers(read(file, registry()).observation)) > 20


def test_two_copies_have_nothing_in_common(file: Path, redacted: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.gz"
    redact(file, again, registry())
    hidden = {word for word in words(redacted) if word.startswith("x") and len(word) == 9}
    assert hidden
    assert not hidden & words(again)


def test_it_is_compared_with_no_mesh(redacted: Path, full_mesh: Mesh, header: Header) -> None:
    del header
    with pytest.raises(MeshformError, match="is redacted"):
        observation_for(read(redacted, registry()), full_mesh, registry(), "redacted.gz")
