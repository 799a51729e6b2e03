"""What the stand-in for GitLab remembers: users, merge requests, notes, pushes, jobs; and a git repository on disk."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.forge.records import Refusal

BEGIN = datetime(2026, 11, 22, 10, tzinfo=UTC)
PROJECT, FORK = 7, 666


class Records:
    """The memory. Methods are called by the routes with the path's parts, the query and the body. Each thing that
    happens is a minute after the one before."""

    def __init__(self, repository: str, git: str | None) -> None:
        self.repository, self.git = repository, git
        self.me = "project_7_bot_0a1b"
        self.users: dict[str, dict[str, Any]] = {}
        self.merge_requests: dict[int, dict[str, Any]] = {}
        self.issues: dict[int, dict[str, Any]] = {}
        self.notes: dict[int, dict[str, Any]] = {}
        self.approved: dict[int, list[dict[str, Any]]] = {}
        self.versions: dict[int, list[dict[str, Any]]] = {}
        self.diffs: dict[int, list[dict[str, Any]]] = {}
        self.events: list[dict[str, Any]] = []
        self.deployments: list[dict[str, Any]] = []
        self.pipelines: dict[int, list[dict[str, Any]]] = {}
        self.jobs: dict[int, list[dict[str, Any]]] = {}
        self.kept: dict[int, bytes] = {}
        self.merges: dict[str, list[int]] = {}
        self.groups: dict[str, list[dict[str, Any]]] = {}
        self.outsiders: set[str] = set()
        self._last = 100
        self._is_bot = {self.me}

    def number(self) -> int:
        """The next number."""
        self._last += 1
        return self._last

    def now(self) -> str:
        """The next moment, as GitLab writes it."""
        return (BEGIN + timedelta(minutes=self.number())).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    # Users

    def who(self, login: str) -> dict[str, Any]:
        """A user as other records have him."""
        if login not in self.users:
            self.users[login] = {"id": self.number(), "username": login, "name": login.title(), "state": "active"}
        return self.users[login]

    def bot(self, login: str) -> None:
        """The user is that of a token, or a service account."""
        self._is_bot.add(login)

    def user(self) -> dict[str, Any]:
        return {key: self.who(self.me)[key] for key in ("id", "username", "name")}

    def user_of(self, number: str) -> dict[str, Any]:
        found = next((each for each in self.users.values() if each["id"] == int(number)), None)
        if found is None:
            raise Refusal(404, "404 User Not Found")
        return {**found, "bot": found["username"] in self._is_bot}

    def member(self, number: str) -> dict[str, Any]:
        found = self.user_of(number)
        if found["username"] in self.outsiders:
            raise Refusal(404, "404 Not found")
        return {key: found[key] for key in ("id", "username", "name", "state")} | {"access_level": 30}

    def join(self, group: str, login: str, level: int = 30, **fields: Any) -> None:
        """Somebody is a member of a group."""
        row = {**self.who(login), "access_level": level, "expires_at": None, "membership_state": "active"}
        self.groups.setdefault(group, []).append({**row, **fields})

    def members_of(self, group: str) -> list[dict[str, Any]]:
        if group not in self.groups:
            raise Refusal(404, "404 Group Not Found")
        return self.groups[group]

    # Merge requests

    def add(self, branch: str, sha: str, *, author: str = "ada", fork: bool = False, number: int | None = None) -> int:
        """A merge request from a branch."""
        iid = number or self.number()
        self.merge_requests[iid] = {
            "iid": iid,
            "project_id": PROJECT,
            "title": "Change",
            "description": "",
            "state": "opened",
            "sha": sha,
            "source_branch": branch,
            "target_branch": "main",
            "source_project_id": FORK if fork else PROJECT,
            "target_project_id": PROJECT,
            "author": self.who(author),
            "web_url": f"https://gitlab.example/{self.repository}/-/merge_requests/{iid}",
            "updated_at": self.now(),
            "closed_at": None,
            "merged_at": None,
        }
        self.push(iid, sha)
        return iid

    def push(self, iid: int, sha: str) -> None:
        """A push to the branch of a merge request: GitLab makes a version of it."""
        self.merge_requests[iid]["sha"] = sha
        version = {"id": self.number(), "head_commit_sha": sha, "created_at": self.now(), "state": "collected"}
        self.versions.setdefault(iid, []).insert(0, version)

    def approve(self, iid: int, login: str, **fields: Any) -> None:
        """Somebody approves a merge request now."""
        self.approved.setdefault(iid, []).append({"user": self.who(login), "approved_at": self.now(), **fields})

    def merge(self, iid: int, *commits: str) -> None:
        """It came into its branch by these commits."""
        self.merge_requests[iid] |= {"state": "merged", "merged_at": self.now()}
        for commit in commits:
            self.merges.setdefault(commit, []).append(iid)

    def merge_request(self, iid: str) -> dict[str, Any]:
        if int(iid) not in self.merge_requests:
            raise Refusal(404, "404 Not found")
        return self.merge_requests[int(iid)]

    def merge_requests_in(
        self, state: str = "all", source_branch: str = "", order_by: str = "", sort: str = "desc"
    ) -> list[dict[str, Any]]:
        rows = [each for each in self.merge_requests.values() if state in ("all", each["state"])]
        return [each for each in rows if source_branch in ("", each["source_branch"])]

    def merge_requests_of(self, commit: str) -> list[dict[str, Any]]:
        return [self.merge_requests[iid] for iid in self.merges.get(commit, [])]

    def open_merge_request(self, source_branch: str, target_branch: str, **fields: Any) -> dict[str, Any]:
        fields.pop("remove_source_branch", None)
        if any(each["source_branch"] == source_branch for each in self.merge_requests_in("opened")):
            raise Refusal(409, "Another open merge request already exists for this source branch")
        iid = self.add(source_branch, self._run("rev-parse", source_branch), author=self.me)
        self.merge_requests[iid] |= {"target_branch": target_branch, **fields}
        return self.merge_requests[iid]

    def edit_merge_request(self, iid: str, **fields: Any) -> dict[str, Any]:
        self.merge_requests[int(iid)] |= fields
        return self.merge_requests[int(iid)]

    def approvals_of(self, iid: str) -> dict[str, Any]:
        return {"approved": bool(self.approved.get(int(iid))), "approved_by": self.approved.get(int(iid), [])}

    def versions_of(self, iid: str) -> list[dict[str, Any]]:
        return self.versions[int(iid)]

    def diffs_of(self, iid: str) -> list[dict[str, Any]]:
        return self.diffs.get(int(iid), [])

    def merge_ref(self, iid: str) -> dict[str, Any]:
        base, head = "main", self.merge_requests[int(iid)]["sha"]
        done = self._try("merge-tree", "--write-tree", base, head)
        if done.returncode:
            raise Refusal(400, "Merge conflict")
        sha = self._run("commit-tree", done.stdout.split()[0], "-p", base, "-p", head, "-m", "Merge")
        self._run("update-ref", f"refs/merge-requests/{iid}/merge", sha)
        return {"commit_id": sha}

    # Notes and issues

    def say(self, iid: int, body: str, login: str, *, kind: str = "MergeRequest", **fields: Any) -> dict[str, Any]:
        """A note of somebody."""
        at = self.now()
        row = {"id": self.number(), "type": None, "body": body, "author": self.who(login), "system": False}
        row |= {"created_at": at, "updated_at": at, "noteable_type": kind, "noteable_iid": iid, "internal": False}
        self.notes[row["id"]] = {**row, "confidential": False, "imported": False, **fields}
        return self.notes[row["id"]]

    def notes_of(self, iid: str, kind: str = "MergeRequest", sort: str = "", order_by: str = "") -> list[Any]:
        rows = [each for each in self.notes.values() if each["noteable_type"] == kind]
        return [each for each in rows if each["noteable_iid"] == int(iid)]

    def notes_of_issue(self, iid: str, **order: str) -> list[Any]:
        return self.notes_of(iid, "Issue", **order)

    def add_note(self, iid: str, body: str) -> dict[str, Any]:
        return self.say(int(iid), _not_carried_out(body), self.me)

    def add_note_to_issue(self, iid: str, body: str) -> dict[str, Any]:
        return self.say(int(iid), _not_carried_out(body), self.me, kind="Issue")

    def edit_note(self, iid: str, number: str, body: str) -> dict[str, Any]:
        if int(number) not in self.notes:
            raise Refusal(404, "404 Note Not Found")
        self.notes[int(number)] |= {"body": _not_carried_out(body), "updated_at": self.now()}
        return self.notes[int(number)]

    def delete_note(self, iid: str, number: str) -> None:
        del self.notes[int(number)]

    def issues_in(self, state: str = "opened", author_username: str = "") -> list[dict[str, Any]]:
        rows = [each for each in self.issues.values() if each["state"] == state]
        return [each for each in rows if author_username in ("", each["author"]["username"])]

    def open_issue(self, title: str, description: str, author: str | None = None) -> dict[str, Any]:
        iid = self.number()
        row = {"iid": iid, "title": title, "description": _not_carried_out(description), "state": "opened"}
        row |= {"author": self.who(author or self.me), "web_url": f"https://gitlab.example/x/-/issues/{iid}"}
        self.issues[iid] = row
        return row

    def issue(self, iid: str) -> dict[str, Any]:
        if int(iid) not in self.issues:
            raise Refusal(404, "404 Not found")
        return self.issues[int(iid)]

    def edit_issue(self, iid: str, state_event: str = "", **fields: Any) -> dict[str, Any]:
        self.issues[int(iid)] |= fields | ({"state": "closed"} if state_event == "close" else {})
        return self.issues[int(iid)]

    # Pushes, jobs and deployments

    def pushed(self, branch: str, sha: str, login: str, *, action: str = "pushed", **fields: Any) -> None:
        """Somebody has pushed to a branch."""
        push = {"action": action, "ref_type": "branch", "commit_from": None, "commit_to": sha, "ref": branch}
        event = {"id": self.number(), "project_id": PROJECT, "action_name": "pushed to", "author": self.who(login)}
        self.events.insert(0, {**event, "author_username": login, "push_data": {**push, **fields}})

    def events_in(self, action: str) -> list[dict[str, Any]]:
        assert action == "pushed"
        return self.events

    def ran(
        self,
        name: str,
        sha: str,
        *,
        ref: str = "main",
        status: str = "success",
        source: str = "push",
        tag: bool = False,
    ) -> None:
        """A job has deployed to the environment."""
        pipeline = {"id": self.number(), "ref": ref, "sha": sha, "source": source, "project_id": PROJECT}
        job = {"id": self.number(), "name": name, "status": status, "ref": ref, "tag": tag, "pipeline": pipeline}
        job["commit"] = {"id": sha}
        self.deployments.insert(
            0, {"id": self.number(), "sha": sha, "ref": ref, "status": "success", "deployable": job}
        )

    def deployments_in(self, environment: str, status: str, order_by: str, sort: str) -> list[dict[str, Any]]:
        assert (environment, status) == ("production", "success")
        return self.deployments

    def planned(
        self,
        iid: int,
        plan: object,
        *,
        sha: str = "",
        ref: str = "head",
        project: int = PROJECT,
        name: str = "plan",
        source: str = "merge_request_event",
    ) -> int:
        """A pipeline of a merge request has kept a plan."""
        head = self.merge_requests[iid]["sha"]
        pipeline = {"id": self.number(), "project_id": project, "sha": sha or head, "source": source}
        self.pipelines.setdefault(iid, []).insert(0, {**pipeline, "ref": f"refs/merge-requests/{iid}/{ref}"})
        job = self.number()
        parents = ["b" * 40] if not sha else ["b" * 40, head]
        row = {"id": job, "name": name, "status": "success", "commit": {"id": sha or head, "parent_ids": parents}}
        self.jobs[pipeline["id"]] = [row]
        self.kept[job] = plan if isinstance(plan, bytes) else json.dumps(plan).encode()
        return job

    def pipelines_of(self, iid: str) -> list[dict[str, Any]]:
        return self.pipelines.get(int(iid), [])

    def jobs_of(self, pipeline: str, scope: str) -> list[dict[str, Any]]:
        return [each for each in self.jobs[int(pipeline)] if each["status"] == scope]

    def artifact(self, job: str) -> bytes:
        if int(job) not in self.kept:
            raise Refusal(404, "404 Not Found")
        return self.kept[int(job)]

    # Git, on the repository on disk

    def branch(self, name: str) -> dict[str, Any]:
        done = self._try("rev-parse", "--verify", "--quiet", f"refs/heads/{name}")
        if done.returncode:
            raise Refusal(404, "404 Branch Not Found")
        sha = done.stdout.strip()
        return {"name": name, "commit": {"id": sha, "parent_ids": self._run("log", "-1", "--format=%P", sha).split()}}

    def file(self, path: str, ref: str) -> bytes:
        done = self._try("show", f"{ref}:{path}")
        if done.returncode:
            raise Refusal(404, "404 File Not Found")
        return done.stdout.encode()

    def diff(self, commit: str) -> list[dict[str, Any]]:
        names = self._run("diff", "--name-only", f"{commit}^", commit).splitlines()
        return [{"old_path": each, "new_path": each} for each in names]

    def make_commit(
        self, branch: str, commit_message: str, actions: list[dict[str, Any]], start_sha: str = "", force: bool = False
    ) -> dict[str, Any]:
        assert force
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": os.path.join(folder, "index")}
            self._run("read-tree", start_sha, env=index)
            for action in actions:
                path = action["file_path"]
                is_there = bool(self._run("ls-files", path, env=index))
                if is_there == (action["action"] == "create"):
                    raise Refusal(400, "A file with this name already exists" if is_there else "It doesn't exist")
                if action["action"] == "delete":
                    self._run("update-index", "--force-remove", path, env=index)
                    continue
                blob = self._run("hash-object", "-w", "--stdin", given=action["content"])
                self._run("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", env=index)
            tree = self._run("write-tree", env=index)
        sha = self._run("commit-tree", tree, "-p", start_sha, "-m", commit_message)
        self._run("update-ref", f"refs/heads/{branch}", sha)
        return {"id": sha, "parent_ids": [start_sha]}

    def _run(self, *arguments: str, env: dict[str, str] | None = None, given: str = "") -> str:
        done = self._try(*arguments, env=env, given=given)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def _try(
        self, *arguments: str, env: dict[str, str] | None = None, given: str = ""
    ) -> subprocess.CompletedProcess[str]:
        assert self.git is not None
        who = {"GIT_AUTHOR_NAME": "bot", "GIT_AUTHOR_EMAIL": "bot@example.com"}
        who |= {"GIT_COMMITTER_NAME": "bot", "GIT_COMMITTER_EMAIL": "bot@example.com"}
        command = ["git", "-C", self.git, *arguments]
        return subprocess.run(
            command, input=given, capture_output=True, text=True, env={**os.environ, **who, **(env or {})}
        )


def _not_carried_out(text: str) -> str:
    """GitLab does what a line says that begins with a slash, and takes it out: nothing of ours may ask for that."""
    assert not any(line.startswith("/") for line in text.replace("\r", "").split("\n")), text
    return text
