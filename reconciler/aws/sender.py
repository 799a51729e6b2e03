"""Sender: carry out calls of one account, one after the other, and say of each what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import jmespath
from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from reconciler.aws import batch
from reconciler.aws.reader import AwsReader
from reconciler.aws.retry import error_parts, is_echo, patience, pauses, retry_transient
from reconciler.aws.sessions import Sessions
from reconciler.model.call import Call, Lookup
from reconciler.model.reader import Unseen

_REFUSALS = (ClientError, BotoCoreError, Unseen)
"""AWS said no, was not reached, or its account cannot be entered."""

_TOGETHER = 5.0
"""Seconds for which entries that collided go again together, before each goes alone."""

Failures = dict[int, str]
"""What failed: the position of the call in the sequence that was sent, and AWS's words."""


class Sender:
    """Writes of one run. `send` is to be called by one thread per account at a time."""

    def __init__(self, sessions: Sessions, reader: AwsReader) -> None:
        self._sessions = sessions
        self._reader = reader

    def send(self, calls: Sequence[Call]) -> Failures:
        """Carry out `calls` in order, neighbouring grants in batches. A failure does not stop the others."""
        failures: Failures = {}
        numbered = list(enumerate(calls))
        for (_, operation), run in groupby(numbered, key=lambda item: (item[1].placement, item[1].operation)):
            group = list(run)
            if len(group) > 1 and operation in batch.FOLDED:
                failures.update(self._send_folded(group))
                continue
            for number, call in group:
                error = self._send_one(call)
                if error is not None:
                    failures[number] = error
        return failures

    def _send_folded(self, group: Sequence[tuple[int, Call]]) -> Failures:
        """Few requests for many calls; calls whose request or entry failed are sent again alone."""
        numbers: dict[int, list[int]] = {}
        for number, call in group:
            numbers.setdefault(id(call), []).append(number)
        calls = [call for _, call in group]
        failures: Failures = {}
        for entry in self._failed(calls):
            for call in entry.calls:
                error = self._send_one(call)
                if error is not None:
                    failures.update(dict.fromkeys(numbers[id(call)], error))
        return failures

    def _failed(self, calls: Sequence[Call]) -> Iterator[batch.Entry]:
        """The folded requests and entries that were not carried out."""
        operation = calls[0].operation
        if operation in batch.GRANTS:
            for entries in batch.batches(calls):
                yield from self._failed_entries(entries, batch.GRANTS[operation])
            return
        if operation == batch.PUT_EVENTS:
            for entries in batch.events(calls):
                yield from self._failed_events(entries)
            return
        for entry in batch.taggings(calls):
            try:
                retry_transient(lambda entry=entry: self._whole(calls[0], dict(entry.params)))  # type: ignore[misc]
            except _REFUSALS:
                yield entry

    def _failed_entries(self, entries: Sequence[batch.Entry], operation: str) -> Iterable[batch.Entry]:
        """The entries that a batch request did not carry out; all of them, if it was refused as a whole.

        Entries refused for what passes go again first, together: neighbours often collide with the same writer.
        """
        first, left = entries[0].calls[0], list(entries)
        refused: list[batch.Entry] = []
        for _ in pauses(_TOGETHER):
            try:
                # Called before `left` changes: persist returns when the request is through.
                answer = retry_transient(lambda: self._request(first, operation, batch.request(left)))  # noqa: B023
            except _REFUSALS:
                break
            failed = [(left[int(each["RequestEntry"]["Id"])], each["Error"]) for each in answer.get("Failures", ())]
            left = [entry for entry, error in failed if _passes(error)]
            refused += [entry for entry, error in failed if not _passes(error)]
            if not left:
                break
        return [*refused, *left]

    def _failed_events(self, events: Sequence[batch.Entry]) -> Iterable[batch.Entry]:
        """The events that were not taken; all of them, if the request was refused as a whole."""
        first = events[0].calls[0]
        try:
            answer = retry_transient(
                lambda: self._request(first, first.operation, {"Entries": [each.params for each in events]})
            )
        except _REFUSALS:
            return events
        return [event for event, told in zip(events, answer["Entries"], strict=True) if told.get("ErrorCode")]

    def _send_one(self, call: Call) -> str | None:
        """AWS's words if the call failed, None if it is done."""
        try:
            if call.until is None:
                self._requests(call)
                return None
            for _ in pauses(call.patience):
                self._requests(call)
                answer = self._reader.now(call.until)
                if call.fails and (words := jmespath.search(call.fails, answer)):
                    return str(words)
                if jmespath.search(call.until.path, answer):
                    return None
            return f"not so after {call.patience} s: {call.until.service}.{call.until.operation} {call.until.path}"
        except _REFUSALS as error:
            return _words(error)

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
            retry_transient(lambda: self._whole(call, params))
        except ClientError as error:
            code, message = error_parts(error)
            if code not in call.success_errors and not _is_already_revoked(call, code, message) and not is_echo(error):
                raise

    def _whole(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        """The answer of a request; a partial failure (HTTP 200 with Failures) is raised like a whole one."""
        answer = self._request(call, call.operation, params)
        failed = [failure.get("Error", {}) for failure in answer.get("Failures", ())]
        if answer.get("FailedEntryCount"):
            # EventBridge's way to say the same.
            failed += [each for each in answer.get("FailedEntries") or answer["Entries"] if each.get("ErrorCode")]
        for body in failed:
            raise ClientError(
                {"Error": {"Code": body.get("ErrorCode", ""), "Message": body.get("ErrorMessage", "")}}, call.operation
            )
        return answer

    def _request(self, call: Call, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        client = self._sessions.client(call.placement, call.service)
        try:
            answer: dict[str, Any] = getattr(client, xform_name(operation))(**params)
        except ParamValidationError as error:
            raise AssertionError(f"{call.service}.{operation} is not valid: {error}") from error
        return answer

    def _look(self, lookup: Lookup) -> Any:
        return jmespath.search(lookup.path, self._reader.now(lookup))


def _passes(error: Mapping[str, str]) -> bool:
    return patience(error.get("ErrorCode", ""), error.get("ErrorMessage", "")) > 0


def _is_already_revoked(call: Call, code: str, message: str) -> bool:
    """Lake Formation's way to say that there is nothing to revoke; the re-read afterwards decides."""
    return (
        call.operation == "RevokePermissions"
        and code == "InvalidInputException"
        and "No permissions revoked" in message
    ) or (call.operation == "RevokePermissions" and code == "EntityNotFoundException")


def _words(error: Exception) -> str:
    if isinstance(error, ClientError):
        code, message = error_parts(error)
        return f"{code}: {message}"
    return str(error)
