"""A field that is set is the only one that changes: no other, no comment, no place of anything else."""

from __future__ import annotations

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.spec.yaml.edit import with_field

WAYS = [
    "{name}: {{by: somebody, at: 2026-01-01}}\n",
    "{name}:\n  by: somebody\n  at: 2026-01-01\n",
    "{name}:\n- a\n- b\n",
    '"{name}": "a text" # said by hand\n',
    "{name}: |\n  several\n  lines\n",
    "{name}: over\n  two lines\n",
    "{name}: {{by: somebody,\n  at: 2026-01-01}}\n",
]
OTHERS = [way.format(name=name) for name in ("one", "two") for way in WAYS]
BETWEEN = ["", "# a comment\n", "\n"]


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(OTHERS), min_size=1, max_size=3),
    st.sampled_from(["", *(way.format(name="it") for way in WAYS)]),
    st.lists(st.sampled_from(BETWEEN), min_size=5, max_size=5),
    st.integers(0, 3),
)
def test_one_field_is_set_and_all_else_stays(others: list[str], own: str, between: list[str], at: int) -> None:
    named = [each.replace("one", f"one{number}").replace("two", f"two{number}") for number, each in enumerate(others)]
    parts = [*named[:at], own, *named[at:]]
    text = "".join(before + part for before, part in zip(between, parts, strict=False))
    made = with_field(text, "it", "{by: her, at: 2026-11-26}")
    assert made is not None
    assert yaml.safe_load(made) == {**yaml.safe_load(text), "it": yaml.safe_load("{by: her, at: 2026-11-26}")}
    assert made.count("# a comment") == text.count("# a comment")
    assert with_field(made, "it", "{by: her, at: 2026-11-26}") == made
    for each in named:
        assert each in f"{made}\n"


def test_what_cannot_be_edited_by_lines_is_left_to_people() -> None:
    assert with_field("{a: 1}\n", "b", "2") is None
    assert with_field("a: 1\n...\n", "b", "2") is None
    assert with_field("- a\n", "b", "2") is None
    assert with_field("a: [\n", "b", "2") is None
