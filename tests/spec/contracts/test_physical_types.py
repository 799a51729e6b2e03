"""Types of other databases in contracts become the type of Glue that holds the same, or are told."""

from __future__ import annotations

import pytest

from reconciler.spec.contracts.physical_types import glue_type_of
from reconciler.spec.language.glue_types import is_glue_type


@pytest.mark.parametrize(
    ("physical", "wanted"),
    [
        ("NUMERIC(12,2)", "decimal(12,2)"),
        ("number( 38 , 0 )", "decimal(38,0)"),
        ("INT64", "bigint"),
        ("integer", "int"),
        ("Text", "string"),
        ("character varying(36)", "varchar(36)"),
        ("VARCHAR(70000)", "string"),
        ("int(11)", "int"),
        ("nvarchar(70000)", "string"),
        ("double precision", "double"),
        ("timestamp(6)", "timestamp"),
        ("timestamp with time zone", "timestamp"),
        ("timestamp(6) with time zone", None),
        ("INT8", None),
        ("numeric(40,2)", None),
        ("geography", None),
        ("", None),
    ],
)
def test_a_type_is_understood_or_not_guessed(physical: str, wanted: str | None) -> None:
    found = glue_type_of(physical)
    assert found == wanted
    assert found is None or is_glue_type(found)
