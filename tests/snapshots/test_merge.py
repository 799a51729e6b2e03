"""Parts that were read by several jobs become what one job would have written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.errors import MeshformError
from reconciler.kinds import registry
from reconciler.model.reading import Reading
from reconciler.model.resource import Gap
from reconciler.snapshots.file import BadSnapshot, read, write
from reconciler.snapshots.format import Header
from reconciler.snapshots.merge import merge
from tests.snapshots.conftest import AT


def part(path: Path, header: Header, readings: Sequence[Reading], minutes: int = 0) -> Path:
    """A snapshot of some readings, taken minutes after the first."""
    (whole,) = header.parts
    accounts = tuple(sorted({reading.placement.account for reading in readings}))
    mine = replace(header, parts=(replace(whole, accounts=accounts, taken=AT + timedelta(minutes=minutes)),))
    write(path, mine, readings, registry())
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(data=st.data())
def test_a_merged_snapshot_equals_a_whole_one(
    data: st.DataObject, header: Header, read_: tuple[Reading, ...], tmp_path: Path
) -> None:
    accounts = sorted({reading.placement.account for reading in read_})
    jobs = {account: data.draw(st.integers(0, 2)) for account in accounts}
    parts = [
        part(tmp_path / f"{job}.gz", header, [each for each in read_ if jobs[each.placement.account] == job], job)
        for job in sorted(set(jobs.values()))
    ]
    out = tmp_path / "all.gz"
    merge(out, data.draw(st.permutations(parts)))
    assert read(out, registry()).readings == read_


def test_of_two_readings_the_one_that_saw_counts_then_the_later(
    header: Header, read_: tuple[Reading, ...], tmp_path: Path
) -> None:
    seen = next(reading for reading in read_ if reading.found)
    blind = replace(seen, found=(), gaps=(Gap(seen.kind, seen.placement, "AccessDenied"),))
    less = replace(seen, found=seen.found[1:])
    for minute, other, expected in ((1, blind, seen), (-1, blind, seen), (1, less, less), (-1, less, seen)):
        one = part(tmp_path / "one.gz", header, [seen])
        two = part(tmp_path / "two.gz", header, [other], minute)
        out = tmp_path / "all.gz"
        for order in ((one, two), (two, one)):
            merge(out, order)
            assert read(out, registry()).readings == (expected,)


@pytest.mark.parametrize(
    ("change", "word"),
    [({"mesh": "other"}, "mesh"), ({"central": "999999999999"}, "central"), ({"wanted": "x"}, "different versions")],
)
def test_parts_of_different_meshes_do_not_merge(
    change: dict[str, str], word: str, file: Path, header: Header, tmp_path: Path
) -> None:
    other = part(tmp_path / "other.gz", replace(header, **change), [])  # type: ignore[arg-type]
    with pytest.raises(MeshformError, match=word):
        merge(tmp_path / "all.gz", [file, other])
    assert not (tmp_path / "all.gz").exists()


def test_a_cut_part_is_seen(file: Path, header: Header, tmp_path: Path) -> None:
    cut = tmp_path / "cut.gz"
    cut.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(BadSnapshot, match="cut or damaged"):
        merge(tmp_path / "all.gz", [part(tmp_path / "empty.gz", header, []), cut])
