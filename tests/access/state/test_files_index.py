"""Tables by their files: those that lie in a place, or around it, as a look at every table finds them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.access.state.files_index import FilesIndex, folder
from tests.access.building import access, table

PLACES = st.lists(st.sampled_from("aX"), max_size=3).map(
    lambda parts: f"s3://{'/'.join(['lake', *parts])}" if parts else ""
)


@given(st.lists(st.tuples(PLACES, st.booleans()), max_size=6), PLACES.filter(bool), st.booleans())
def test_whatever_overlaps_is_found_once(places: list[tuple[str, bool]], asked: str, slash: bool) -> None:
    made = (table(f"t{n}", uri=f"{at}/" if end and at else at) for n, (at, end) in enumerate(places))
    tables = access(*made).tables
    found = [*FilesIndex.of(tables.values()).overlapping(f"{asked}/" if slash else asked)]
    here = [part for part in asked.split("/") if part]
    expected = []
    for view in tables.values():
        there = [part for part in view.files.split("/") if part]
        depth = min(len(here), len(there))
        if there and here[:depth] == there[:depth]:
            expected.append(view.id)
    assert sorted(each.id for each in found) == sorted(expected)


def test_a_folder_is_one_however_it_is_written() -> None:
    assert folder("s3://a/b") == folder("s3://a/b/") == folder("s3://a/b//") == "s3://a/b/"
