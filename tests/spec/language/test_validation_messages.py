"""Every constraint that the models use has a sentence: nobody reads pydantic's words."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from reconciler.spec.language.fields import fields
from reconciler.spec.language.reference import parts
from reconciler.spec.language.registry import document_types
from reconciler.spec.language.validation_messages import findings
from reconciler.spec.yaml.source_map import NOWHERE

WRONG: list[Any] = [
    None,
    True,
    7,
    1.5,
    -(10**40),
    float("inf"),
    "",
    "  ",
    "\u202e",
    "x" * 5000,
    [],
    [None],
    {},
    {"a": 1},
]
MODELS = sorted(
    {model for each in document_types().values() for model in (each, *parts(each))}, key=lambda m: m.__name__
)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_wrong_value_of_every_field_has_a_sentence(model: type[BaseModel]) -> None:
    for name in fields(model):
        for wrong in (*WRONG, {"": []}, "2027-02-30"):
            try:
                model.model_validate({name: wrong}, by_alias=True, by_name=False)
            except ValidationError as error:
                told = findings(model, error, NOWHERE)
                assert told
                assert not any("Input should" in finding.message for finding in told)
