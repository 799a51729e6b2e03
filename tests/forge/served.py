"""A forge of a test: one repository with a memory, served over HTTP, whose answers can be made to go wrong."""

from __future__ import annotations

import json
import re
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, Self, TypeVar

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

R = TypeVar("R")


@dataclass
class Fault:
    """An answer that stands in for the next request to a path: a limit, a break, a refusal.

    Status 0: the request is done, and the connection ends without an answer.
    """

    method: str
    path: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    message: str = "no"


class StandIn(ABC, Generic[R]):
    """The stand-in for a forge. It takes one `token`; `records` is its memory, `requests` what was asked of it."""

    def __init__(self, repository: str, token: str, records: R) -> None:
        self.repository, self.token, self.records = repository, token, records
        self.faults: list[Fault] = []
        self.requests: list[tuple[str, str]] = []
        self.problems: list[str] = []
        self.page_size = 100
        self.url = ""

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        request = Request(environ)
        self.requests.append((request.method, request.path))
        try:
            response = self._answer(request)
        except ConnectionError:
            raise  # the server hangs up
        except Exception as error:  # a fault of the stand-in is a fault of the test
            self.problems.append(repr(error))
            response = json_answer({"message": repr(error)}, 500)
        return response(environ, start)

    def _answer(self, request: Request) -> Response:
        request.get_data()  # a server that answers before it has read resets the connection of who still sends
        for fault in self.faults:
            if request.method == fault.method and re.search(fault.path, request.path):
                self.faults.remove(fault)
                if not fault.status:
                    self._checked(request)
                    raise ConnectionResetError
                return json_answer(
                    {"message": fault.message, "documentation_url": "https://x"}, fault.status, fault.headers
                )
        if not self._is_known(request):
            return json_answer({"message": "Bad credentials"}, 401)
        return self._checked(request)

    @abstractmethod
    def _is_known(self, request: Request) -> bool:
        """Whether it comes with a token that is taken."""

    @abstractmethod
    def _checked(self, request: Request) -> Response:
        """The answer of the forge, held to its description as the request is."""

    def _path(self, request: Request) -> str:
        return request.path

    def _page(self, request: Request, answer: Any, rows: list[Any]) -> Response:
        size = min(int(request.args.get("per_page", 30)), self.page_size)
        page = int(request.args.get("page", 1))
        shown = rows[(page - 1) * size : page * size]
        headers = {}
        if page * size < len(rows):
            asked = {**request.args.to_dict(), "page": str(page + 1)}
            query = "&".join(f"{key}={value}" for key, value in asked.items())
            headers["Link"] = f'<{self.url}{self._path(request)}?{query}>; rel="next"'
        if isinstance(answer, list):
            return json_answer(shown, 200, headers)
        return json_answer({**answer, **{key: shown for key in answer if key != "total_count"}}, 200, headers)

    @contextmanager
    def served(self) -> Iterator[Self]:
        """Serve on a free port of this machine; `url` is the address of the API."""
        server = make_server("127.0.0.1", 0, self, threaded=True, request_handler=_Quiet)
        self.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
        assert not self.problems, self.problems


def json_answer(data: Any, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(data), status, headers, content_type="application/json; charset=utf-8")


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: Any) -> None:
        """Say nothing."""

    def connection_dropped(self, *_: Any) -> None:
        """Hang up; else whoever asked would wait for an answer until his patience ends."""
        self.close_connection = True
