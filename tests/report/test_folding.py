"""Three hundred tables of a runaway crawler are one line; what differs from them is still told."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from reconciler.report.folding import MOST, folded


def lines(things: list[tuple[str, int]]) -> list[str]:
    def one(thing: tuple[str, int]) -> Iterator[str]:
        yield f"{thing[0]}{thing[1]}"

    return list(
        folded(
            things,
            lambda thing: (thing[0],),
            lambda thing: f"{thing[0]}{thing[1]}",
            one,
            lambda key, count: f"{count} of {key[0]}",
        )
    )


def test_many_alike_are_one_line_and_a_stranger_among_them_has_his_own() -> None:
    found = lines(
        [*(("table", number) for number in range(150)), ("grant", 1), *(("table", 200 + n) for n in range(150))]
    )
    assert found == ["300 of table: table0, table1, table2 and 297 more", "grant1"]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 99)), max_size=40))
def test_nothing_is_lost_by_folding(things: list[tuple[str, int]]) -> None:
    found = lines(things)
    for sort in "ab":
        count = sum(1 for each, _ in things if each == sort)
        alone = [line for line in found if line.startswith(sort)]
        assert len(alone) == (count if count <= MOST else 0)
        assert any(line.startswith(f"{count} of {sort}:") for line in found) == (count > MOST)
