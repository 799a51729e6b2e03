"""Each request to AWS in the log: what is asked of whom before it is sent, and how each attempt was answered.

botocore's own log has credentials in it. https://botocore.amazonaws.com/v1/documentation/api/latest/topics/events.html
"""

from __future__ import annotations

import json
import logging
import time
from typing import Any

from reconciler.aws.shared_client import place_now
from reconciler.log import HIDDEN, LOG, is_secret

_BEGAN, _ASKED = "meshform_began", "meshform_asked"
_EVENTS = ("before-parameter-build", "before-call", "request-created", "response-received")


def log_requests(hooks: Any) -> None:
    """Let these hooks of botocore tell the log."""
    for event, handler in zip(_EVENTS, (_note, _tell_asked, _begin, _tell_answered), strict=True):
        hooks.register(event, handler)


def told(value: Any, shape: Any, name: str = "") -> Any:
    """Parameters of a request as the log tells them: without what the model or a name calls a secret."""
    if (shape is not None and shape.metadata.get("sensitive")) or is_secret(name):
        return HIDDEN
    kind = shape.type_name if shape is not None else None
    match value:
        case dict() if kind == "map":
            return {key: told(each, shape.value, str(key)) for key, each in value.items()}
        case dict():
            members = shape.members if kind == "structure" else {}
            return {key: told(each, members.get(key), str(key)) for key, each in value.items()}
        case list() | tuple():
            return [told(each, shape.member if kind == "list" else None) for each in value]
        case bytes() | bytearray():
            return f"<{len(value)} bytes>"
        case _ if hasattr(value, "read"):
            return "<a file>"
        case _ if kind == "blob":
            return f"<{len(str(value))} signs>"
    return value


def _note(params: Any, model: Any, context: dict[str, Any], **_: Any) -> None:
    if LOG.isEnabledFor(logging.DEBUG):
        context[_ASKED] = json.dumps(told(params, model.input_shape), default=str)


def _tell_asked(model: Any, context: dict[str, Any], **_: Any) -> None:
    if LOG.isEnabledFor(logging.DEBUG):
        LOG.debug("asks    %s %s %s", _operation(model), _where(context), context.get(_ASKED, ""))


def _begin(request: Any, **_: Any) -> None:
    if LOG.isEnabledFor(logging.INFO):
        request.context[_BEGAN] = time.monotonic()


def _tell_answered(
    response_dict: Any, parsed_response: Any, context: dict[str, Any], exception: Any, event_name: str, **_: Any
) -> None:
    if not LOG.isEnabledFor(logging.INFO):
        return
    operation = ".".join(event_name.split(".")[1:])
    took = f"in {time.monotonic() - context.get(_BEGAN, time.monotonic()):.3f} s"
    if exception is not None:
        LOG.info("answers %s %s nothing %s: %s", operation, _where(context), took, exception)
        return
    error = parsed_response.get("Error", {}) if response_dict["status_code"] >= 300 else {}
    said = f": {error.get('Code', '')}: {error.get('Message', '')}" if error else ""
    request = parsed_response.get("ResponseMetadata", {}).get("RequestId", "without an id")
    status = response_dict["status_code"]
    LOG.info("answers %s %s %s %s, request %s%s", operation, _where(context), status, took, request, said)


def _operation(model: Any) -> str:
    return f"{model.service_model.service_id.hyphenize()}.{model.name}"


def _where(context: dict[str, Any]) -> str:
    """The account and region; `-` where the request is one of the credentials that the command was given."""
    return place_now() or f"-/{context.get('client_region')}"
