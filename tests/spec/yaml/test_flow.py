"""What is written within a line is read as what it is: by the mesh's reader, by YAML 1.1, and after formatting."""

# ruff: noqa: E501

from __future__ import annotations

import json
from datetime import date

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.spec.language.format import canonical
from reconciler.spec.yaml.flow import page
from reconciler.spec.yaml.parse import parse
from reconciler.spec.yaml.source import Source

#: Texts that one version of YAML or another reads as something else.
ODD = (
    "1e3",
    "1_000",
    "0o17",
    "017",
    "0x1F",
    "1:30",
    ".5",
    "1.",
    "y",
    "NO",
    "on",
    "~",
    "null",
    "",
    "2026-01-01",
    "=",
    "<<",
    "-",
    "? a",
)
texts = st.one_of(
    st.sampled_from(ODD),
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\x85\ufeff\ufffe\uffff"),
        max_size=12,
    ),
)
scalars = st.one_of(texts, st.integers(-9999, 9999), st.booleans())
names = st.from_regex(r"[a-z][a-zA-Z]{0,9}", fullmatch=True).filter(
    lambda name: name not in ("y", "n", "yes", "no", "on", "off", "true", "false", "null")
)
fields = st.dictionaries(
    names,
    st.one_of(
        scalars, st.lists(texts, max_size=4), st.dictionaries(names, st.one_of(scalars, st.lists(texts, max_size=3)), min_size=1, max_size=3),
        st.lists(st.dictionaries(names, scalars, min_size=1, max_size=3), min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip


@settings(max_examples=60)
@given(fields)
def test_what_is_written_is_read_as_it_is(document: dict[str, object]) -> None:
    for text in (page(document), canonical("new.yaml", page(document))):
        read, _, findings = parse(Source("new.yaml", text.encode(), "mesh"))
        assert findings == []
        assert json.loads(json.dumps(read)) == document
        assert yaml.safe_load(text) == document


def test_days_are_days() -> None:
    assert page({"until": date(2027, 3, 31)}) == "until: 2027-03-31\n"
