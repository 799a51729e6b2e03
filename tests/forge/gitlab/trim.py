"""Cut GitLab's API description down to the paths that we use, and add what it leaves out, from GitLab's own pages.

The description is doc/api/openapi/openapi_v2.yaml of gitlab-org/gitlab at 54ad755d436bf21a4cfc2c1bb401571d03574ef1, as
swagger2openapi makes OpenAPI 3 of it (specs/gitlab-openapi3.yaml of github.com/gkze/curator at 957d9c1):

python -m tests.forge.gitlab.trim gitlab-openapi3.yaml
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.forge.trim import trimmed

OUT = Path(__file__).with_name("gitlab.trimmed.json")
PROJECT = "/api/v4/projects/{id}"
MERGE_REQUEST = "/merge_requests/{merge_request_iid}"
USED = {
    "/merge_requests": ["get", "post"],
    MERGE_REQUEST: ["get", "put"],
    f"{MERGE_REQUEST}/approvals": ["get"],
    f"{MERGE_REQUEST}/diffs": ["get"],
    f"{MERGE_REQUEST}/merge_ref": ["get"],
    f"{MERGE_REQUEST}/pipelines": ["get"],
    f"{MERGE_REQUEST}/versions": ["get"],
    "/deployments": ["get"],
    "/events": ["get"],
    "/issues": ["get", "post"],
    "/issues/{issue_iid}": ["get", "put"],
    "/jobs/{job_id}/artifacts/*artifact_path": ["get"],
    "/members/all/{user_id}": ["get"],
    "/pipelines/{pipeline_id}/jobs": ["get"],
    "/repository/branches/{branch}": ["get"],
    "/repository/commits": ["post"],
    "/repository/commits/{sha}/diff": ["get"],
    "/repository/commits/{sha}/merge_requests": ["get"],
    "/repository/files/{file_path}/raw": ["get"],
}
ELSEWHERE = {"/api/v4/groups/{id}/members": ["get"], "/api/v4/user": ["get"]}


def _body(*required: str, **kinds: str) -> dict[str, Any]:
    fields = {name: {"type": kind} for name, kind in kinds.items()}
    return {"content": {"application/json": {"schema": {"type": "object", "required": required, "properties": fields}}}}


def _answer(status: str, entity: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{entity}"}
    return {status: {"description": "-", "content": {"application/json": {"schema": schema}}}}


_ORDER = [{"in": "query", "name": name, "schema": {"type": "string"}} for name in ("sort", "order_by")]
_NOTE, _USER = _answer("200", "API_Entities_Note"), _answer("200", "API_Entities_User")
_MADE = _answer("201", "API_Entities_Note")
_WRITES = _body("body", body="string", created_at="string", internal="boolean")


def _notes(place: str) -> dict[str, Any]:
    return {
        place: {
            "get": {"parameters": _ORDER, "responses": _NOTE},
            "post": {"requestBody": _WRITES, "responses": _MADE},
        },
        f"{place}/{{note_id}}": {
            "put": {"requestBody": _body("body", body="string"), "responses": _NOTE},
            "delete": {"responses": {"204": {"description": "-"}}},
        },
    }


#: What the description has not, or not right: doc/api/notes.md, users.md and commits.md of gitlab-org/gitlab.
ADDED: dict[str, Any] = {
    **_notes(f"{PROJECT}{MERGE_REQUEST}/notes"),
    **_notes(f"{PROJECT}/issues/{{issue_iid}}/notes"),
    "/api/v4/users/{id}": {"get": {"parameters": [], "responses": _USER}},
}
_COMMITS = _body(
    "branch",
    "commit_message",
    "actions",
    branch="string",
    commit_message="string",
    start_sha="string",
    start_branch="string",
    actions="array",
    author_name="string",
    author_email="string",
    force="boolean",
)


if __name__ == "__main__":
    whole = yaml.load(Path(sys.argv[1]).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    whole["paths"].update(ADDED)
    whole["paths"][f"{PROJECT}/repository/commits"]["post"]["requestBody"] = _COMMITS
    used = {f"{PROJECT}{path}": methods for path, methods in USED.items()}
    added = {path: list(methods) for path, methods in ADDED.items()}
    description = trimmed(whole, {**used, **ELSEWHERE, **added})
    text = json.dumps(description, separators=(",", ":"), ensure_ascii=False, default=str)
    OUT.write_text(text + "\n", encoding="utf-8")
