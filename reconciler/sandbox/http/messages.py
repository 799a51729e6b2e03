"""A request and an answer as they are on the wire, over HTTP or in process."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qs

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a SigV4 signature says of a call: whose key, which region, which service."""

    key_id: str
    region: str
    service: str


@dataclass(frozen=True, slots=True)
class WireRequest:
    """An HTTP request. Header names are in lower case, `path` is decoded, `query` is not."""

    method: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    scheme: str = "http"
    #: WSGI's own view, where the request came through HTTP.
    environ: Mapping[str, Any] = field(default_factory=dict)

    def scope(self) -> Scope | None:
        """The scope of the signature, in the header or in a presigned address; None: not signed by SigV4."""
        found = _CREDENTIAL.search(self.headers.get("authorization", ""))
        if found:
            return Scope(*found.groups())
        credential = parse_qs(self.query).get("X-Amz-Credential", [""])[0].split("/")
        if len(credential) == 5:
            return Scope(credential[0], credential[2], credential[3])
        return None


@dataclass(frozen=True, slots=True)
class WireResponse:
    """An HTTP answer. With `lost` the answer is never sent: the connection is reset, before or after the effect."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    lost: Literal["before", "after"] | None = None
