"""Smithy's RPC protocol with CBOR bodies, told as the JSON protocol that our services speak, and back.

https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from botocore.parsers import RpcV2CBORParser

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.http.messages import WireRequest, WireResponse

_PATH = re.compile(r".*/service/(?P<service>[^/]+)/operation/(?P<operation>[^/]+)")
_HEADERS = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}


def is_spoken(request: WireRequest) -> bool:
    """Whether a request comes in this protocol."""
    return request.headers.get("smithy-protocol") == "rpc-v2-cbor"


def as_json(request: WireRequest) -> WireRequest:
    """The same request as the JSON protocol has it. SerializationException: the body is not CBOR."""
    found = _PATH.fullmatch(request.path)
    target = f"{found['service']}.{found['operation']}" if found else ""
    parser: Any = RpcV2CBORParser()
    try:
        body = parser.parse_data_item(parser.get_peekable_stream_from_bytes(request.body)) if request.body else {}
        text = json.dumps(body)
    except Exception as error:  # whatever botocore's parser makes of bytes that are not CBOR
        raise AwsError("SerializationException", f"the body is not CBOR: {error}") from error
    return replace(request, path="/", headers={**request.headers, "x-amz-target": target}, body=text.encode())


def from_json(response: WireResponse) -> WireResponse:
    """An answer or error of the JSON protocol as this one has it."""
    headers = {**response.headers, **_HEADERS}
    return replace(response, headers=headers, body=encoded(json.loads(response.body or b"{}")))


def encoded(value: Any) -> bytes:
    """A JSON value as CBOR (RFC 8949)."""
    match value:
        case None:
            return b"\xf6"
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case float():
            return b"\xfb" + struct.pack(">d", value)
        case str():
            text = value.encode()
            return _head(3, len(text)) + text
        case list():
            return _head(4, len(value)) + b"".join(map(encoded, value))
        case Mapping():
            pairs = (encoded(key) + encoded(inner) for key, inner in value.items())
            return _head(5, len(value)) + b"".join(pairs)
        case _:
            raise TypeError(f"JSON has no {type(value).__name__}")


def _head(major: int, number: int) -> bytes:
    """The first bytes of an item: its type, and its value or length in as few bytes as will do."""
    if number < 24:
        return bytes([major << 5 | number])
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * size:
            return bytes([major << 5 | code]) + number.to_bytes(size, "big")
    raise AwsError("SerializationException", "a number is too large")
