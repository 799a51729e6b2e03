"""AwsReader: reads of one run; nothing is read twice, and nothing that writes gets through."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from copy import copy
from typing import Any, TypeVar, cast

import jmespath
from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, ParamValidationError

from reconciler.aws.sessions import Sessions
from reconciler.model.address import Placement
from reconciler.model.call import Lookup, Params
from reconciler.model.reader import Unseen

_READS = ("Get", "List", "Describe", "Search", "BatchGet", "Head")
T = TypeVar("T")
_TOKENS = ("NextToken", "nextToken", "Marker", "ContinuationToken", "PaginationToken")


class AwsReader:
    """A Reader over real clients. Thread-safe; the same request is sent once in the life of the reader."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._lock = threading.Lock()
        self.answers: dict[str, Future[dict[str, Any] | Exception]] = {}
        self._worked_out: dict[str, Future[Any]] = {}

    @property
    def role(self) -> str:
        """See Reader.role."""
        return self._sessions.role

    def read(
        self,
        placement: Placement,
        service: str,
        operation: str,
        params: Params | None = None,
        absent: tuple[str, ...] = (),
    ) -> dict[str, Any] | None:
        """See Reader.read."""
        try:
            return self._answer(placement, service, operation, params or {})
        except ClientError as error:
            if _code(error) in absent:
                return None
            raise Unseen(_why(service, operation, error)) from error

    def pages(
        self, placement: Placement, service: str, operation: str, params: Params | None = None, *, items: str
    ) -> Iterator[Any]:
        """See Reader.pages."""
        request, told = dict(params or {}), set[str]()
        while True:
            answer = self.read(placement, service, operation, request)
            assert answer is not None
            yield from answer.get(items, ())
            if not goes_on(request, answer, told):
                return

    def now(self, lookup: Lookup) -> dict[str, Any]:
        """A fresh answer, never a remembered one; the lists of all its pages are one. Raises ClientError."""
        request = dict(lookup.params)
        if lookup.of is not None:
            param, before = lookup.of
            if found := jmespath.search(before.path, self.now(before)):
                request[param] = list(dict.fromkeys(found))
        whole, told = dict[str, Any](), set[str]()
        while True:
            answer = self._send(lookup.placement, lookup.service, lookup.operation, request)
            for name, value in answer.items():
                whole[name] = [*whole.get(name, ()), *value] if isinstance(value, list) else value
            if not goes_on(request, answer, told):
                return whole

    def forget(self, placement: Placement) -> None:
        """Drop the answers of a placement: who asks there again sends the request again."""
        start = f'["{placement}", '
        with self._lock:
            for key in [key for key in self.answers if key.startswith(start)]:
                del self.answers[key]

    def _answer(self, placement: Placement, service: str, operation: str, params: Params) -> dict[str, Any]:
        """The answer of the first such request; whoever asks meanwhile waits for it."""
        key = json.dumps([str(placement), service, operation, params], sort_keys=True, default=str)
        return self._first(self.answers, key, lambda: self._send(placement, service, operation, params))

    def once(self, key: str, make: Callable[[], T]) -> T:
        """See Reader.once."""
        return self._first(self._worked_out, key, make)

    def _first(self, known: dict[str, Future[Any]], key: str, make: Callable[[], T]) -> T:
        """What `make` gives (or raises) the first time; whoever asks meanwhile waits for it."""
        with self._lock:
            future = known.get(key)
            mine = future is None
            if future is None:
                future = known[key] = Future()
        if mine:
            try:
                future.set_result(make())
            except Exception as error:
                future.set_result(error)
            except BaseException as error:
                future.set_exception(error)
                raise
        answer = future.result()
        if isinstance(answer, Exception):
            # A copy each time: threads that raise one exception write into each other's trace.
            raise copy(answer)
        return cast("T", answer)

    def _send(self, placement: Placement, service: str, operation: str, params: Params) -> dict[str, Any]:
        if not operation.startswith(_READS):
            raise AssertionError(f"{service}.{operation} is not a read")
        client = self._sessions.client(placement, service)
        try:
            answer: dict[str, Any] = getattr(client, xform_name(operation))(**params)
        except ParamValidationError:
            raise
        except EndpointConnectionError as error:
            raise Unseen(f"{service} cannot be reached in {placement.region}: {error}") from error
        except BotoCoreError as error:
            raise Unseen(f"{service}.{operation} failed: {error}") from error
        return answer


class ForgetfulReader(AwsReader):
    """A Reader that remembers no answer: for what is asked once, and would fill the memory."""

    def _answer(self, placement: Placement, service: str, operation: str, params: Params) -> dict[str, Any]:
        return self._send(placement, service, operation, params)


def goes_on(request: dict[str, Any], answer: Mapping[str, Any], told: set[str]) -> bool:
    """Whether there is a next page; the request then asks for it. Raises Unseen where AWS goes round in a circle."""
    name = next((name for name in _TOKENS if answer.get(name)), None)
    if name is None:
        return False
    token = str(answer[name])
    if token in told:
        raise Unseen(f"AWS told the token of a page twice: {token}")
    told.add(token)
    request[name] = answer[name]
    return True


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _why(service: str, operation: str, error: ClientError) -> str:
    message = error.response.get("Error", {}).get("Message", "")
    code = _code(error)
    if code in ("UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure"):
        return (
            f"the region may not be enabled in this account, or the credentials are not valid there ({code}: {message})"
        )
    return f"{service}.{operation}: {code}: {message}"
