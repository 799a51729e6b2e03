"""Every operation of the governed services is simulated or says NotImplemented; no parameter is ignored in silence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox import Sandbox
from reconciler.sandbox.core.service_registry import operations
from reconciler.sandbox.http.dispatch import serve
from reconciler.sandbox.http.messages import WireRequest, WireResponse
from reconciler.sandbox.http.protocol.models import governed_model, operation_model, snake

GOVERNED = ("athena", "glue", "lakeformation", "ram", "sts")


def everything() -> list[tuple[str, str]]:
    return [(service, name) for service in GOVERNED for name in governed_model(service).operation_names]


def simulated() -> list[tuple[str, str]]:
    return [(service, name) for service, name in everything() if snake(name) in operations(service)]


def call(aws: Sandbox, service: str, operation: str, params: dict[str, Any]) -> WireResponse:
    """Send parameters as they are, past botocore's own checks."""
    model = governed_model(service)
    headers = {"authorization": f"AWS4-HMAC-SHA256 Credential=static/20260101/eu-west-1/{service}/aws4_request"}
    http = operation_model(service, operation).http
    path, _, _ = http["requestUri"].partition("?")
    body = json.dumps(params).encode()
    if model.protocol == "json":
        headers["x-amz-target"] = f"{model.metadata['targetPrefix']}.{operation}"
    elif model.protocol == "query":
        body = "&".join([f"Action={operation}", *(f"{k}={v}" for k, v in params.items())]).encode()
    return serve(aws.world, WireRequest(http["method"], "sandbox", path, "", headers, body))


def code(response: WireResponse) -> str:
    if response.body.startswith(b"<"):
        return response.body.decode().partition("<Code>")[2].partition("</Code>")[0]
    told: str = json.loads(response.body).get("__type", "")
    return told


def test_every_handler_is_an_operation_of_its_model() -> None:
    for service in GOVERNED:
        known = {snake(name) for name in governed_model(service).operation_names}
        assert set(operations(service)) <= known


def test_every_operation_is_simulated_or_says_not_implemented(aws: Sandbox) -> None:
    handled = set(simulated())
    for service, operation in everything():
        response = call(aws, service, operation, {})
        if (service, operation) in handled:
            assert code(response) != "NotImplemented", (service, operation)
        else:
            assert code(response) == "NotImplemented", (service, operation)
            assert response.status == 400
            assert f"sandbox: {service}.{operation}" in response.body.decode()
    assert len(handled) > 120


@cache
def members(service: str, operation: str) -> tuple[tuple[str, ...], ...]:
    """The paths of every member of an operation's input, lists passed through, recursion cut."""
    shape = operation_model(service, operation).input_shape
    return tuple(_paths(shape, (), ())) if shape is not None else ()


def _paths(shape: Any, path: tuple[str, ...], seen: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if shape.name in seen:
        return
    if shape.type_name == "list":
        yield from _paths(shape.member, path, (*seen, shape.name))
    elif shape.type_name == "structure":
        for name, member in shape.members.items():
            yield (*path, name)
            yield from _paths(member, (*path, name), (*seen, shape.name))


@pytest.mark.parametrize(("service", "operation"), simulated())
def test_every_member_is_declared_honoured_or_refused_by_its_path(service: str, operation: str) -> None:
    """What a handler declares exists in the model, and each member sent alone is honoured or named in the refusal."""
    declared = operations(service)[snake(operation)]
    paths = {".".join(path) for path in members(service, operation)}
    assert set(declared.honours) <= paths
    assert set(declared.refuses) <= paths
    for path in members(service, operation):
        value: Any = "x"
        for name in reversed(path):
            value = {name: value}
        dotted = ".".join(path)
        refused = declared.unheeded(value)
        covered = any(dotted == h or dotted.startswith(f"{h}.") for h in declared.honours)
        excepted = any(dotted == r or dotted.startswith(f"{r}.") for r in declared.refuses)
        leads = any(h.startswith(f"{dotted}.") for h in declared.honours)
        if covered and not excepted:
            assert refused is None
        elif not leads or excepted:
            assert refused is not None
            assert dotted == refused or dotted.startswith(f"{refused}.")


@pytest.mark.parametrize(("service", "operation"), simulated())
def test_a_member_that_no_model_knows_is_refused(aws: Sandbox, service: str, operation: str) -> None:
    response = call(aws, service, operation, {"FromTheFuture": "1"})
    assert code(response) == "NotImplemented"
    assert "FromTheFuture" in response.body.decode()


@pytest.mark.parametrize(
    ("service", "operation", "params", "rule"),
    [
        ("glue", "GetTables", {"DatabaseName": "d", "MaxResults": 101}, "less than or equal to 100"),
        ("glue", "GetTables", {"DatabaseName": "d" * 256}, "length less than or equal to 255"),
        ("glue", "GetDatabases", {"ResourceShareType": "SOME"}, "enum value set"),
        ("glue", "GetTable", {"DatabaseName": "d"}, "must not be null"),
        ("glue", "GetTable", {"DatabaseName": "d\x00", "Name": "t"}, "regular expression pattern"),
        ("lakeformation", "ListPermissions", {"MaxResults": 1001}, "less than or equal to 1000"),
        ("lakeformation", "ListPermissions", {"ResourceType": "SOME"}, "enum value set"),
        ("lakeformation", "CreateLFTag", {"TagKey": "k", "TagValues": ["v"] * 51}, "less than or equal to 50"),
        ("ram", "GetResourceShares", {"resourceOwner": "ME"}, "enum value set"),
        ("athena", "ListWorkGroups", {"MaxResults": 51}, "less than or equal to 50"),
        ("sts", "AssumeRole", {"RoleArn": "a" * 30, "RoleSessionName": "x"}, "greater than or equal to 2"),
    ],
)
def test_enums_maxima_lengths_and_patterns_of_the_model_are_enforced(
    aws: Sandbox, service: str, operation: str, params: dict[str, Any], rule: str
) -> None:
    """botocore itself checks minima and types only."""
    response = call(aws, service, operation, params)
    assert response.status == 400
    assert "1 validation error detected" in response.body.decode()
    assert rule in response.body.decode()


def test_a_wrong_type_is_a_serialization_error(aws: Sandbox) -> None:
    response = call(aws, "glue", "GetTable", {"DatabaseName": 7, "Name": "t"})
    assert code(response) == "SerializationException"


@pytest.mark.parametrize(
    "kind", ["AWS::Glue::Database", "AWS::LakeFormation::PrincipalPermissions", "AWS::RAM::ResourceShare"]
)
def test_no_stack_makes_what_nobody_would_see(aws: Sandbox, kind: str) -> None:
    """moto would put it into a catalog of its own."""
    body = json.dumps({"Resources": {"Thing": {"Type": kind, "Properties": {}}}})
    stacks = aws.session("111111111111").client("cloudformation")
    with pytest.raises(ClientError, match=f"NotImplemented.*sandbox: cloudformation.CreateStack with {kind}"):
        stacks.create_stack(StackName="s", TemplateBody=body)
    with pytest.raises(ClientError, match=r"NotImplemented.*with TemplateURL"):
        stacks.create_stack(StackName="s", TemplateURL="https://bucket.s3.amazonaws.com/template.json")
