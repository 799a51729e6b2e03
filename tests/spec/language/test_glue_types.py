"""Types of columns: what Athena reads, and what it does not."""

from __future__ import annotations

import pytest

from reconciler.spec.language.glue_types import canonical, is_glue_type


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
