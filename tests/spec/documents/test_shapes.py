"""What a shape takes is what editors are told, also where it is not one pattern."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import SchemaValidator, core_schema

from reconciler.spec.documents.arns import CenterName, ExternalId
from reconciler.spec.documents.files import ParameterKey
from reconciler.spec.documents.shapes import PATTERNS, ForgeGroup

COUNTED = {"ForgeGroup": ForgeGroup, "ParameterKey": ParameterKey, "CenterName": CenterName, "ExternalId": ExternalId}
LENGTHS = (0, 1, 2, 3, 126, 127, 128, 129, 254, 255, 256, 1223, 1224, 1225)
PIECES = tuple(sign * length for sign in "aZ9_.- é/\n\x7f*" for length in LENGTHS)
PATHS = tuple("/".join([part] * count) for part in ("a", ".a", "", "a" * 255) for count in range(24))


@pytest.mark.parametrize("name", COUNTED)
def test_a_counted_shape_takes_what_its_pattern_says(name: str) -> None:
    """The pattern alone, by the engine that reads all others."""
    shape, told = TypeAdapter(COUNTED[name]), _told(name)
    for text in (*PIECES, *PATHS):
        assert _refused(shape, text) == _refused(told, text), text


@pytest.mark.parametrize("name", COUNTED)
@given(text=st.lists(st.sampled_from(PIECES), max_size=4).map("".join))
def test_it_does_so_where_signs_are_mixed(name: str, text: str) -> None:
    assert _refused(TypeAdapter(COUNTED[name]), text) == _refused(_told(name), text)


@pytest.mark.parametrize("name", COUNTED)
def test_whoever_counts_wrong_reads_the_sentence_of_the_shape(name: str) -> None:
    for text in ("a" * 2_000, "\x00"):
        with pytest.raises(ValidationError) as refused:
            TypeAdapter(COUNTED[name]).validate_python(text)
        (detail,) = refused.value.errors()
        assert detail["type"] == "string_pattern_mismatch"
        assert PATTERNS[str(detail["ctx"]["pattern"])][1].startswith("must be ")


@cache
def _told(name: str) -> SchemaValidator:
    return SchemaValidator(core_schema.str_schema(pattern=str(TypeAdapter(COUNTED[name]).json_schema()["pattern"])))


def _refused(shape: TypeAdapter[str] | SchemaValidator, text: str) -> bool:
    try:
        shape.validate_python(text)
    except ValidationError:
        return True
    return False
