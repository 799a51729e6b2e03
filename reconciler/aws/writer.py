"""Writer: single requests of one account, asked again as refusals.py says, until AWS has taken or refused them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import jmespath
from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from reconciler.aws import revoking
from reconciler.aws.reader import AwsReader
from reconciler.aws.retry import Patience, error_parts, is_collision, is_echo, meaning, now
from reconciler.aws.sessions import Sessions
from reconciler.model.call import Call, Lookup
from reconciler.model.reader import Unseen

REFUSALS = (ClientError, BotoCoreError, Unseen)
"""AWS said no, was not reached, or its account cannot be entered."""


@dataclass(frozen=True, slots=True)
class Writer:
    """`gone` are the databases and tables that a run has dropped; writers of one run share it.

    Every method raises Interrupted while it waits, once there is a reason to stop.
    """

    sessions: Sessions
    reader: AwsReader
    patience: Patience = field(default_factory=lambda: Patience(now()))
    gone: revoking.Gone = field(default_factory=revoking.Gone)

    def send_call(self, call: Call) -> str | None:
        """AWS's words if the call failed, None if it is done."""
        try:
            if call.until is None:
                self._requests(call)
                return None
            for _ in self.patience.rounds(call.patience):
                self._requests(call)
                answer = self.reader.now(call.until)
                if call.fails and (words := jmespath.search(call.fails, answer)):
                    return str(words)
                if jmespath.search(call.until.path, answer):
                    return None
            return f"not so after {call.patience} s: {call.until.service}.{call.until.operation} {call.until.path}"
        except REFUSALS as error:
            return _words(error)

    def attempt(self, call: Call, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request, asked again while it is refused for what passes. Raises one of REFUSALS."""
        return self.patience.answer(call, lambda: self.request(call, operation, params))

    def whole(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        """The same; a partial failure (HTTP 200 with Failures) is raised like a whole one."""
        return self.patience.answer(call, lambda: self._whole(call, params))

    def request(self, call: Call, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request, sent once."""
        client = self.sessions.client(call.placement, call.service)
        in_flight = self.sessions.pace(call.placement, call.service).in_flight
        try:
            with in_flight.one():
                answer: dict[str, Any] = getattr(client, xform_name(operation))(**params)
        except ParamValidationError as error:
            raise AssertionError(f"{call.service}.{operation} is not valid: {error}") from error
        except ClientError as error:
            if is_collision(call, error):
                in_flight.collided()
            raise
        if any(is_collision(call, failure(each.get("Error", {}), operation)) for each in answer.get("Failures", ())):
            in_flight.collided()
        return answer

    def _requests(self, call: Call) -> None:
        """Send a call once, or once for each value that its lookup finds."""
        if not call.operation:
            return
        if call.each is None:
            self._write(call, dict(call.params))
            return
        name, lookup = call.each
        for value in self._look(lookup) or ():
            self._write(call, {**call.params, name: value})

    def _write(self, call: Call, params: dict[str, Any]) -> None:
        try:
            self.whole(call, params)
        except ClientError as error:
            line = meaning(call, error)
            is_done = line is not None and line.meaning in ("done", "done in part")
            if is_done and revoking.is_of_several(params):
                # Some of it may be there, whatever the words: each is taken back by itself.
                for piece in revoking.pieces(params):
                    self._write(call, piece)
            elif not is_done and not is_echo(error):
                raise
        self.gone.note(call)

    def _whole(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        """So is nothing where what is taken back was on something that this run has dropped."""
        try:
            answer = self.request(call, call.operation, params)
        except ClientError as error:
            if error_parts(error)[0] in call.success_errors or self.gone.explains(call, error_parts(error)):
                return {}
            raise
        failed = [failure.get("Error", {}) for failure in answer.get("Failures", ())]
        if answer.get("FailedEntryCount"):
            # EventBridge's way to say the same.
            failed += [each for each in answer.get("FailedEntries") or answer["Entries"] if each.get("ErrorCode")]
        for body in failed:
            raise failure(body, call.operation)
        return answer

    def _look(self, lookup: Lookup) -> Any:
        return jmespath.search(lookup.path, self.reader.now(lookup))


def failure(body: Any, operation: str) -> ClientError:
    """A failed entry as the error that it would be alone."""
    return ClientError(
        {"Error": {"Code": body.get("ErrorCode", ""), "Message": body.get("ErrorMessage", "")}}, operation
    )


def _words(error: Exception) -> str:
    if isinstance(error, ClientError):
        code, message = error_parts(error)
        return f"{code}: {message}"
    return str(error)
