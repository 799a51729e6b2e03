"""Types of columns: what Athena reads, and what it does not."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.spec.language.glue_types import PRIMITIVES, SYNONYMS, canonical, is_glue_type


@pytest.mark.parametrize(
    "text",
    [
        "int",
        "string",
        "decimal",
        "decimal(10,2)",
        "decimal(10, 2)",
        "varchar(255)",
        "char(1)",
        "array<string>",
        "map<string,array<int>>",
        "struct<a:int,b:struct<c:decimal(38,0)>>",
    ],
)
def test_types_of_athena(text: str) -> None:
    assert is_glue_type(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "uniontype<int>",
        "decimal(39,0)",
        "decimal(4,5)",
        "struct<a:int,A:int>",
        "in t",
        "varchar",
        "varchar(0)",
        "decimal(10,2",
        "array<>",
        "array<string",
        "map<string>",
        "map<array<int>,int>",
        "struct<a>",
        "struct<:int>",
        "array<" * 40 + "int" + ">" * 40,
        "array<" * 100_000,
    ],
)
def test_what_athena_does_not_read(text: str) -> None:
    assert not is_glue_type(text)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("INT", "int"),
        ("Integer", "int"),
        ("decimal", "decimal(10,0)"),
        ("DECIMAL( 12 , 2 )", "decimal(12,2)"),
        (
            "struct< firstName : string, tags: array< varchar( 3 ) > >",
            "struct<firstName:string,tags:array<varchar(3)>>",
        ),
        ("Map<String,LONG>", "map<string,bigint>"),
    ],
)
def test_every_spelling_of_a_type_is_one_type(text: str, same: str) -> None:
    assert canonical(text) == same == canonical(same)


WORDS = st.sampled_from((*PRIMITIVES, *SYNONYMS, "decimal", "decimal(12,2)", "char(3)", "varchar(255)"))
NAMES = st.sampled_from(("a", "firstName", "x_1", "Straße", "a.b"))


def spelled(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    keys = st.sampled_from(("string", "int", "bigint"))
    fields = st.dictionaries(NAMES, children, min_size=1, max_size=3)
    return st.one_of(
        children.map(lambda one: f"array<{one}>"),
        st.builds(lambda key, value: f"map<{key},{value}>", keys, children),
        fields.map(lambda those: f"struct<{','.join(f'{name}:{kind}' for name, kind in those.items())}>"),
    )


TYPES = st.recursive(WORDS, spelled, max_leaves=6)


@given(TYPES, st.randoms(use_true_random=False))
def test_blanks_and_the_case_of_words_change_no_type(text: str, random: Random) -> None:
    """Names of fields keep their case; everything else is one type however it is written."""
    one = canonical(text)
    assert canonical(one) == one
    assert is_glue_type(one)
    loose = re.sub(
        r"([<>(),:])", lambda sign: f"{' ' * random.randint(0, 2)}{sign[1]}{' ' * random.randint(0, 2)}", text
    )
    assert canonical(loose) == one
    if "struct" not in text:
        assert canonical(text.upper()) == one
