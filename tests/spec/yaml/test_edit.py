"""A field that is set is the only one that changes: no other, no comment, no place of anything else."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.spec.yaml.edit import with_field, with_item, with_value, without

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


def test_what_cannot_be_edited_is_left_to_people() -> None:
    assert with_field("- a\n", "b", "2") is None
    assert with_field("a: [\n", "b", "2") is None
    assert with_field("a: &x 1\nb: *x\n", "a", "2") is None
    assert without("a: [1]\n", ("a", 0)) is None, "what an empty list means is not for an editor to say"


# Texts that YAML may take for something else, in quotes where they have to be.
WORDS = st.sampled_from(
    ["no", "1e3", "0x1F", "~", "ü", "a: b", "'", '"', "x #y", "two\nlines", "\u202e", "yes", "2026-01-01"]
)
ITEMS = st.dictionaries(
    st.sampled_from(["name", "type", "tags", "no"]), WORDS | st.lists(WORDS, max_size=2), min_size=1
)


@st.composite
def documents(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    """A document with a list of mappings, written by blocks or in braces, with a comment above and behind each line."""
    data = {"top": draw(WORDS), "items": draw(st.lists(ITEMS, min_size=1, max_size=3)), "end": draw(WORDS)}
    text = yaml.safe_dump(
        data, sort_keys=False, allow_unicode=True, default_flow_style=draw(st.sampled_from([None, False]))
    )
    lines = text.splitlines()
    if draw(st.booleans()):
        lines = [
            each
            for line in lines
            for each in ("# above" if line[:1] not in ("", " ", "-") else None, line)
            if each is not None
        ]
    return data, "\n".join(lines) + "\n"


@settings(max_examples=120)
@given(documents(), st.data())
def test_an_edit_says_what_was_meant_or_is_none(document: tuple[dict[str, Any], str], data: st.DataObject) -> None:
    meant, text = document
    at = data.draw(st.integers(0, len(meant["items"]) - 1))
    said, item = data.draw(WORDS), data.draw(ITEMS)
    match data.draw(st.sampled_from(["set", "add", "remove", "remove field"])):
        case "set":
            made = with_value(text, ("items", at, "type"), said)
            meant["items"][at]["type"] = said
        case "add":
            made = with_item(text, ("items", at + 1), item)
            meant["items"].insert(at + 1, item)
        case "remove":
            made = without(text, ("items", at))
            del meant["items"][at]
            assert (made is None) == (not meant["items"])
        case _:
            made = without(text, ("top",))
            del meant["top"]
    if made is not None:
        assert yaml.safe_load(made) == meant
        assert made.count("# above") >= text.count("# above") - 1
    else:
        assert not meant["items"] or "\u202e" in text
