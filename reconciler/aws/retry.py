"""Retry: which of AWS's refusals pass by themselves, and for how long it is worth asking again.

By error type and, where one type says two things, by the documented message. A throttled request is a matter of
aws/pace.py; an entry that was throttled alone, in an answer that is fine as a whole, is one of this module.
Lake Formation answers ConcurrentModificationException with status 400, which no SDK retries.
https://docs.aws.amazon.com/lake-formation/latest/dg/troubleshooting.html
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from reconciler.aws.rate_limit import THROTTLED

PATIENCE = {
    "ConcurrentModificationException": 60.0,
    "OperationTimeoutException": 60.0,
    "ConcurrentRunsExceededException": 60.0,
    "ConditionalRequestConflict": 20.0,
    "OperationAborted": 60.0,
    **dict.fromkeys(THROTTLED, 20.0),
}
"""Seconds to go on asking, by error code."""

_ALREADY = frozenset({"AlreadyExistsException", "EntityAlreadyExists", "BucketAlreadyOwnedByYou"})

PROPAGATION = 20.0
_PROPAGATING = (
    "invalid principal",
    "is not authorized to access requested permissions",
    "grantee has no permissions",
    "register the s3 path",
    "cannot be assumed",
    "role is not authorized",
    "rate exceeded",
)


def patience(code: str, message: str) -> float:
    """How many seconds a refusal may last before it is believed; 0 means at once."""
    if code in PATIENCE:
        return PATIENCE[code]
    lowered = message.lower()
    if "no permissions revoked" in lowered:
        return 0.0
    if code in ("InvalidInputException", "AccessDeniedException", "MalformedPolicy", "MalformedPolicyDocument"):
        return PROPAGATION if any(text in lowered for text in _PROPAGATING) else 0.0
    return 0.0


def _patience(error: ClientError) -> float:
    code, message = error_parts(error)
    was_request = "ResponseMetadata" in error.response
    return 0.0 if code in THROTTLED and was_request else patience(code, message)


def error_parts(error: ClientError) -> tuple[str, str]:
    """Code and message of a refusal."""
    body = error.response.get("Error", {})
    return str(body.get("Code", "")), str(body.get("Message", error))


def is_echo(error: ClientError) -> bool:
    """Whether AWS refuses to make what an earlier attempt of the same request has made, whose answer was lost."""
    code, message = error_parts(error)
    attempts = error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0)
    return attempts > 0 and (code in _ALREADY or "already exists" in message or "already created" in message)


def pauses(seconds: float, *, sleep: Callable[[float], None] = time.sleep) -> Any:
    """Yield until `seconds` are over, sleeping in between: from 0.1 s doubling to 5 s, with jitter."""
    end = time.monotonic() + seconds
    delay = 0.1
    while True:
        yield
        left = end - time.monotonic()
        if left <= 0:
            return
        sleep(min(left, delay * random.uniform(0.5, 1.5)))
        delay = min(delay * 2, 5.0)


def retry_transient(send: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The answer of `send`, asked again while its refusal is of the passing sort. Raises the last ClientError."""
    started = time.monotonic()
    delay = 0.1
    while True:
        try:
            return send()
        except ClientError as error:
            left = _patience(error) - (time.monotonic() - started)
            if left <= 0:
                raise
            time.sleep(min(left, delay * random.uniform(0.5, 1.5)))
            delay = min(delay * 2, 5.0)
