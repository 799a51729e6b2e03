"""Every field of the published standard is read, or told with its line: nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from open_data_contract_standard import model as standard
from pydantic import BaseModel

from reconciler.spec.contracts.kept import TABLES, WHOLE, not_read, said
from reconciler.spec.yaml.parse import parse
from reconciler.spec.yaml.source import Source

PARTS = [
    (standard.OpenDataContractStandard, lambda read: read),
    (standard.SchemaObject, lambda read: read["schema"]),
    (standard.SchemaProperty, lambda read: read["schema"]["properties"]),
    (standard.SchemaProperty, lambda read: read["schema"]["properties"]["map"]["value"]),
    (standard.DataQuality, lambda read: read["schema"]["quality"]),
    (standard.ServiceLevelAgreementProperty, lambda read: read["slaProperties"]),
    (standard.Team, lambda read: read.get("team", {})),
    (standard.Description, lambda read: read.get("description", {})),
    (standard.Server, lambda read: read.get("servers", {})),
]


def names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


@pytest.mark.parametrize("read", [TABLES, WHOLE], ids=["of a table", "whole"])
@pytest.mark.parametrize(("model", "of"), PARTS, ids=[model.__name__ for model, _ in PARTS])
def test_every_field_of_the_standard_is_read_or_told(read: Any, model: type[BaseModel], of: Any) -> None:
    part: Mapping[str, Any] = of(read)
    assert set(part) - {*names(model)} <= {"rule"}, "nothing is said to be read that the standard has not"
    text = "".join(f"- {name}: {{a: 1}}\n" for name in names(model))
    _, place, wrong = parse(Source("c.yaml", text.encode()))
    assert place is not None, wrong
    told = {name.partition(".")[0]: where.line for name, where in not_read(place, part).items()}
    for line, name in enumerate(names(model), 1):
        assert told.get(name) == (line if part.get(name) is not True else None), name


def test_many_fields_are_told_with_a_number_of_those_left_out() -> None:
    _, place, _ = parse(Source("c.yaml", "".join(f"x{each}: 1\n" for each in range(50)).encode()))
    assert place is not None
    assert said(not_read(place, TABLES), 2) == "x0 (line 1), x1 (line 2) and 48 more"
