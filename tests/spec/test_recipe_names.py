"""Names after a recipe: renames one after another, as a row of columns takes them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.spec.recipe_names import recipe_names

NAMES = st.sampled_from("abcdef")
RENAMES = st.lists(st.tuples(NAMES, NAMES), max_size=8)


def rename(old: str, new: str) -> tuple[str, dict[str, str]]:
    return "RENAME", {"sourceColumn": old, "targetColumn": new}


@given(RENAMES)
def test_each_column_is_followed_to_its_raw_name(pairs: list[tuple[str, str]]) -> None:
    """Against a row of columns that are renamed one by one; what DataBrew refuses is left out."""
    row, steps = {name: name for name in "abcdef"}, []
    for old, new in pairs:
        if old in row and new not in row:
            row = {new if name == old else name: raw for name, raw in row.items()}
            steps.append(rename(old, new))
    names = recipe_names(steps)
    assert {name: names.of(name) for name in row} == row
    assert not {names.of(name) for name in "abcdef" if name not in row} & {*row.values()}
    assert (names.others, names.moves) == ((), False)


@given(RENAMES, st.sampled_from(["DELETE", "UPPER_CASE", "DUPLICATE", "UNHEARD_OF"]), NAMES)
def test_other_steps_count_with_the_names_that_they_meet(pairs: list[tuple[str, str]], other: str, name: str) -> None:
    step = (other, {"sourceColumn": name})
    renames = [rename(old, new) for old, new in pairs]
    names = recipe_names([*renames, step])
    assert names.raw == recipe_names(renames).raw
    assert names.moves == (other in ("DUPLICATE", "UNHEARD_OF"))
    assert (names.others == recipe_names([step]).others) == (not recipe_names(renames).raw)
    assert recipe_names([("RENAME", {**rename("a", "b")[1], "conditions": "x"})]).moves
