"""What a request tells the log: nothing that AWS's models call sensitive, in any service that Meshform speaks to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest

from reconciler.aws.request_log import told
from reconciler.kinds import registry
from reconciler.log import HIDDEN

SECRET = "kR7zQ1w9Xy3Tn5Vb"
SERVICES = sorted(
    {"sts", "sso", "kms", "identitystore", "cloudtrail", "sqs"}
    | {"glue", "lakeformation", "iam", "ram", "s3", "events", "sns", "athena", "organizations", "databrew", "s3tables"}
)


def filled(shape: Any, seen: tuple[str, ...] = ()) -> Any:
    """A value of a shape; each text is the secret."""
    if shape.name in seen:
        return SECRET
    deeper = (*seen, shape.name)
    match shape.type_name:
        case "structure":
            return {name: filled(each, deeper) for name, each in shape.members.items()}
        case "list":
            return [filled(shape.member, deeper)]
        case "map":
            return {"password": SECRET, "plain": filled(shape.value, deeper)}
        case "blob":
            return SECRET.encode()
    return SECRET


def beside(shape: Any, value: Any, said: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Each shape with the value that was given and what was told of it."""
    yield shape, value, said
    if said == HIDDEN or shape is None:
        return
    match shape.type_name, value:
        case "structure", dict():
            for name, member in shape.members.items():
                yield from beside(member, value[name], said[name])
        case "list", list():
            yield from beside(shape.member, value[0], said[0])
        case "map", dict():
            assert said["password"] == HIDDEN
            yield from beside(shape.value, value["plain"], said["plain"])


@pytest.mark.parametrize("service", SERVICES)
def test_no_request_tells_what_its_model_calls_sensitive(service: str) -> None:
    model = botocore.session.get_session().get_service_model(service)
    told_of = 0
    for name in model.operation_names:
        shape = model.operation_model(name).input_shape
        if shape is None:
            continue
        value = filled(shape)
        for each, given, said in beside(shape, value, told(value, shape)):
            if each.metadata.get("sensitive"):
                assert said == HIDDEN, (name, each.name)
            elif each.type_name == "blob":
                assert said != given, (name, each.name)
            told_of += said == SECRET
    assert told_of, "what is no secret is told"


def test_the_services_are_those_of_all_kinds() -> None:
    spoken = {action.partition(":")[0] for kind in registry().values() for action in (*kind.reads, *kind.writes)}
    assert spoken <= {*SERVICES}, spoken - {*SERVICES}
