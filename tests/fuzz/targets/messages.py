"""What comes over the network, and may come from anybody: events, answers of forges, forms, comments."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from typing import Any

import urllib3

from reconciler.catalog.asking import Wish, asked, product_of, purpose, readers_of
from reconciler.catalog.form import form_answers
from reconciler.cli.answer import last_day
from reconciler.drift.events import heard, read_scope_of_calls
from reconciler.errors import MeshformError
from reconciler.forge.client import ForgeClient
from reconciler.forge.github.client import Client as GitHubClient
from reconciler.forge.github.repository import Repository
from reconciler.forge.gitlab.client import Client as GitLabClient
from reconciler.forge.gitlab.project import Project
from reconciler.forge.protocol import NewProposal, PullRequest
from reconciler.kinds import registry
from reconciler.model.plain_json import plain_json
from reconciler.owners.acceptance import line, said
from reconciler.spec.load import load
from reconciler.spec.mesh import Mesh
from tests.drift.test_causes import granting
from tests.drift.test_events import event as event_of
from tests.estate import bank
from tests.fuzz.target import Target, is_clean
from tests.spec.small import FILES, TODAY, loaded, sources

_PULL = PullRequest(7, "a" * 40, "main", False, True, "https://github.com/acme/mesh/pull/7", "ada", "topic")


def event(data: bytes) -> str:
    """A message of a queue: at worst it makes us read something."""
    found = heard([data.decode("utf-8", "replace")], bank(), registry())
    scope = read_scope_of_calls(found.calls, bank(), registry())
    return f"{len(found.calls)} calls, {sorted(found.others)}, {len(scope.places)} places"


def form(data: bytes) -> str:
    """The form of an issue: it becomes a document, and never another one than is asked for."""
    mesh, body = _mesh(), data.decode("utf-8", "replace")
    answers = form_answers(body)
    consumer, principals = readers_of(mesh, [each.strip() for each in answers["readers"].split(",") if each.strip()])
    until = last_day(answers["until"]) if answers["until"] else None
    columns = tuple(each.strip() for each in answers["columns"].split(",") if each.strip())
    product = product_of(mesh, answers["product"])
    up_to, rows = answers["up_to"] or None, answers["rows"] or None
    wish = Wish(product, consumer, principals, purpose(answers["why"]), until, up_to, columns, rows)
    document = asked(mesh, wish)
    found = load([*sources(FILES), *sources({document.path: document.text})], TODAY, like=loaded(FILES))
    for finding in found.findings:
        assert is_clean(str(finding.message)), finding.message
    if found.mesh is not None:
        made = found.mesh.written[document.name]
        assert (made.purpose, made.principals) == (wish.purpose, wish.principals), "the document says something else"
    return f"{document.path}: {[each.rule for each in found.findings]}"


def comment(data: bytes) -> str:
    """A comment on a pull request: what it accepts can be said again."""
    found = [*said(data.decode("utf-8", "replace"))]
    for each in found:
        assert [*said(line(each.rule, each.digest, each.reason))] == [each]
    return f"{len(found)} accepted"


class _Told(ForgeClient):
    """A client to whom each request is answered by what stands under its path, with all numbers called N."""

    __slots__ = ()

    def _request(
        self, method: str, url: str, body: Mapping[str, Any] | None, *, safe: bool
    ) -> urllib3.BaseHTTPResponse:
        del body, safe
        said = url.removeprefix(self.api).removeprefix(self.place("")).partition("?")[0]
        path = re.sub(r"\b(\d+|[0-9a-f]{40})\b", "N", said)
        answer = _ANSWERS.get(f"{method} {path}")
        if isinstance(answer, dict) and answer.keys() == {"status", "headers", "data"}:
            code = answer["status"] if isinstance(answer["status"], int) and 100 <= answer["status"] < 600 else 500
            headers = answer["headers"] if isinstance(answer["headers"], dict) else {}
            told, answer = {str(name): str(value) for name, value in headers.items()}, answer["data"]
        else:
            code, told = 200, {}
        content = answer if isinstance(answer, str) else json.dumps(answer)
        return urllib3.HTTPResponse(BytesIO(content.encode("utf-8", "surrogatepass")), told, code, preload_content=True)


_ANSWERS: dict[str, Any] = {}


class _GitHub(_Told, GitHubClient):
    __slots__ = ()


class _GitLab(_Told, GitLabClient):
    __slots__ = ()


def _slept(seconds: float) -> None:
    assert seconds >= 0, seconds


def github(data: bytes) -> str:
    """What GitHub, or whoever stands between, answers to each verb; and the event of a job."""
    try:
        told: Any = plain_json(data)
    except ValueError:
        told = {"GET /": data.decode("latin-1")}
    answers = told if isinstance(told, dict) else {}
    event = answers.get("event")
    client = _GitHub("acme/mesh", "token", patience=100.0, sleep=_slept)
    return _asked(Repository(client, event if isinstance(event, dict) else {}), answers)


def gitlab(data: bytes) -> str:
    """The same of GitLab."""
    try:
        told: Any = plain_json(data)
    except ValueError:
        told = {"GET /": data.decode("latin-1")}
    client = _GitLab("acme/mesh", "token", patience=100.0, sleep=_slept)
    return _asked(Project(client, 7, 7), told if isinstance(told, dict) else {})


def _asked(here: Any, answers: Mapping[str, Any]) -> str:
    _ANSWERS.clear()
    _ANSWERS.update(answers)
    found = []
    for verb in _VERBS:
        try:
            found.append(str(verb(here))[:30])
        except MeshformError as error:
            text = str(error)
            assert text.strip()
            found.append(text[:40])
    return "; ".join(sorted({*found}))


_VERBS: tuple[Callable[[Any], object], ...] = (
    lambda here: here.upsert_comment(7, "<!-- x -->", lambda body: f"{body}", "bot"),
    lambda here: here.upsert_issue("<!-- x -->", "title", "body", "bot"),
    lambda here: here.close_issue("<!-- x -->", "bye", "bot"),
    lambda here: here.open_issues("<!-- x", "bot"),
    lambda here: here.post_status("a" * 40, "x", "success", "fine", None),
    lambda here: here.applied(["a" * 40], "main"),
    lambda here: here.approvals(_PULL),
    lambda here: here.acceptances(_PULL),
    lambda here: here.pushed_by(_PULL, frozenset({"a" * 40})),
    lambda here: here.members("acme/sales"),
    lambda here: here.reviewed_plan(_PULL),
    lambda here: here.pull_request(None),
    lambda here: here.pull_request(7),
    lambda here: here.issue(),
    lambda here: here.proposals("mesh"),
    lambda here: here.merged_by("a" * 40),
    lambda here: here.propose(NewProposal("main", "meshform/x", {"a": "b"}, "t", "b")),
)


@cache
def _mesh() -> Mesh:
    mesh = loaded(FILES).mesh
    assert mesh is not None
    return mesh


def _answers() -> dict[str, object]:
    user = {"login": "ada", "type": "User"}
    pull = {
        "number": 7, "html_url": "https://github.com/acme/mesh/pull/7", "merged_at": "2026-11-22T09:30:00Z",
        "user": user,
        "head": {"sha": "a" * 40, "ref": "topic", "repo": {"id": 1}}, "base": {"ref": "main", "repo": {"id": 1}},
        "state": "open", "title": "x", "closed_at": None, "updated_at": "2026-11-22T09:30:00Z",
    }  # fmt: skip
    row = {
        "id": 1, "number": 7, "body": "<!-- x -->\n" + line("mass-delete", "0" * 24, "Agreed"), "user": user,
        "created_at": "2026-11-22T09:30:00Z", "updated_at": "2026-11-22T09:30:00Z", "html_url": "https://github.com/x",
    }  # fmt: skip
    run = {
        "head_sha": "a" * 40, "head_repository": {"id": 1}, "repository": {"id": 1}, "event": "push",
        "conclusion": "success",
    }  # fmt: skip
    artifact = {
        "id": 1, "created_at": "2026-11-22T09:30:00Z", "expired": False,
        "workflow_run": {"id": 1, "repository_id": 1, "head_repository_id": 1, "head_sha": "a" * 40},
    }  # fmt: skip
    planned = {
        **run, "id": 1, "path": ".github/workflows/plan.yml", "event": "pull_request", "head_branch": "x",
        "pull_requests": [],
    }  # fmt: skip
    return {
        "event": {"pull_request": {"number": 7}, "issue": {**row, "body": _FORM}, "workflow_run": {"head_branch": "x"}},
        "GET /issues/N/comments": [row], "POST /issues/N/comments": row, "PATCH /issues/comments/N": row,
        "GET /issues": [row], "POST /issues": row, "PATCH /issues/N": row, "POST /statuses/N": {},
        "GET /actions/workflows/apply.yml/runs": {"workflow_runs": [run]},
        "GET /actions/workflows/plan.yml/runs": {"workflow_runs": [planned]},
        "GET /pulls/N/reviews": [{"user": user, "state": "APPROVED", "commit_id": "a" * 40, "submitted_at": "x"}],
        "GET /activity": [{"actor": user, "after": "a" * 40}], "GET /orgs/acme/teams/sales/members": [user],
        "GET /actions/artifacts": {"artifacts": [artifact]}, "GET /actions/artifacts/N/zip": "PK",
        "GET /pulls/N": pull, "GET /pulls": [{**pull, "merged_at": None}], "GET /commits/N/pulls": [pull],
        "GET /pulls/N/files": [{"filename": "mesh/a.yaml", "status": "added", "patch": "+a"}],
        "GET /git/ref/heads/main": {"object": {"sha": "a" * 40}}, "GET /git/commits/N": {"tree": {"sha": "b" * 40}},
        "POST /git/trees": {"sha": "c" * 40}, "POST /git/commits": {"sha": "d" * 40}, "POST /git/refs": {},
        "PATCH /pulls/N": pull, "POST /pulls": pull,
    }  # fmt: skip


def _gitlab_answers() -> dict[str, object]:
    user = {"id": 5, "username": "ada", "state": "active", "bot": False, "access_level": 40, "expires_at": None}
    request = {
        "iid": 7, "sha": "a" * 40, "target_branch": "main", "source_branch": "topic", "source_project_id": 1,
        "target_project_id": 1, "state": "merged", "web_url": "https://gitlab.com/acme/mesh/-/merge_requests/7",
        "author": user, "title": "x", "updated_at": "2026-11-22T09:30:00Z", "closed_at": None,
    }  # fmt: skip
    note = {
        "id": 1, "body": line("mass-delete", "0" * 24, "Agreed"), "system": False, "author": user,
        "created_at": "2026-11-22T09:30:00Z", "updated_at": "2026-11-22T09:30:00Z",
    }  # fmt: skip
    issue = {
        "iid": 7, "state": "opened", "description": "<!-- x -->", "author": user, "web_url": "https://gitlab.com/x",
    }  # fmt: skip
    job = {
        "id": 1, "name": "apply", "status": "success", "ref": "main", "commit": {"id": "a" * 40}, "user": user,
        "pipeline": {"source": "push", "id": 1}, "created_at": "2026-11-22T09:30:00Z", "tag": False,
    }  # fmt: skip
    push = {"push_data": {"ref_type": "branch", "ref": "topic", "commit_to": "a" * 40}, "author_username": "ada"}
    run = {"id": 1, "project_id": 1, "ref": "refs/merge-requests/7/head", "sha": "a" * 40}
    run["source"] = "merge_request_event"
    return {
        "GET /user": user, "GET /users/N": user, "GET /members/all/N": user, "GET /groups/acme%2Fsales/members": [user],
        "GET /merge_requests/N": request, "GET /merge_requests": [{**request, "state": "opened"}],
        "GET /repository/commits/N/merge_requests": [request], "GET /merge_requests/N/notes": [note],
        "POST /merge_requests/N/notes": note, "PUT /merge_requests/N/notes/N": note,
        "GET /merge_requests/N/approvals": {"approved_by": [{"user": user, "approved_at": "2026-11-22T10:30:00Z"}]},
        "GET /merge_requests/N/versions": [{"created_at": "2026-11-22T09:30:00Z", "head_commit_sha": "a" * 40}],
        "GET /deployments": [{"deployable": job}], "GET /merge_requests/N/pipelines": [run],
        "GET /pipelines/N/jobs": [job], "GET /jobs/N/artifacts/plan.json": {"version": 1}, "GET /events": [push],
        "GET /merge_requests/N/diffs": [{"new_path": "mesh/a.yaml", "new_file": True, "diff": "+a"}],
        "GET /issues": [issue], "GET /issues/N": issue, "POST /issues": issue, "PUT /issues/N": issue,
        "POST /issues/N/notes": note, "GET /repository/branches/main": {"commit": {"id": "a" * 40}},
        "POST /repository/commits": {"id": "b" * 40}, "POST /merge_requests": request,
        "PUT /merge_requests/N": request,
    }  # fmt: skip


def _limited(answers: dict[str, object]) -> dict[str, object]:
    """The same with a limit in the place of one of them."""
    first = min(each for each in answers if each.startswith("GET "))
    headers = {"retry-after": "1", "link": '<https://x>; rel="next"'}
    return {**answers, first: {"status": 429, "headers": headers, "data": {"message": "x"}}}


_FORM = """\
### Product

sales/orders

### Who reads

lab/analyst

### Up to which label

internal

### Columns

_No response_

### What for

A study of orders.

### Last day

2099-06-30
"""
TARGETS = (
    Target(
        "comment", "text", comment, lambda: [line("mass-delete", "0" * 24, "Agreed by the board").encode() + b"\nx"]
    ),
    Target(
        "event",
        "json",
        event,
        lambda: [
            json.dumps(event_of("GrantPermissions", requestParameters=granting())).encode(),
            json.dumps(event_of("CreateTable", "glue", requestParameters={"databaseName": "credit-card"})).encode(),
        ],
    ),
    Target("form", "text", form, lambda: [_FORM.encode(), _FORM.replace("_No response_", "order.id").encode()]),
    Target(
        "github", "json", github, lambda: [json.dumps(each).encode() for each in (_answers(), _limited(_answers()))]
    ),
    Target(
        "gitlab",
        "json",
        gitlab,
        lambda: [json.dumps(each).encode() for each in (_gitlab_answers(), _limited(_gitlab_answers()))],
    ),
)
