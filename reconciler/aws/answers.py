"""Answers: what came with status 200 and is none of AWS's: nothing at all, half of an answer, a page of a proxy.

botocore reads each of these as an answer that says nothing: a list of permissions would have none in it. Here it is
what it would be with an honest status, a failure on the way (502): sent again as often as one (rate_limit.py), then
told. Of XML that breaks off botocore would tell all that came, and in AssumeRole's answer a secret.
"""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

CODE = "UnreadableAnswer"
_WORDS = "what came back is no answer of AWS; look at the network and the proxy between here and there"
_FOUND, _BROKEN = 200, 502
_ELSEWHERE = frozenset({"header", "headers", "statusCode"})
_NO_ANSWER = frozenset({"Error", "ErrorResponse", "html", "HTML"})
_A_PAGE = re.compile(rb"\s*<(!doctype\s+)?html\b", re.IGNORECASE)


def refuse_broken(hooks: Any) -> None:
    """Let clients with these hooks of botocore take what is no answer for a failure."""
    hooks.register_first("before-parse", _look)
    hooks.register_first("needs-retry", _tell)
    # What signs in is sent again by botocore, whose handler of one service comes before those of all.
    hooks.register_first("needs-retry.sts", _tell)


def is_broken(model: Any, answer: dict[str, Any]) -> bool:
    """Whether an answer to an operation is none, though its status says so."""
    if answer["status_code"] != _FOUND or model.has_streaming_output:
        return False
    body = bytes(answer["body"] or b"")
    match model.service_model.resolved_protocol:
        case "json" | "rest-json":
            is_right = json_answer(model, body) is not None
        case "query" | "ec2" | "rest-xml":
            is_right = _is_right_xml(model, body)
        case _:
            return False
    # Where nothing is told in the body, whatever stands there means nothing.
    return not is_right and any(
        shape.serialization.get("location") not in _ELSEWHERE for shape in _members(model).values()
    )


def json_answer(model: Any, body: bytes) -> dict[str, Any] | None:
    """An object; None for anything else, and for an error: a type, and nothing of what the operation answers."""
    try:
        said = json.loads(body)
    except ValueError:
        return None
    is_right = isinstance(said, dict) and ("__type" not in said or not said.keys().isdisjoint(_members(model)))
    return said if is_right else None


def _is_right_xml(model: Any, body: bytes) -> bool:
    """A document that is whole, and no error; or a text, such as a bucket's policy."""
    told = model.output_shape.serialization if model.output_shape is not None else {}
    if (payload := told.get("payload")) and _members(model)[payload].type_name in ("blob", "string"):
        return bool(body.strip()) and not _A_PAGE.match(body)
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - botocore parses the same text with the same parser
    except ElementTree.ParseError:
        return False
    wrapper = told.get("resultWrapper")
    return _name(root) not in _NO_ANSWER and (wrapper is None or any(_name(each) == wrapper for each in root))


def _name(element: Any) -> str:
    """Without the namespace."""
    return str(element.tag).rpartition("}")[2]


def _members(model: Any) -> dict[str, Any]:
    return model.output_shape.members if model.output_shape is not None else {}


def _look(operation_model: Any, response_dict: dict[str, Any], **_: Any) -> None:
    if is_broken(operation_model, response_dict):
        response_dict.update(status_code=_BROKEN, body=b"")


def _tell(response: Any, **_: Any) -> None:
    """botocore goes by the status that came; its own handler for S3 does the same."""
    if response is None:
        return
    came, parsed = response
    if came.status_code == _FOUND and parsed.get("ResponseMetadata", {}).get("HTTPStatusCode") == _BROKEN:
        came.status_code = _BROKEN
        parsed["Error"] = {"Code": CODE, "Message": _WORDS}
