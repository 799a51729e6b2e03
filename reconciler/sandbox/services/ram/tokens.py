"""Client tokens: the same request sent twice has one effect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params
from reconciler.sandbox.core.request import Request


class Tokens:
    """What was answered to requests that carried a token."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str, str], tuple[dict[str, Any], Params]] = {}

    def once(self, request: Request, work: Callable[[], Params]) -> Params:
        """Do the work, or answer as before if the caller's token was seen with the same parameters.

        IdempotentParameterMismatchException: the token was sent before with other parameters.
        """
        token = request.params.get("clientToken")
        if token is None:
            return work()
        key = (request.caller.account, request.operation, token)
        if key not in self._answers:
            self._answers[key] = (dict(request.params), work() | {"clientToken": token})
        before, answer = self._answers[key]
        if before != request.params:
            message = "The client token was used before with other parameters."
            raise AwsError("IdempotentParameterMismatchException", message)
        return answer


def once(request: Request, work: Callable[[], Params]) -> Params:
    """`Tokens.once` of the request's region."""
    tokens: Tokens = request.world.ram.tokens
    return tokens.once(request, work)
