"""Everything that an operation of Glue lists, asked in the caller's name."""

from __future__ import annotations

from typing import Any

from reconciler.sandbox.core.operation import Params
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.core.service_registry import operations
from reconciler.sandbox.http.protocol.models import snake
from reconciler.sandbox.services.iam.authorize import authorize


def asked(request: Request, operation: str, params: Params) -> Params:
    """A call of Glue in the caller's name, with his IAM and Lake Formation rights."""
    declared = operations("glue")[snake(operation)]
    call = Request(request.world, request.caller, request.region, "glue", operation, params)
    authorize(call, declared)
    return declared.handler(call)


def every(request: Request, operation: str, params: Params, member: str) -> list[dict[str, Any]]:
    """The items of all pages."""
    items: list[dict[str, Any]] = []
    token: str | None = ""
    while token is not None:
        answer = asked(request, operation, {**params, **({"NextToken": token} if token else {})})
        items.extend(answer[member])
        token = answer.get("NextToken")
    return items
