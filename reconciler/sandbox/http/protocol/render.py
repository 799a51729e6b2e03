"""Puts answers and errors into the wire form of a service's protocol."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.http.messages import WireResponse
from reconciler.sandbox.http.protocol.models import error_status, governed_model, model, operation_model


def answer(service: str, operation: str, result: dict[str, Any], request_id: str) -> WireResponse:
    """A successful answer; members that are None are left out."""
    if governed_model(service).protocol == "query":
        namespace = governed_model(service).metadata["xmlNamespace"]
        wrapper = operation_model(service, operation).output_shape
        inner = f"<{operation}Result>{_xml(result)}</{operation}Result>" if wrapper else ""
        text = (
            f'<{operation}Response xmlns="{namespace}">{inner}'
            f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>"
        )
        return WireResponse(200, {"Content-Type": "text/xml", "x-amzn-RequestId": request_id}, text.encode())
    headers = {"Content-Type": _content_type(service), "x-amzn-RequestId": request_id}
    return WireResponse(200, headers, json.dumps(_plain(result)).encode())


def failure(service: str, error: AwsError, request_id: str) -> WireResponse:
    """An error as the service's protocol sends it, so that boto3 raises its typed exception."""
    known = model(service)
    protocol = known.protocol if known else "json"
    status = error.status
    if status == 400:
        status = error_status(service, error.code) or 400
    if protocol in ("query", "ec2", "rest-xml"):
        error = AwsError(_XML_CODES.get(error.code, error.code), error.message, error.status)
    code, message = escape(error.code), escape(error.message)
    match protocol:
        case "rest-xml":
            text = (
                f"<Error><Code>{code}</Code><Message>{message}</Message><RequestId>{request_id}</RequestId></Error>"
                if service in ("s3", "s3express")
                else _query_error(code, message, request_id)
            )
        case "query" | "ec2":
            text = _query_error(code, message, request_id)
        case _:
            body = json.dumps({"__type": error.code, "message": error.message, "Message": error.message})
            headers = {
                "Content-Type": _content_type(service) if known else "application/json",
                "x-amzn-errortype": error.code,
                "x-amzn-RequestId": request_id,
            }
            return WireResponse(status, headers, body.encode())
    headers = {"Content-Type": "text/xml", "x-amzn-RequestId": request_id}
    return WireResponse(status, headers, text.encode())


#: What the XML services call the errors of keys.
_XML_CODES = {"UnrecognizedClientException": "InvalidClientTokenId", "ExpiredTokenException": "ExpiredToken"}


def _query_error(code: str, message: str, request_id: str) -> str:
    return (
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    )


def _content_type(service: str) -> str:
    known = governed_model(service)
    return "application/x-amz-json-1.1" if known.protocol == "json" else "application/json"


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {k: _plain(v) for k, v in value.items() if v is not None}
        case list() | tuple():
            return [_plain(v) for v in value]
        case datetime():
            return value.timestamp()
        case bytes():
            return base64.b64encode(value).decode()
        case _:
            return value


def _xml(value: Any) -> str:
    match value:
        case dict():
            return "".join(f"<{k}>{_xml(v)}</{k}>" for k, v in value.items() if v is not None)
        case list():
            return "".join(f"<member>{_xml(v)}</member>" for v in value)
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case _:
            return escape(str(value))
