"""Kept snapshots: which are kept how long, and which one answers for a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.aws.evidence_store import FolderStore
from reconciler.errors import MeshformError
from reconciler.kinds import registry
from reconciler.model.resource import Snapshot
from reconciler.snapshots.ask import header_for
from reconciler.snapshots.file import write
from reconciler.snapshots.format import Part
from reconciler.snapshots.keeping import (
    ALL_FOR,
    DAILY_FOR,
    keep,
    looked_up,
    name_of,
    nearest,
    superfluous,
    taken_at,
)
from tests.estate import CENTRAL, bank

START = datetime(2026, 1, 1, tzinfo=UTC)
HOURS = st.lists(st.integers(0, 24 * 400), max_size=60, unique=True)


@settings(max_examples=50)
@given(HOURS)
def test_thinning_leaves_a_day_for_a_quarter_and_a_month_for_ever(hours: list[int]) -> None:
    times = sorted(START + timedelta(hours=each) for each in hours)
    now = START + timedelta(days=400)
    gone = {taken_at(name) for name in superfluous(map(name_of, times), now)}
    left = [each for each in times if each not in gone]
    assert {(each.year, each.month) for each in left} == {(each.year, each.month) for each in times}
    recent = [each for each in times if now - each <= DAILY_FOR]
    assert {each.date() for each in recent} <= {each.date() for each in left}
    assert {each for each in times if now - each <= ALL_FOR} <= set(left)
    old = [each for each in left if now - each > DAILY_FOR]
    assert len(old) == len({(each.year, each.month) for each in old})


@settings(max_examples=50)
@given(HOURS, st.lists(st.integers(1, 24 * 60), max_size=20))
def test_thinning_day_by_day_ends_like_thinning_once(hours: list[int], waits: list[int]) -> None:
    """What was thinned out early would have been thinned out later: the order of the runs decides nothing."""
    times = [START + timedelta(hours=each) for each in hours]
    names, now = set(map(name_of, times)), START + timedelta(days=400)
    for wait in waits:
        names -= set(superfluous(names, now))
        now += timedelta(hours=wait)
    assert names - set(superfluous(names, now)) == set(map(name_of, times)) - set(superfluous(map(name_of, times), now))


def test_the_last_one_up_to_the_day_answers_for_it(tmp_path: Path) -> None:
    store = FolderStore(str(tmp_path), "journal/")
    assert nearest(store, date(2026, 11, 1)) is None
    for day, hour in ((3, 5), (3, 17), (5, 5)):
        store.write(name_of(datetime(2026, 11, day, hour, tzinfo=UTC)), b"")
    store.write("snapshots/2026/11/03/readme.txt", b"no snapshot")
    found = {day: nearest(store, date(2026, 11, day)) for day in (1, 3, 4, 5, 9)}
    assert {day: each[1].strftime("%dT%H") for day, each in found.items() if each} == {
        1: "03T05",  # nothing was kept before
        3: "03T17",
        4: "03T17",
        5: "05T05",
        9: "05T05",
    }


KEPT = datetime(2026, 11, 3, 5, 17, 42, tzinfo=UTC)


@settings(max_examples=30, deadline=None)
@given(st.integers(-400 * 86400, 400 * 86400).filter(lambda each: abs(each) > 60))
def test_a_snapshot_that_lies_under_the_name_of_another_time_answers_for_no_day(seconds: int) -> None:
    """A genuine one of the morning, put again under a later name, would say that nothing was opened since."""
    with TemporaryDirectory() as folder:
        store, mesh = FolderStore(folder, "journal/"), bank()
        file = Path(folder) / "snapshot"
        write(file, header_for(mesh, Snapshot(), Part(KEPT, "me", (CENTRAL,))), (), registry())
        store.write(name_of(KEPT), file.read_bytes())
        assert list(looked_up(mesh, store, name_of(KEPT)).found) == []
        other = name_of(KEPT + timedelta(seconds=seconds))
        store.write(other, file.read_bytes())
        with pytest.raises(MeshformError, match=r"was taken at 2026-11-03 05:17:42 UTC"):
            looked_up(mesh, store, other)


def test_one_is_named_by_the_time_that_it_tells_and_by_the_second_before_in_earlier_versions() -> None:
    with TemporaryDirectory() as folder:
        store, file = FolderStore(folder, "journal/"), Path(folder) / "snapshot"
        write(file, header_for(bank(), Snapshot(), Part(KEPT, "me", (CENTRAL,))), (), registry())
        where, _ = keep(store, file)
        assert where.endswith(name_of(KEPT))
        store.write(name_of(KEPT - timedelta(seconds=3)), file.read_bytes())
        for name in (name_of(KEPT), name_of(KEPT - timedelta(seconds=3))):
            assert list(looked_up(bank(), store, name).found) == []
