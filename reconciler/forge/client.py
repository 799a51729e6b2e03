"""Client: requests to one repository of a forge over urllib3, with pages, limits and errors that say what to do.

What is a forge's own (where, as whom, how long to wait, what a refusal means) is said by its subclass.
"""

from __future__ import annotations

import json
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast
from urllib.parse import urlencode, urlsplit

import urllib3

from reconciler.forge.errors import Busy, Lost
from reconciler.forge.protocol import ForgeError
from reconciler.forge.transport import LOOPBACK, TIMEOUT, pool, retries
from reconciler.model.plain_json import NotJson, plain_json

Row = Mapping[str, Any]
BROKEN = frozenset({500, 502, 503, 504})
"""Answers of a server that may do better the next time."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that is a refusal: its words in one line, its headers with names in lower case."""

    status: int
    message: str
    headers: Mapping[str, str]


_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class ForgeClient(ABC):
    """Requests about `repository`. `patience` is the longest time to wait in all, in seconds.

    The token goes to the host of `api` only, never over plain HTTP but to this machine, and is not printed.
    """

    repository: str
    token: str = field(repr=False)
    api: str
    patience: float = 600.0
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    now: Callable[[], float] = field(default=time.time, repr=False)
    backoff: float = 0.5
    _pool: urllib3.PoolManager = field(init=False, repr=False)

    forge: ClassVar[str]
    """What people call it."""
    repositories: ClassVar[re.Pattern[str]]
    """How a repository is named, and in words:"""
    example: ClassVar[str]
    status_page: ClassVar[str]
    """Where one looks when it does not answer."""

    def __post_init__(self) -> None:
        if not self.repositories.fullmatch(self.repository):
            raise ForgeError(f"{self.repository!r} is not a repository; write {self.example}.")
        url = urlsplit(self.api)
        if url.scheme != "https" and url.hostname not in LOOPBACK:
            raise ForgeError(f"The token is not sent to {self.api}: it is neither https nor this machine.")
        object.__setattr__(self, "_pool", pool(self.api))

    @abstractmethod
    def place(self, path: str) -> str:
        """Where a path lies, below the address of the API."""

    @abstractmethod
    def headers(self) -> dict[str, str]:
        """As whom, and in which words, one asks."""

    @abstractmethod
    def pause(self, refused: Refused, attempt: int, *, safe: bool) -> float | None:
        """Seconds to wait before attempt `attempt + 1`; None when trying again is of no use. What is not `safe` to
        repeat (POST) is repeated at a limit only: after a broken answer nobody knows whether it was done."""

    @abstractmethod
    def refusal(self, what: str, refused: Refused) -> ForgeError:
        """The error for an answer."""

    def get(self, path: str, **query: str | int) -> Any:
        """What is at a path below the repository, or below the whole forge."""
        return self._json(self._send("GET", self._url(path, query)))

    def text(self, path: str, **query: str | int) -> str:
        """What is at a path and no JSON."""
        return self._send("GET", self._url(path, query)).data.decode("utf-8", "surrogateescape")

    def pages(self, path: str, key: str | None = None, **query: str | int) -> Iterator[Row]:
        """Every row of a list, page by page. `key`: where the rows are in an answer that is no list."""
        url, seen = cast("str | None", self._url(path, {"per_page": 100, **query})), set[str]()
        while url is not None:
            if url in seen:
                raise ForgeError(f"The next page of {path} is one that was read already. Run the job again.")
            seen.add(url)
            answer = self._send("GET", url)
            data = self._json(answer)
            yield from data if key is None else data[key]
            url = self._next(answer)

    def send(self, method: str, path: str, body: Row, *, again: bool = False) -> Any:
        """POST, PATCH, PUT or DELETE with a body; what the forge answers.

        `again`: to POST it twice does no harm. Raises Lost where another POST has no answer: nobody knows whether it
        was done.
        """
        return self._json(self._send(method, self._url(path, {}), body, again=again))

    def download(self, path: str, most: int) -> bytes:
        """A file of at most `most` bytes. The forge may send to another host for it, which does not get the token."""
        answer = self._send("GET", self._url(path, {}))
        if answer.status in (301, 302, 303, 307):
            data = self._fetched(path, answer.headers.get("location", ""), most)
        else:
            data = answer.data
        if len(data) > most:
            raise ForgeError(f"The file of {path} is larger than {most} bytes.")
        return data

    def _fetched(self, path: str, target: str, most: int) -> bytes:
        """A file from where the forge has it, without our headers. A host that hangs is an error in time."""
        what = f"The file of {path} cannot be read: {urlsplit(target).hostname or 'its host'}"
        try:
            with pool(target).request(
                "GET", target, redirect=False, preload_content=False, timeout=TIMEOUT, retries=retries(self.backoff)
            ) as found:
                if found.status != 200:
                    raise ForgeError(f"{what} answered {found.status}. Run the job again.")
                data: bytes = found.read(most + 1)
        except urllib3.exceptions.HTTPError as error:
            raise ForgeError(f"{what} does not answer: {type(error).__name__}. Run the job again.") from error
        return data

    def _url(self, path: str, query: Mapping[str, str | int]) -> str:
        asked = f"?{urlencode(query)}" if query else ""
        return f"{self.api.rstrip('/')}{self.place(path)}{asked}"

    def _send(self, method: str, url: str, body: Row | None = None, *, again: bool = False) -> urllib3.BaseHTTPResponse:
        """The answer, after as many attempts as make sense. Raises ForgeError."""
        left, path, safe = self.patience, urlsplit(url).path, again or method != "POST"
        for attempt in range(_ATTEMPTS):
            answer = self._request(method, url, body, safe=safe)
            if answer.status < 400:
                return answer
            headers = {name.lower(): value for name, value in answer.headers.items()}
            refused = Refused(answer.status, _message(answer), headers)
            wait = self.pause(refused, attempt, safe=safe)
            if wait is None:
                raise self.refusal(f"{method} {path}", refused)
            if wait > left or attempt == _ATTEMPTS - 1:
                asks = f"{self.forge} asks to wait for {wait:.0f} s before {method} {path}"
                raise Busy(f"{asks}: {refused.message}. Try again later.")
            left -= wait
            self.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _request(self, method: str, url: str, body: Row | None, *, safe: bool) -> urllib3.BaseHTTPResponse:
        headers = {"User-Agent": "meshform", **self.headers()}
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        try:
            return self._pool.request(
                method,
                url,
                body=content,
                headers=headers,
                redirect=False,
                timeout=TIMEOUT,
                retries=retries(self.backoff, safe=safe),
            )
        except urllib3.exceptions.HTTPError as error:
            why = error.reason if isinstance(error, urllib3.exceptions.MaxRetryError) and error.reason else error
            raise (ForgeError if safe else Lost)(
                f"{self.forge} cannot be reached at {self.api}: {type(why).__name__}. Look at the network, "
                f"HTTPS_PROXY and {self.status_page}, and run the job again."
            ) from error

    def _next(self, answer: urllib3.BaseHTTPResponse) -> str | None:
        """The address of the next page. Raises ForgeError for one on another host: it would get the token."""
        found = re.search(r'<([^>]+)>;\s*rel="next"', answer.headers.get("link", ""))
        if found is None:
            return None
        if urlsplit(found[1])[:2] != urlsplit(self.api)[:2]:
            raise ForgeError(f"The next page is on another host: {urlsplit(found[1]).hostname}.")
        return found[1]

    def _json(self, answer: urllib3.BaseHTTPResponse) -> Any:
        try:
            return plain_json(answer.data) if answer.data else None
        except NotJson as error:
            raise ForgeError(
                f"What answers at {self.api} is not {self.forge}, or not whole: {error}. Look at HTTPS_PROXY and "
                f"{self.status_page}, and run the job again."
            ) from error


def seconds_of(text: str | None) -> float | None:
    """A time to wait as a header says it; None where it says none, or what is no such time."""
    return float(text) if text is not None and re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text.strip()) else None


def _message(answer: urllib3.BaseHTTPResponse) -> str:
    """The forge's words, in one line: GitHub's `message` and `errors`, GitLab's `message`, `error` and its scope."""
    try:
        data = plain_json(answer.data)
    except ValueError:
        return f"HTTP {answer.status}"
    if not isinstance(data, dict):
        return f"HTTP {answer.status}"
    said = data.get("message") or data.get("error") or ""
    errors = data.get("errors") or [data[key] for key in ("error_description", "scope") if data.get(key)]
    details = "; ".join(str(each.get("message") or each) if isinstance(each, dict) else str(each) for each in errors)
    return " ".join(f"{said}{f' ({details})' if details else ''}".split())[:500].rstrip(".") or f"HTTP {answer.status}"
