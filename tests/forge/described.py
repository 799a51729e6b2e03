"""GitHub's published OpenAPI description, held against both sides of every request to the stand-in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse

# A cut of @octokit/openapi 23.0.2, generated/api.github.com.json (MIT, see api.github.com.LICENSE), made by trim.py.
DESCRIPTION = Path(__file__).with_name("api.github.com.trimmed.json")
HOST = "https://api.github.com"
# Branch names hold slashes, which the description has no way to say.
_SLASHES = re.compile(r"(?<=/git/ref/)(.+)|(?<=/git/refs/)(.+)|(?<=/commits/)(.+)(?=/statuses$)")


@cache
def document() -> dict[str, Any]:
    """The description as plain data."""
    data: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    return data


@cache
def _api() -> OpenAPI:
    return OpenAPI.from_dict(document())


class Undescribed(AssertionError):
    """A request or an answer is not as GitHub describes it."""


def refusal(method: str, path: str, query: Mapping[str, str], body: bytes) -> str | None:
    """Why GitHub would refuse a request; None when it would not."""
    for error in _api().iter_request_errors(_request(method, path, query, body)):
        return f"{method} {path}: {error}: {error.__cause__ or ''} {_details(error)}"
    return None


def check(method: str, path: str, status: int, content_type: str, answer: bytes) -> None:
    """Raises Undescribed for an answer that GitHub never gives."""
    response = MockResponse(answer, status_code=status, content_type=content_type)
    for error in _api().iter_response_errors(_request(method, path, {}, b""), response):
        raise Undescribed(f"{method} {path} -> {status}: {error} {_details(error)} {answer[:300]!r}")


def _request(method: str, path: str, query: Mapping[str, str], body: bytes) -> MockRequest:
    whole = _SLASHES.sub(lambda found: quote(found.group(), safe=""), path)
    return MockRequest(HOST, method.lower(), whole, args=dict(query), data=body)


def _details(error: Exception) -> str:
    inner = getattr(error.__cause__, "schema_errors", None) or getattr(error, "schema_errors", None) or ()
    return "; ".join(str(getattr(each, "message", each)) for each in inner)
