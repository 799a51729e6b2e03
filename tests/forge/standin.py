"""A stand-in for GitHub: one repository with a memory, served over HTTP, held to GitHub's own description.

Every request that GitHub's OpenAPI description refuses is answered with 422, and every answer of ours that it does
not know makes the test fail (`problems`).
"""

from __future__ import annotations

import json
import re
from typing import Any

from werkzeug.wrappers import Request, Response

from tests.forge import described
from tests.forge.records import Records, Refusal
from tests.forge.served import StandIn, json_answer

LOGIN = "github-actions[bot]"
ALL = {"issues": "write", "pull_requests": "write", "statuses": "write", "contents": "write", "actions": "read"}


class GitHub(StandIn[Records]):
    """The stand-in. `permissions` are those of the one token that it takes."""

    def __init__(self, repository: str = "acme/mesh", git: str | None = None) -> None:
        super().__init__(repository, "ghs_thisIsTheToken", Records(repository, git))
        self.permissions = dict(ALL)  # a workflow's own token may not read teams

    @property
    def variables(self) -> dict[str, str]:
        """By what a command finds it, and may ask it."""
        return {"GITHUB_REPOSITORY": self.repository, "GITHUB_API_URL": self.url, "GITHUB_TOKEN": self.token}

    def _answer(self, request: Request) -> Response:
        if request.path.startswith("/_download/"):
            assert "Authorization" not in request.headers, "the token was sent to another host"
            return Response(self.records.downloads[request.path.rpartition("/")[2]], 200)
        return super()._answer(request)

    def _is_known(self, request: Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.token}"

    def _checked(self, request: Request) -> Response:
        body = request.get_data()
        refused = described.refusal(request.method, request.path, request.args.to_dict(), body)
        if refused is not None:
            self.problems.append(refused)
            return json_answer({"message": "Validation Failed", "documentation_url": "https://x"}, 422)
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
                    return json_answer({"message": "Resource not accessible by integration"}, 403, headers)
                data = json.loads(body) if body else {}
                try:
                    answer = getattr(self.records, name)(*found.groups(), **_arguments(request, data))
                except Refusal as refusal:
                    return json_answer({"message": refusal.message, "documentation_url": "https://x"}, refusal.status)
                return self._shaped(request, method, answer)
        return json_answer({"message": "Not Found"}, 404)

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
        return json_answer(answer, 201 if created else 200)


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
