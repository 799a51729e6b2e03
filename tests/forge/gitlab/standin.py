"""A stand-in for GitLab: one project with a memory, served over HTTP, held to GitLab's own description."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote, unquote

from werkzeug.wrappers import Request, Response

from tests.forge.gitlab import described
from tests.forge.gitlab.records import Records
from tests.forge.records import Refusal
from tests.forge.served import StandIn, json_answer

PROPOSES = "glpat-mayPush"
"""Another token, with the role of a developer."""
ROLES = {"reporter": 20, "developer": 30}


class GitLab(StandIn[Records]):
    """The stand-in. The token is that of the bot `me` in the project, with a `role` there; `readable` are the groups
    that it may read."""

    def __init__(self, repository: str = "acme/mesh", git: str | None = None) -> None:
        super().__init__(repository, "glpat-thisIsTheToken", Records(repository, git))
        self.role = "reporter"
        self.readable: set[str] = set()

    def _is_known(self, request: Request) -> bool:
        return request.headers.get("PRIVATE-TOKEN") in (self.token, PROPOSES)

    def _role(self, request: Request) -> str:
        return "developer" if request.headers.get("PRIVATE-TOKEN") == PROPOSES else self.role

    def _path(self, request: Request) -> str:
        return str(request.environ["REQUEST_URI"]).partition("?")[0]

    def _checked(self, request: Request) -> Response:
        body = request.get_data()
        path = self._path(request)
        refused = described.refusal(request.method, path, request.args.to_dict(), body)
        if refused is not None:
            self.problems.append(refused)
            return json_answer({"error": refused}, 400)
        response = self._routed_raw(request, path, json.loads(body) if body else {})
        if response.status_code in (200, 201) and response.content_type.startswith("application/json"):
            wrong = described.undescribed(request.method, path, response.status_code, response.get_json())
            if wrong is not None:
                self.problems.append(wrong)
        return response

    def _routed_raw(self, request: Request, path: str, data: dict[str, Any]) -> Response:
        place = f"/api/v4/projects/{quote(self.repository, safe='')}"
        below = path.removeprefix(place) if path.startswith(place) else path.removeprefix("/api/v4")
        for (method, pattern), (role, name) in ROUTES.items():
            found = re.fullmatch(pattern, below)
            if method != request.method or found is None:
                continue
            if ROLES[role] > ROLES[self._role(request)]:
                return json_answer({"message": "403 Forbidden"}, 403)
            if name == "members_of" and unquote(found[1]) not in self.readable:
                return json_answer({"message": "404 Group Not Found"}, 404)
            query = {key: value for key, value in request.args.items() if key not in ("page", "per_page")}
            try:
                answer = getattr(self.records, name)(*map(unquote, found.groups()), **query, **data)
            except Refusal as refusal:
                return json_answer({"message": refusal.message}, refusal.status)
            return self._told(request, answer)
        return json_answer({"message": "404 Not Found"}, 404)

    def _told(self, request: Request, answer: Any) -> Response:
        if answer is None:
            return Response("", 204)
        if isinstance(answer, bytes):
            return Response(answer, 200, content_type="application/octet-stream")
        if request.method == "GET" and isinstance(answer, list):
            return self._page(request, answer, answer)
        return json_answer(answer, 201 if request.method == "POST" else 200)


_MR, _ISSUE = r"/merge_requests/(\d+)", r"/issues/(\d+)"
ROUTES: dict[tuple[str, str], tuple[str, str]] = {
    ("GET", r"/user"): ("reporter", "user"),
    ("GET", r"/users/(\d+)"): ("reporter", "user_of"),
    ("GET", r"/groups/([^/]+)/members"): ("reporter", "members_of"),
    ("GET", r"/members/all/(\d+)"): ("reporter", "member"),
    ("GET", r"/merge_requests"): ("reporter", "merge_requests_in"),
    ("POST", r"/merge_requests"): ("developer", "open_merge_request"),
    ("GET", _MR): ("reporter", "merge_request"),
    ("PUT", _MR): ("developer", "edit_merge_request"),
    ("GET", rf"{_MR}/approvals"): ("reporter", "approvals_of"),
    ("GET", rf"{_MR}/diffs"): ("reporter", "diffs_of"),
    ("GET", rf"{_MR}/merge_ref"): ("reporter", "merge_ref"),
    ("GET", rf"{_MR}/pipelines"): ("reporter", "pipelines_of"),
    ("GET", rf"{_MR}/versions"): ("reporter", "versions_of"),
    ("GET", rf"{_MR}/notes"): ("reporter", "notes_of"),
    ("POST", rf"{_MR}/notes"): ("reporter", "add_note"),
    ("PUT", rf"{_MR}/notes/(\d+)"): ("reporter", "edit_note"),
    ("DELETE", rf"{_MR}/notes/(\d+)"): ("reporter", "delete_note"),
    ("GET", rf"{_ISSUE}/notes"): ("reporter", "notes_of_issue"),
    ("POST", rf"{_ISSUE}/notes"): ("reporter", "add_note_to_issue"),
    ("PUT", rf"{_ISSUE}/notes/(\d+)"): ("reporter", "edit_note"),
    ("GET", r"/issues"): ("reporter", "issues_in"),
    ("POST", r"/issues"): ("reporter", "open_issue"),
    ("GET", _ISSUE): ("reporter", "issue"),
    ("PUT", _ISSUE): ("reporter", "edit_issue"),
    ("GET", r"/events"): ("reporter", "events_in"),
    ("GET", r"/deployments"): ("reporter", "deployments_in"),
    ("GET", r"/pipelines/(\d+)/jobs"): ("reporter", "jobs_of"),
    ("GET", r"/jobs/(\d+)/artifacts/plan\.json"): ("reporter", "artifact"),
    ("GET", r"/repository/branches/([^/]+)"): ("reporter", "branch"),
    ("POST", r"/repository/commits"): ("developer", "make_commit"),
    ("GET", r"/repository/commits/(\w+)/diff"): ("reporter", "diff"),
    ("GET", r"/repository/commits/(\w+)/merge_requests"): ("reporter", "merge_requests_of"),
    ("GET", r"/repository/files/([^/]+)/raw"): ("reporter", "file"),
}
