"""Reads a request of our services from the wire into the parameters that a boto3 user wrote."""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.http.messages import WireRequest
from reconciler.sandbox.http.protocol.models import governed_model, operation_model, paths, uri_pattern

#: botocore's shapes; their stubs know the members of none.
Shape = Any


def operation_name(service: str, request: WireRequest) -> str:
    """Which operation is called. UnknownOperationException: none that the model knows."""
    known = governed_model(service)
    match known.protocol:
        case "json" | "smithy-rpc-v2-cbor":
            name = request.headers.get("x-amz-target", "").rpartition(".")[2] if request.method == "POST" else ""
        case "query":
            name = parse_qs(request.body.decode(errors="replace")).get("Action", [""])[0]
        case _:
            name = paths(service).get((request.method, request.path), "")
    if name not in known.operation_names:
        raise AwsError("UnknownOperationException", f"{service} has no operation {name or request.path}", 404)
    return name


def parameters(service: str, operation: str, request: WireRequest) -> dict[str, Any]:
    """The parameters of the call, typed by the model (times as datetime, blobs as bytes).

    SerializationException: the body is not what the protocol says.
    """
    shape = operation_model(service, operation).input_shape
    if shape is None:
        return {}
    if governed_model(service).protocol == "query":
        form = parse_qs(request.body.decode(errors="replace"), keep_blank_values=True)
        flat = {k: v[0] for k, v in form.items() if k not in ("Action", "Version")}
        return dict(_from_query(shape, flat, "") or {})
    body = _json(request.body)
    params = dict(_typed(shape, body)) if body else {}
    query = {
        member.serialization.get("name", name): name for name, member in shape.members.items() if _in_query(member)
    }
    for key, values in parse_qs(request.query, keep_blank_values=True).items():
        name = query.get(key, key)
        params[name] = _from_text(shape.members[name], values[0]) if name in shape.members else values[0]
    return params | _from_path(shape, uri_pattern(service, operation), request)


def _from_path(shape: Shape, pattern: re.Pattern[str], request: WireRequest) -> dict[str, str]:
    """The parameters that stand in the path."""
    named = {m.serialization["name"]: n for n, m in shape.members.items() if m.serialization.get("location") == "uri"}
    found = pattern.fullmatch(request.path) if named else None
    return {named[name]: value for name, value in found.groupdict().items()} if found else {}


def _in_query(member: Shape) -> bool:
    return bool(member.serialization.get("location") == "querystring")


def _json(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body) if body else {}
    except ValueError as error:
        raise AwsError("SerializationException", f"the body is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise AwsError("SerializationException", "the body is not a JSON object")
    return value


def _typed(shape: Shape, value: Any) -> Any:
    """The JSON value with the types that JSON lacks; whatever does not fit is left for the validator."""
    match shape.type_name:
        case "structure" if isinstance(value, dict):
            members = shape.members
            return {k: _typed(members[k], v) if k in members and v is not None else v for k, v in value.items()}
        case "list" if isinstance(value, list):
            return [_typed(shape.member, item) for item in value]
        case "map" if isinstance(value, dict):
            return {k: _typed(shape.value, v) for k, v in value.items()}
        case "timestamp":
            return _time(value)
        case "blob" if isinstance(value, str):
            try:
                return base64.b64decode(value, validate=True)
            except binascii.Error as error:
                raise AwsError("SerializationException", "a blob is not base64") from error
    return value


def _time(value: Any) -> Any:
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        return datetime.fromisoformat(value)
    except (TypeError, ValueError, OverflowError, OSError):
        return value


def _from_query(shape: Shape, flat: dict[str, str], prefix: str) -> Any:
    """The value under a prefix of a query-protocol form, or None if nothing is there."""
    match shape.type_name:
        case "structure":
            start = f"{prefix}." if prefix else ""
            found = {name: _from_query(member, flat, start + name) for name, member in shape.members.items()}
            present = {name: value for name, value in found.items() if value is not None}
            if not prefix:
                known = set(shape.members)
                present |= {k: v for k, v in flat.items() if k.partition(".")[0] not in known}
            return present or None
        case "list":
            items: list[Any] = []
            while (item := _from_query(shape.member, flat, f"{prefix}.member.{len(items) + 1}")) is not None:
                items.append(item)
            return items or None
        case _:
            return _from_text(shape, flat[prefix]) if prefix in flat else None


def _from_text(shape: Shape, text: str) -> Any:
    match shape.type_name:
        case "integer" | "long":
            return int(text) if re.fullmatch(r"-?[0-9]{1,19}", text) else text
        case "boolean":
            return {"true": True, "false": False}.get(text, text)
        case "timestamp":
            return _time(text)
        case _:
            return text
