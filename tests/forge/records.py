"""What the stand-in remembers: comments, issues, pull requests, statuses, artifacts; and a git repository on disk."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tempfile
import zipfile
from typing import Any

from tests.forge.filled import filled, merged

LIMIT = 65_536


class Refusal(Exception):
    """GitHub says no."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class Records:
    """The memory. Methods are called by the routes with the path's parts, the query and the body."""

    def __init__(self, repository: str, git: str | None) -> None:
        self.repository, self.git = repository, git
        self.me = "github-actions[bot]"
        self.comments: dict[int, dict[str, Any]] = {}
        self.issues: dict[int, dict[str, Any]] = {}
        self.pulls: dict[int, dict[str, Any]] = {}
        self.statuses: list[tuple[str, dict[str, Any]]] = []
        self.artifacts: list[dict[str, Any]] = []
        self.downloads: dict[str, bytes] = {}
        self.merges: dict[str, list[int]] = {}
        self.reviews: dict[int, list[dict[str, Any]]] = {}
        self.pushes: list[dict[str, Any]] = []
        self.runs: list[dict[str, Any]] = []
        self.files: dict[int, list[dict[str, Any]]] = {}
        self.teams: dict[str, list[str]] = {}
        self._last = 100

    def number(self) -> int:
        """The next number."""
        self._last += 1
        return self._last

    # Comments

    def say(self, pull: int, body: str, login: str) -> dict[str, Any]:
        """A comment of somebody."""
        number = self.number()
        url = f"https://github.com/{self.repository}/pull/{pull}#issuecomment-{number}"
        record = filled("issue-comment", id=number, body=body, html_url=url)
        record["user"] = filled("simple-user", login=login, type="Bot" if login.endswith("[bot]") else "User")
        record["issue_url"] = f"https://api.github.com/repos/{self.repository}/issues/{pull}"
        self.comments[number] = record
        return record

    def comments_of(self, pull: str) -> list[dict[str, Any]]:
        return [each for each in self.comments.values() if each["issue_url"].endswith(f"/issues/{pull}")]

    def add_comment(self, pull: str, body: str) -> dict[str, Any]:
        _short(body)
        return self.say(int(pull), body, self.me)

    def edit_comment(self, number: str, body: str) -> dict[str, Any]:
        _short(body)
        if int(number) not in self.comments:
            raise Refusal(404, "Not Found")
        self.comments[int(number)] |= {"body": body, "updated_at": "2026-11-22T12:00:00Z"}
        return self.comments[int(number)]

    def delete_comment(self, number: str) -> None:
        del self.comments[int(number)]

    # Issues

    def issues_in(self, state: str = "open") -> list[dict[str, Any]]:
        return [each for each in self.issues.values() if each["state"] == state]

    def open_issue(self, title: str, body: str) -> dict[str, Any]:
        number = self.number()
        url = f"https://github.com/{self.repository}/issues/{number}"
        record = filled("issue", number=number, title=title, body=body, state="open", html_url=url)
        record["user"] = filled("simple-user", login=self.me)
        self.issues[number] = record
        return record

    def edit_issue(self, number: str, **fields: Any) -> dict[str, Any]:
        self.issues[int(number)].update(fields)
        return self.issues[int(number)]

    # Pull requests

    def add_pull(
        self, head: str, sha: str, *, fork: bool = False, number: int | None = None, author: str = "ada"
    ) -> int:
        """A pull request from a branch."""
        number = number or self.number()
        record = filled("pull-request", number=number, state="open", merged_at=None)
        record["html_url"] = f"https://github.com/{self.repository}/pull/{number}"
        owner = "mallory" if fork else self.repository.partition("/")[0]
        record = merged(record, head={"ref": head, "sha": sha, "label": f"{owner}:{head}"}, base={"ref": "main"})
        record["head"]["repo"] = filled("repository", id=666 if fork else 7)
        record["base"]["repo"] = filled("repository", id=7)
        record["user"] = filled("simple-user", login=author)
        self.pulls[number] = record
        return number

    def review(self, number: int, login: str, state: str = "APPROVED", commit: str | None = None) -> dict[str, Any]:
        """Somebody's review of a pull request, at its last commit or another one."""
        record = filled("pull-request-review", id=self.number(), state=state, submitted_at="2026-11-22T10:30:00Z")
        record |= {"user": filled("simple-user", login=login), "commit_id": commit or self.pulls[number]["head"]["sha"]}
        self.reviews.setdefault(number, []).append(record)
        return record

    def reviews_of(self, number: str) -> list[dict[str, Any]]:
        return self.reviews.get(int(number), [])

    def pushed(self, branch: str, sha: str, login: str) -> None:
        """Somebody has pushed to a branch."""
        record = filled(
            "activity", id=self.number(), after=sha.ljust(40, "0"), before="0" * 40, ref=f"refs/heads/{branch}"
        )
        self.pushes.insert(0, {**record, "activity_type": "push", "actor": filled("simple-user", login=login)})

    def activity_in(self, ref: str = "") -> list[dict[str, Any]]:
        return [each for each in self.pushes if not ref or each["ref"] == ref]

    def ran(self, workflow: str, commit: str, conclusion: str, event: str = "push", *, fork: bool = False) -> None:
        """A run of a workflow has come to its end on a commit of main."""
        record = filled(
            "workflow-run", id=self.number(), path=workflow, head_sha=commit, head_branch="main", event=event
        )
        record |= {"status": "completed", "conclusion": conclusion, "repository": filled("minimal-repository", id=7)}
        record["head_repository"] = filled("minimal-repository", id=666 if fork else 7)
        self.runs.insert(0, record)

    def runs_of(
        self, workflow: str, status: str = "", branch: str = "", event: str = "", head_sha: str = "", **_: str
    ) -> dict[str, Any]:
        rows = [each for each in self.runs if each["path"].rpartition("/")[2] == workflow]
        rows = [each for each in rows if not status or status in (each["status"], each["conclusion"])]
        for key, asked in (("head_branch", branch), ("event", event), ("head_sha", head_sha)):
            rows = [each for each in rows if asked in ("", each[key])]
        return {"total_count": len(rows), "workflow_runs": rows}

    def members_of(self, organization: str, team: str) -> list[dict[str, Any]]:
        if f"{organization}/{team}" not in self.teams:
            raise Refusal(404, "Not Found")
        return [filled("simple-user", login=login) for login in self.teams[f"{organization}/{team}"]]

    def merge(self, number: int, commit: str) -> None:
        """The pull request came into main by a commit."""
        self.pulls[number].update(state="closed", merged=True, merged_at="2026-11-22T11:00:00Z")
        self.merges.setdefault(commit, []).append(number)

    def pull(self, number: str) -> dict[str, Any]:
        if int(number) not in self.pulls:
            raise Refusal(404, "Not Found")
        return self.pulls[int(number)]

    def pulls_in(self, state: str = "open", head: str = "", **_: str) -> list[dict[str, Any]]:
        found = [each for each in self.pulls.values() if state in ("all", each["state"])]
        return [_simple(each) for each in found if not head or each["head"]["label"] == head]

    def touches(self, number: int, name: str, patch: str, status: str = "added") -> None:
        """A pull request changes a file, whatever git says."""
        record = filled("diff-entry", filename=name, status=status, sha="0" * 40, patch=patch)
        self.files.setdefault(number, []).append(record)

    def files_of(self, number: str) -> list[dict[str, Any]]:
        """By git: what a pull request changes, with the patch of each file."""
        if int(number) in self.files:
            return self.files[int(number)]
        head, found = self.pull(number)["head"]["sha"], []
        words = {"A": "added", "M": "modified", "D": "removed"}
        for line in self._run("diff", "--name-status", "--no-renames", f"main...{head}").splitlines():
            mark, _, name = line.partition("\t")
            patch = self._run("diff", f"main...{head}", "--", name).partition("@@")[2]
            found.append(filled("diff-entry", filename=name, status=words[mark], sha="0" * 40, patch=f"@@{patch}"))
        return found

    def pulls_of(self, commit: str) -> list[dict[str, Any]]:
        return [_simple(self.pulls[number]) for number in self.merges.get(commit, [])]

    def open_pull(self, title: str, head: str, base: str, body: str) -> dict[str, Any]:
        if any(each["head"]["ref"] == head for each in self.pulls_in("open")):
            raise Refusal(422, f"A pull request already exists for acme:{head}.")
        number = self.add_pull(head, self._run("rev-parse", head))
        self.pulls[number].update(title=title, body=body)
        return self.pulls[number]

    def edit_pull(self, number: str, **fields: Any) -> dict[str, Any]:
        self.pulls[int(number)].update(fields)
        return self.pulls[int(number)]

    # Statuses and artifacts

    def statuses_of(self, commit: str) -> list[dict[str, Any]]:
        return [record for sha, record in reversed(self.statuses) if sha == commit]

    def set_status(self, commit: str, **fields: Any) -> dict[str, Any]:
        record = {**filled("status"), **fields}
        self.statuses.append((commit, record))
        return record

    def upload(
        self,
        name: str,
        head: str,
        content: object,
        *,
        fork: bool = False,
        raw: bytes | None = None,
        workflow: str = "plan.yml",
        event: str = "pull_request",
    ) -> int:
        """An artifact with plan.json, uploaded by a run of a workflow on the head of the pull request that it names."""
        number = self.number()
        branch = self.pulls[int(name.rpartition("-")[2])]["head"]["ref"]
        self.ran(f".github/workflows/{workflow}", head, "success", event, fork=fork)
        self.runs[0] |= {"head_branch": branch, "pull_requests": []}
        memory = io.BytesIO()
        with zipfile.ZipFile(memory, "w") as archive:
            archive.writestr("plan.json", json.dumps(content))
        self.downloads[str(number)] = memory.getvalue() if raw is None else raw
        run = {
            "id": self.runs[0]["id"],
            "repository_id": 7,
            "head_repository_id": 666 if fork else 7,
            "head_branch": branch,
            "head_sha": head,
        }
        created = f"2026-11-22T10:{number // 60:02d}:{number % 60:02d}Z"
        record = filled("artifact", id=number, name=name, workflow_run=run, created_at=created, expired=False)
        self.artifacts.append(record)
        return number

    def artifacts_in(self, name: str = "") -> dict[str, Any]:
        rows = [each for each in self.artifacts if not name or each["name"] == name]
        return {"total_count": len(rows), "artifacts": rows}

    def download(self, number: str) -> tuple[str]:
        return (f"/_download/{number}",)

    # Git, on the repository on disk

    def ref(self, ref: str) -> dict[str, Any]:
        sha = self._run("rev-parse", "--verify", "--quiet", f"refs/{ref}", missing=404)
        return _ref(ref, sha)

    def commit(self, sha: str) -> dict[str, Any]:
        tree = self._run("rev-parse", f"{sha}^{{tree}}", missing=404)
        parents = self._run("log", "-1", "--format=%P", sha).split()
        return _commit(sha, tree, parents)

    def make_tree(self, base_tree: str, tree: list[dict[str, Any]]) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": os.path.join(folder, "index")}
            self._run("read-tree", base_tree, env=index)
            for entry in tree:
                if "content" in entry:
                    blob = self._run("hash-object", "-w", "--stdin", given=entry["content"])
                    self._run(
                        "update-index", "--add", "--cacheinfo", f"{entry['mode']},{blob},{entry['path']}", env=index
                    )
                    continue
                assert entry["sha"] is None
                if not self._run("ls-files", entry["path"], env=index):
                    raise Refusal(422, "GitRPC::BadObjectState")
                self._run("update-index", "--force-remove", entry["path"], env=index)
            sha = self._run("write-tree", env=index)
        return filled("git-tree", sha=sha, tree=[], truncated=False)

    def make_commit(self, message: str, tree: str, parents: list[str]) -> dict[str, Any]:
        flags = [part for parent in parents for part in ("-p", parent)]
        sha = self._run("commit-tree", tree, *flags, "-m", message)
        return _commit(sha, tree, parents)

    def make_ref(self, ref: str, sha: str) -> dict[str, Any]:
        if self._run("for-each-ref", ref):
            raise Refusal(422, "Reference already exists")
        self._run("update-ref", ref, sha)
        return _ref(ref.removeprefix("refs/"), sha)

    def move_ref(self, ref: str, sha: str, force: bool = False) -> dict[str, Any]:
        assert force
        self._run("update-ref", f"refs/{ref}", sha)
        return _ref(ref, sha)

    def _run(
        self, *arguments: str, env: dict[str, str] | None = None, missing: int | None = None, given: str = ""
    ) -> str:
        assert self.git is not None
        who = {"GIT_AUTHOR_NAME": "bot", "GIT_AUTHOR_EMAIL": "bot@example.com"}
        who |= {"GIT_COMMITTER_NAME": "bot", "GIT_COMMITTER_EMAIL": "bot@example.com"}
        done = subprocess.run(
            ["git", "-C", self.git, *arguments],
            input=given,
            capture_output=True,
            text=True,
            env={**os.environ, **who, **(env or {})},
        )
        if done.returncode and missing is not None:
            raise Refusal(missing, "Not Found")
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


def _short(body: str) -> None:
    if len(body) > LIMIT:
        raise Refusal(422, "Body is too long (maximum is 65536 characters)")


def _simple(record: dict[str, Any]) -> dict[str, Any]:
    """A pull request as lists have it."""
    simple = filled("pull-request-simple")
    return {**simple, **{key: record[key] for key in simple if key in record}, "merged_at": record["merged_at"]}


def _ref(ref: str, sha: str) -> dict[str, Any]:
    record = filled("git-ref", ref=f"refs/{ref}")
    return merged(record, object={"sha": sha.ljust(40, "0"), "type": "commit"})


def _commit(sha: str, tree: str, parents: list[str]) -> dict[str, Any]:
    record = filled("git-commit", sha=sha)
    record["parents"] = [{"sha": each, "url": "https://x/y", "html_url": "https://x/y"} for each in parents]
    return merged(record, tree={"sha": tree})
