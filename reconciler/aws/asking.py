"""Asking: single requests whose answer or refusal is kept word for word, for whoever wants to know how AWS answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from reconciler.aws.reader import goes_on
from reconciler.aws.retry import error_parts
from reconciler.aws.sessions import Sessions
from reconciler.model.address import Placement
from reconciler.model.reader import Unseen

_READS = ("Get", "List", "Describe", "Search", "BatchGet", "Head", "Simulate")


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer, or the code and message of the refusal (`Unreachable` where AWS was not reached)."""

    answer: dict[str, Any] | None
    code: str = ""
    message: str = ""

    def __str__(self) -> str:
        return "answered" if self.answer is not None else f"{self.code}: {self.message}"


class Asking:
    """Requests as one role. `raw` is everything that was asked and answered, in order."""

    def __init__(self, sessions: Sessions, raw: list[dict[str, Any]]) -> None:
        self._sessions = sessions
        self.raw = raw

    @property
    def role(self) -> str:
        """Name of the role."""
        return self._sessions.role

    def refusal(self, account: str) -> str:
        """Why the role of an account cannot be assumed; empty where it can."""
        return self._sessions.refusal(account)

    def beyond(self, placement: Placement, role: str) -> Asking:
        """Requests as a role of an account (with its path) that trusts this one there."""
        return Asking(self._sessions.beyond(placement.account, role), self.raw)

    def ask(self, placement: Placement, service: str, operation: str, /, **params: Any) -> Reply:
        """The reply to a read."""
        assert operation.startswith(_READS), f"{service}.{operation} is not a read"
        return self.do(placement, service, operation, **params)

    def every(self, placement: Placement, service: str, operation: str, items: str, /, **params: Any) -> Iterator[Any]:
        """All elements of a list over its pages, up to the first refusal."""
        told = set[str]()
        while True:
            reply = self.ask(placement, service, operation, **params)
            if reply.answer is None:
                return
            yield from reply.answer.get(items, ())
            try:
                if not goes_on(params, reply.answer, told):
                    return
            except Unseen:
                return

    def do(self, placement: Placement, service: str, operation: str, /, **params: Any) -> Reply:
        """The reply to any request, sent once."""
        reply = self._reply(placement, service, operation, params)
        self.raw.append(
            {
                "role": self.role,
                "account": placement.account,
                "region": placement.region,
                "request": f"{service}.{operation}",
                "params": params,
                "answer": reply.answer,
                "code": reply.code,
                "message": reply.message,
            }
        )
        return reply

    def _reply(self, placement: Placement, service: str, operation: str, params: dict[str, Any]) -> Reply:
        try:
            client = self._sessions.client(placement, service)
            answer = getattr(client, xform_name(operation))(**params)
            return Reply({name: value for name, value in answer.items() if name != "ResponseMetadata"})
        except ClientError as error:
            return Reply(None, *error_parts(error))
        except (BotoCoreError, Unseen) as error:
            return Reply(None, "Unreachable", str(error))
