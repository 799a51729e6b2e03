"""Refusals that moto words otherwise than AWS was recorded to."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from reconciler.sandbox.http.messages import WireRequest, WireResponse


def reworded(service: str, request: WireRequest, response: WireResponse) -> WireResponse:
    """moto's answer in AWS's words, where they are known (tests/recordings)."""
    if response.status < 400 or service not in ("events", "iam"):
        return response
    if service == "iam":
        body = re.sub(rb"Role (\S+) not found", rb"The role with name \1 cannot be found.", response.body)
        return replace(response, body=body)
    bus = str(json.loads(request.body or b"{}").get("EventBusName") or "default").rpartition("/")[2]
    told = f"does not exist on EventBus {bus}.".encode()
    return replace(response, body=re.sub(rb"(Rule \S+ )does not exist\.", rb"\1" + told, response.body))
