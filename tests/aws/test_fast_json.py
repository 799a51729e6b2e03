"""Answers that are taken as JSON are what botocore would have made of them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.loaders import create_loader
from botocore.model import ServiceModel, Shape

from reconciler.aws.fast_json import ALL_TEXT
from tests.estate import CENTRAL, Estate, placement

TEXT = {"string", "boolean", "integer", "list", "structure", "map"}


def within(shape: Shape, seen: set[str]) -> set[str]:
    """The types of everything in an answer."""
    if shape.name in seen:
        return set()
    seen.add(shape.name)
    members = getattr(shape, "members", {})
    inner = [*members.values(), *(getattr(shape, each) for each in ("member", "value") if hasattr(shape, each))]
    return {shape.type_name}.union(*(within(each, seen) for each in inner))


@pytest.mark.parametrize("name", ALL_TEXT)
def test_an_answer_that_is_not_walked_through_is_all_text(name: str) -> None:
    service, _, operation = name.partition(".")
    model = ServiceModel(create_loader().load_service_model(service, "service-2"), service)
    output = model.operation_model(operation).output_shape
    assert within(output, set()) <= TEXT
    assert not any(member.serialization.get("location") for member in output.members.values()), "all in the body"
    assert all(name == member.serialization.get("name", name) for name, member in output.members.items())


def test_the_answer_is_the_same_either_way(built: Estate) -> None:
    key = "product"
    request: dict[str, Any] = {"Expression": [{"TagKey": key, "TagValues": ["credit-profile"]}], "MaxResults": 100}
    plain = built.sessions.client(placement(CENTRAL), "lakeformation").search_tables_by_lf_tags(**request)
    walked = built.client("lakeformation").search_tables_by_lf_tags(**request)
    assert plain["TableList"]
    assert plain["TableList"] == walked["TableList"]
    assert plain["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_an_error_is_still_an_error(built: Estate) -> None:
    from botocore.exceptions import ClientError

    lake = built.sessions.client(placement(CENTRAL), "lakeformation")
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        lake.search_tables_by_lf_tags(Expression=[{"TagKey": "nobody-made-it", "TagValues": ["x"]}])
