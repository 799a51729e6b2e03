"""Which operation a request to moto's side calls, read from botocore's models."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qs

from reconciler.sandbox.http.messages import WireRequest
from reconciler.sandbox.http.protocol.models import model


@dataclass(frozen=True, slots=True)
class Route:
    """How one operation of a REST service looks on the wire."""

    operation: str
    method: str
    path: re.Pattern[str]
    query: frozenset[tuple[str, str]]
    required: frozenset[str]
    headers: frozenset[str]

    @property
    def weight(self) -> int:
        """How much the route asks for: the fuller of two matching routes is meant."""
        return len(self.query) + len(self.required) + len(self.headers)


def operation_of(service: str, request: WireRequest) -> str:
    """The name of the operation, or empty if the model does not tell."""
    known = model(service)
    if known is None:
        return ""
    if known.protocol in ("query", "ec2"):
        fields = parse_qs(request.body.decode(errors="replace")) or parse_qs(request.query)
        return fields.get("Action", [""])[0]
    if known.protocol == "json" or "x-amz-target" in request.headers:
        return request.headers.get("x-amz-target", "").rpartition(".")[2]
    path = s3_path(request) if service == "s3" else request.path
    query = parse_qs(request.query, keep_blank_values=True)
    matching = [
        route
        for route in _routes(service)
        if route.method == request.method
        and route.path.fullmatch(path)
        and all(value in query.get(name, ()) or (not value and name in query) for name, value in route.query)
        and route.required <= query.keys()
        and route.headers <= request.headers.keys()
    ]
    return max(matching, key=lambda route: route.weight).operation if matching else ""


def s3_path(request: WireRequest) -> str:
    """`/bucket/key`, also where the bucket stands in the host name."""
    host = request.host.partition(":")[0]
    virtual = re.fullmatch(r"(.+)\.s3[.-].*amazonaws\.com|(.+)\.localhost", host)
    if virtual:
        return f"/{virtual[1] or virtual[2]}{request.path}"
    return request.path


@cache
def _routes(service: str) -> tuple[Route, ...]:
    known = model(service)
    if known is None:
        return ()
    return tuple(_route(service, name) for name in known.operation_names)


def _route(service: str, name: str) -> Route:
    known = model(service)
    assert known is not None
    operation = known.operation_model(name)
    uri, _, literal = operation.http["requestUri"].partition("?")
    shape = operation.input_shape
    if service == "s3" and shape is not None and "Bucket" in shape.members and not uri.startswith("/{Bucket}"):
        # A client of botocore that has called it before has taken the bucket out of the model, which may be this one.
        uri = f"/{{Bucket}}{uri}"
    pattern = re.sub(
        r"\\\{(\w+)(\\\+)?\\\}", lambda m: "(.+)" if m[2] else "([^/]+)", re.escape(uri.rstrip("/") or "/")
    )
    query = frozenset((pair.partition("=")[0], pair.partition("=")[2]) for pair in literal.split("&") if pair)
    required = [] if shape is None else [shape.members[m].serialization for m in shape.required_members]
    return Route(
        name,
        operation.http["method"],
        re.compile(pattern + "/?" if pattern != "/" else pattern, re.DOTALL),
        query,
        frozenset(str(s["name"]) for s in required if s.get("location") == "querystring"),
        frozenset(str(s["name"]).lower() for s in required if s.get("location") == "header"),
    )
