"""A stand-in for GitHub: one repository with a memory, served over HTTP, held to GitHub's own description.

Every request that GitHub's OpenAPI description refuses is answered with 422, and every answer of ours that it does
not know makes the test fail (`problems`).
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from tests.forge import described
from tests.forge.records import Records, Refusal

LOGIN = "github-actions[bot]"
ALL = {"issues": "write", "pull_requests": "write", "statuses": "write", "contents": "write", "actions": "read"}
Handler = Callable[..., Any]


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


class GitHub:
    """The stand-in. `permissions` are those of the one token that it takes; `requests` what was asked of it."""

    def __init__(self, repository: str = "acme/mesh", git: str | None = None) -> None:
        self.repository = repository
        self.token = "ghs_thisIsTheToken"
        self.permissions = dict(ALL)  # a workflow's own token may not read teams
        self.records = Records(repository, git)
        self.faults: list[Fault] = []
        self.requests: list[tuple[str, str]] = []
        self.problems: list[str] = []
        self.page_size = 100
        self.url = ""

    @property
    def variables(self) -> dict[str, str]:
        """By what a command finds it, and may ask it."""
        return {"GITHUB_REPOSITORY": self.repository, "GITHUB_API_URL": self.url, "GITHUB_TOKEN": self.token}

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        request = Request(environ)
        self.requests.append((request.method, request.path))
        try:
            response = self._answer(request)
        except ConnectionError:
            raise  # the server hangs up
        except Exception as error:  # a fault of the stand-in is a fault of the test
            self.problems.append(repr(error))
            response = _json({"message": repr(error)}, 500)
        return response(environ, start)

    def _answer(self, request: Request) -> Response:
        request.get_data()  # a server that answers before it has read resets the connection of who still sends
        if request.path.startswith("/_download/"):
            assert "Authorization" not in request.headers, "the token was sent to another host"
            return Response(self.records.downloads[request.path.rpartition("/")[2]], 200)
        for fault in self.faults:
            if request.method == fault.method and re.search(fault.path, request.path):
                self.faults.remove(fault)
                if not fault.status:
                    self._checked(request)
                    raise ConnectionResetError
                return _json({"message": fault.message, "documentation_url": "https://x"}, fault.status, fault.headers)
        if not self._is_known(request):
            return _json({"message": "Bad credentials"}, 401)
        return self._checked(request)

    def _is_known(self, request: Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.token}"

    def _path(self, request: Request) -> str:
        return request.path

    def _checked(self, request: Request) -> Response:
        body = request.get_data()
        refused = described.refusal(request.method, request.path, request.args.to_dict(), body)
        if refused is not None:
            self.problems.append(refused)
            return _json({"message": "Validation Failed", "documentation_url": "https://x"}, 422)
        response = self._routed(request, body)
        if response.status_code not in (204, 302, 403, 404):  # of some paths they are not described
            sort = response.content_type or ""
            described.check(request.method, request.path, response.status_code, sort, response.get_data())
        return response

    def _routed(self, request: Request, body: bytes) -> Response:
        prefix = f"/repos/{self.repository}"
        path = request.path.removeprefix(prefix)
        for (method, pattern), (permission, name) in ROUTES.items():
            found = re.fullmatch(pattern, path)
            if method == request.method and found is not None:
                if not self._may(permission):
                    headers = {"X-Accepted-GitHub-Permissions": permission}
                    return _json({"message": "Resource not accessible by integration"}, 403, headers)
                data = json.loads(body) if body else {}
                try:
                    answer = getattr(self.records, name)(*found.groups(), **_arguments(request, data))
                except Refusal as refusal:
                    return _json({"message": refusal.message, "documentation_url": "https://x"}, refusal.status)
                return self._shaped(request, method, answer)
        return _json({"message": "Not Found"}, 404)

    def _may(self, permission: str) -> bool:
        """Whether the token has one of the permissions `issues=write; pull_requests=write`."""
        for each in permission.split("; "):
            need, _, level = each.partition("=")
            if self.permissions.get(need) in ("write", level):
                return True
        return False

    def _shaped(self, request: Request, method: str, answer: Any) -> Response:
        if isinstance(answer, tuple):  # a redirection to a download
            return Response("", 302, {"Location": f"{self.url.replace('127.0.0.1', 'localhost')}{answer[0]}"})
        if answer is None:
            return Response("", 204)
        lists = ("artifacts", "workflow_runs")
        rows = answer if isinstance(answer, list) else None
        if isinstance(answer, dict):
            rows = next((answer[key] for key in lists if key in answer), None)
        if method == "GET" and isinstance(rows, list):
            return self._page(request, answer, rows)
        created = method == "POST"
        return _json(answer, 201 if created else 200)

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
            return _json(shown, 200, headers)
        return _json({**answer, **{key: shown for key in answer if key != "total_count"}}, 200, headers)

    @contextmanager
    def served(self) -> Iterator[GitHub]:
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


ROUTES: dict[tuple[str, str], tuple[str, str]] = {
    ("GET", r"/issues/(\d+)/comments"): ("issues=read; pull_requests=read", "comments_of"),
    ("POST", r"/issues/(\d+)/comments"): ("issues=write; pull_requests=write", "add_comment"),
    ("PATCH", r"/issues/comments/(\d+)"): ("issues=write; pull_requests=write", "edit_comment"),
    ("DELETE", r"/issues/comments/(\d+)"): ("issues=write; pull_requests=write", "delete_comment"),
    ("GET", r"/issues"): ("issues=read", "issues_in"),
    ("POST", r"/issues"): ("issues=write", "open_issue"),
    ("PATCH", r"/issues/(\d+)"): ("issues=write", "edit_issue"),
    ("GET", r"/pulls"): ("pull_requests=read", "pulls_in"),
    ("POST", r"/pulls"): ("pull_requests=write", "open_pull"),
    ("GET", r"/pulls/(\d+)"): ("pull_requests=read", "pull"),
    ("PATCH", r"/pulls/(\d+)"): ("pull_requests=write", "edit_pull"),
    ("GET", r"/commits/(\w+)/pulls"): ("pull_requests=read", "pulls_of"),
    ("GET", r"/commits/(\w+)/statuses"): ("statuses=read", "statuses_of"),
    ("POST", r"/statuses/(\w+)"): ("statuses=write", "set_status"),
    ("GET", r"/pulls/(\d+)/reviews"): ("pull_requests=read", "reviews_of"),
    ("GET", r"/pulls/(\d+)/files"): ("pull_requests=read", "files_of"),
    ("GET", r"/activity"): ("contents=read", "activity_in"),
    ("GET", r"/actions/workflows/([\w.]+)/runs"): ("actions=read", "runs_of"),
    ("GET", r"/orgs/([\w-]+)/teams/([\w-]+)/members"): ("members=read", "members_of"),
    ("GET", r"/actions/artifacts"): ("actions=read", "artifacts_in"),
    ("GET", r"/actions/artifacts/(\d+)/zip"): ("actions=read", "download"),
    ("GET", r"/git/ref/(.+)"): ("contents=read", "ref"),
    ("GET", r"/git/commits/(\w+)"): ("contents=read", "commit"),
    ("POST", r"/git/trees"): ("contents=write", "make_tree"),
    ("POST", r"/git/commits"): ("contents=write", "make_commit"),
    ("POST", r"/git/refs"): ("contents=write", "make_ref"),
    ("PATCH", r"/git/refs/(.+)"): ("contents=write", "move_ref"),
}


def _arguments(request: Request, data: dict[str, Any]) -> dict[str, Any]:
    query = {key: value for key, value in request.args.items() if key not in ("per_page", "page")}
    return {**query, **data}


def _json(data: Any, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(data), status, headers, content_type="application/json; charset=utf-8")


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: Any) -> None:
        """Say nothing."""

    def connection_dropped(self, *_: Any) -> None:
        """Hang up; else whoever asked would wait for an answer until his patience ends."""
        self.close_connection = True
