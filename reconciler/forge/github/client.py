"""Client: requests to one repository over urllib3, with pages, limits and errors that say what to do."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3

from reconciler.forge.github.errors import Busy, GitHubError, Lost, refusal
from reconciler.forge.github.patience import pause
from reconciler.forge.github.transport import LOOPBACK, TIMEOUT, pool, retries

Row = Mapping[str, Any]
API = "https://api.github.com"
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Client:
    """Requests about `repository` (owner/name). `patience` is the longest time to wait in all, in seconds.

    The token goes to the host of `api` only, never over plain HTTP but to this machine, and is not printed.
    """

    repository: str
    token: str = field(repr=False)
    api: str = API
    patience: float = 600.0
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    now: Callable[[], float] = field(default=time.time, repr=False)
    backoff: float = 0.5
    _pool: urllib3.PoolManager = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+", self.repository):
            raise GitHubError(f"{self.repository!r} is not a repository; write owner/name.")
        url = urlsplit(self.api)
        if url.scheme != "https" and url.hostname not in LOOPBACK:
            raise GitHubError(f"The token is not sent to {self.api}: it is neither https nor this machine.")
        object.__setattr__(self, "_pool", pool(self.api))

    def get(self, path: str, **query: str | int) -> Any:
        """What is at a path below the repository (or /orgs/...)."""
        return self._json(self._send("GET", self._url(path, query)))

    def pages(self, path: str, key: str | None = None, **query: str | int) -> Iterator[Row]:
        """Every row of a list, page by page. `key`: where the rows are in an answer that is no list."""
        url: str | None = self._url(path, {"per_page": 100, **query})
        while url is not None:
            answer = self._send("GET", url)
            data = self._json(answer)
            yield from data if key is None else data[key]
            url = self._next(answer)

    def send(self, method: str, path: str, body: Row, *, again: bool = False) -> Any:
        """POST, PATCH, PUT or DELETE with a body; what GitHub answers.

        `again`: to POST it twice does no harm. Raises Lost where another POST has no answer: nobody knows whether it
        was done.
        """
        return self._json(self._send(method, self._url(path, {}), body, again=again))

    def download(self, path: str, most: int) -> bytes:
        """A file of at most `most` bytes. GitHub sends to another host for it, which does not get the token."""
        answer = self._send("GET", self._url(path, {}))
        if answer.status in (301, 302, 307):
            data = self._fetched(path, answer.headers.get("location", ""), most)
        else:
            data = answer.data
        if len(data) > most:
            raise GitHubError(f"The file of {path} is larger than {most} bytes.")
        return data

    def _fetched(self, path: str, target: str, most: int) -> bytes:
        """A file from where GitHub has it, without our headers. A host that hangs or hangs up is an error in time."""
        what = f"The file of {path} cannot be read: {urlsplit(target).hostname or 'its host'}"
        try:
            with pool(target).request(
                "GET", target, redirect=False, preload_content=False, timeout=TIMEOUT, retries=retries(self.backoff)
            ) as found:
                if found.status != 200:
                    raise GitHubError(f"{what} answered {found.status}. Run the job again.")
                data: bytes = found.read(most + 1)
        except urllib3.exceptions.HTTPError as error:
            raise GitHubError(f"{what} does not answer: {type(error).__name__}. Run the job again.") from error
        return data

    def _url(self, path: str, query: Mapping[str, str | int]) -> str:
        asked = f"?{urlencode(query)}" if query else ""
        place = "" if path.startswith("/orgs/") else f"/repos/{self.repository}"
        return f"{self.api.rstrip('/')}{place}{path}{asked}"

    def _send(self, method: str, url: str, body: Row | None = None, *, again: bool = False) -> urllib3.BaseHTTPResponse:
        """The answer, after as many attempts as make sense. Raises GitHubError."""
        left, path, safe = self.patience, urlsplit(url).path, again or method != "POST"
        for attempt in range(_ATTEMPTS):
            answer = self._request(method, url, body, safe=safe)
            if answer.status < 400:
                return answer
            message = _message(answer)
            headers = {name.lower(): value for name, value in answer.headers.items()}
            wait = pause(answer.status, headers, message, attempt, self.now(), safe=safe)
            if wait is None:
                accepted = headers.get("x-accepted-github-permissions")
                raise refusal(f"{method} {path}", answer.status, message, accepted)
            if wait > left or attempt == _ATTEMPTS - 1:
                raise Busy(f"GitHub asks to wait for {wait:.0f} s before {method} {path}: {message}. Try again later.")
            left -= wait
            self.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _request(self, method: str, url: str, body: Row | None, *, safe: bool) -> urllib3.BaseHTTPResponse:
        headers = {
            "Accept": "application/vnd.github+json, application/json",
            "Authorization": f"Bearer {self.token}",
            "User-Agent": "meshform",
            "X-GitHub-Api-Version": "2022-11-28",
        }
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
            raise (GitHubError if safe else Lost)(
                f"GitHub cannot be reached at {self.api}: {type(why).__name__}. Look at the network, HTTPS_PROXY and "
                "githubstatus.com, and run the job again."
            ) from error

    def _next(self, answer: urllib3.BaseHTTPResponse) -> str | None:
        """The address of the next page. Raises GitHubError for one on another host: it would get the token."""
        found = re.search(r'<([^>]+)>;\s*rel="next"', answer.headers.get("link", ""))
        if found is None:
            return None
        if urlsplit(found[1])[:2] != urlsplit(self.api)[:2]:
            raise GitHubError(f"The next page is on another host: {urlsplit(found[1]).hostname}.")
        return found[1]

    def _json(self, answer: urllib3.BaseHTTPResponse) -> Any:
        return json.loads(answer.data) if answer.data else None


def _message(answer: urllib3.BaseHTTPResponse) -> str:
    """GitHub's words, in one line."""
    try:
        data = json.loads(answer.data)
        said = str(data.get("message", "")) if isinstance(data, dict) else ""
        errors = data.get("errors") if isinstance(data, dict) else None
    except ValueError:
        return f"HTTP {answer.status}"
    details = "; ".join(
        str(each.get("message") or each) if isinstance(each, dict) else str(each) for each in errors or ()
    )
    return " ".join(f"{said}{f' ({details})' if details else ''}".split())[:500].rstrip(".") or f"HTTP {answer.status}"
