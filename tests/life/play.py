"""A mesh repository on disk, the stand-in for GitHub, the simulated AWS, and the workflows' own commands."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.cli import main
from reconciler.forge.git import proposal_message
from reconciler.sandbox import Sandbox, sandbox
from tests.estate import CENTRAL, EXAMPLE, ROOT
from tests.forge.standin import GitHub

BUCKET = "bank-governance"
SETTINGS = f"lock: {{bucket: {BUCKET}}}\njournal: {{bucket: {BUCKET}, prefix: journal/}}\nlimits:"
WORKFLOWS = ROOT / ".github" / "workflows"
SUBSCRIPTIONS = "mesh/consumers/analytics-coe/subscriptions"
# Who is in which team at GitHub.
DEALS, FUNDS, CREDITS, RULER = "ines", "asa", "carl", "dora"
TEAMS = {
    "example-bank/investment-banking-stewards": [DEALS],
    "example-bank/asset-management-stewards": [FUNDS],
    "example-bank/consumer-banking-stewards": [CREDITS],
    "example-bank/data-protection-office": [RULER],
    "example-bank/analytics-coe-leads": ["ada"],
}


@contextmanager
def playing(folder: Path, *, applied: bool = True) -> Iterator[Play]:
    """The example mesh at GitHub beside an empty AWS, or one to which it was `applied`."""
    with (
        sandbox() as aws,
        GitHub(git=str(folder / "upstream")).served() as github,
        pytest.MonkeyPatch.context() as patch,
    ):
        play = Play(folder, github, aws, patch)
        play.begin()
        if applied:
            assert play.meshform("apply", "--auto-approve", "-q") == 0
        yield play


@dataclass
class Play:
    """`upstream` is what GitHub holds: branches, and refs/pull/<n>/{head,merge}."""

    folder: Path
    github: GitHub
    aws: Sandbox
    monkeypatch: pytest.MonkeyPatch
    runs: int = field(default=0)

    @property
    def upstream(self) -> Path:
        return self.folder / "upstream"

    def begin(self) -> None:
        """A repository with the example mesh, and the bucket of lock and journal."""
        shutil.copytree(EXAMPLE, self.upstream / "mesh")
        self.at_the_forge()
        settings = self.upstream / "mesh" / "mesh.yaml"
        text = settings.read_text(encoding="utf-8")
        assert "limits:" in text
        settings.write_text(text.replace("limits:", SETTINGS), encoding="utf-8")
        self.git("init", "--quiet", "--initial-branch=main")
        self.monkeypatch.chdir(self.upstream)
        assert self.meshform("owners", "--organization", "acme") == 0
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "The mesh")
        self.aws.session(CENTRAL).client("s3").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )

    def at_the_forge(self) -> None:
        """Who is in which team; the token may read them."""
        self.github.records.teams.update(TEAMS)
        self.github.permissions["members"] = "read"

    def git(self, *arguments: str, where: Path | None = None) -> str:
        who = ["-c", "user.name=ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", "-C", str(where or self.upstream), *who, *arguments], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def push(
        self, branch: str, files: Mapping[str, str | None], start: str = "main", by: str = "ada", asked_by: str = ""
    ) -> str:
        """Commit files (None: deleted) on a branch, which is made at `start` when it is not there; the commit, which
        says for whom it was made."""
        known = self.git("branch", "--list", branch)
        self.git("switch", "--quiet", *((branch,) if known else ("--create", branch, start)))
        for path, text in files.items():
            file = self.upstream / path
            if text is None:
                file.unlink()
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
        self.monkeypatch.chdir(self.upstream)
        self.meshform("owners")
        self.git("add", "--all")
        message = proposal_message(f"Change {', '.join(files)}", [asked_by] if asked_by else [])
        self.git("commit", "--quiet", "--message", message)
        sha = self.git("rev-parse", "HEAD")
        self.git("switch", "--quiet", "main")
        self.github.records.pushed(branch, sha, by)
        return sha

    def open(self, branch: str, *, fork: bool = False, by: str = "ada") -> int:
        """Open a pull request from a branch."""
        return self.github.records.add_pull(branch, self.git("rev-parse", branch), fork=fork, author=by)

    def approve(self, number: int, *logins: str) -> None:
        """People approve a pull request as it is now."""
        self.github.records.pulls[number]["head"]["sha"] = self.git("rev-parse", self.branch(number))
        for login in logins:
            self.github.records.review(number, login)

    def branch(self, number: int) -> str:
        """The branch of a pull request."""
        return str(self.github.records.pulls[number]["head"]["ref"])

    def synchronize(self, number: int) -> str:
        """What GitHub does after each push: it makes the merge commit; returns it."""
        pull = self.github.records.pulls[number]
        pull["head"]["sha"] = self.git("rev-parse", pull["head"]["ref"])
        where = self.folder / "merging"
        self.git("clone", "--quiet", str(self.upstream), str(where))
        self.git("fetch", "--quiet", "origin", pull["head"]["sha"], where=where)
        self.git("merge", "--quiet", "--no-ff", "--message", f"Merge {number}", "FETCH_HEAD", where=where)
        merge = self.git("rev-parse", "HEAD", where=where)
        self.git("push", "--quiet", "--force", "origin", f"HEAD:refs/pull/{number}/merge", where=where)
        self.git("update-ref", f"refs/pull/{number}/head", pull["head"]["sha"])
        shutil.rmtree(where)
        return merge

    def merge(self, number: int, how: str = "merge") -> str:
        """Merge a pull request (or squash, or rebase it) and delete its branch; the commit on main."""
        start = self.git("rev-parse", "HEAD")
        match how:
            case "squash":
                self.git("merge", "--quiet", "--squash", self.head(number))
                self.git("commit", "--quiet", "--message", f"Squash {number}")
            case "rebase":
                self.git("cherry-pick", f"{start}..{self.head(number)}")
            case _:
                self.git("merge", "--quiet", "--no-ff", "--message", f"Merge {number}", self.head(number))
        sha = self.git("rev-parse", "HEAD")
        for commit in self.git("rev-list", "--first-parent", f"{start}..{sha}").split():
            self.github.records.merge(number, commit)
        return sha

    def head(self, number: int) -> str:
        """The last commit of a pull request."""
        return str(self.github.records.pulls[number]["head"]["sha"])

    def plan(self, number: int) -> int:
        """The plan workflow on a pull request; the exit code of its last command."""
        merge = self.synchronize(number)
        code, place = self.workflow("plan.yml", merge, {"pull_request": {"number": number}})
        if (place / "plan.json").exists():
            content = json.loads((place / "plan.json").read_text(encoding="utf-8"))
            self.github.records.upload(f"meshform-plan-{number}", self.head(number), content)
        return code

    def apply(self, commit: str) -> int:
        """The apply workflow on a commit of main; the exit code of apply."""
        code = self.workflow("apply.yml", commit, {})[0]
        self.github.records.ran("apply.yml", commit, "failure" if code else "success")
        return code

    def workflow(self, name: str, commit: str, event: Mapping[str, Any], only: str = "") -> tuple[int, Path]:
        """Run the commands of a workflow (or one of them) in a fresh clone; the last exit code but 0, and the clone."""
        self.runs += 1
        place = self.folder / f"run-{self.runs}"
        self.git("clone", "--quiet", str(self.upstream), str(place))
        self.git("fetch", "--quiet", "origin", commit, where=place)
        self.git("checkout", "--quiet", "--detach", commit, where=place)
        (self.folder / "event.json").write_text(json.dumps(event), encoding="utf-8")
        self._environment(commit)
        self.monkeypatch.chdir(place)
        failed = 0
        for words, always, env in steps(name):
            if (failed and not always) or only not in ("", words[0]):
                continue
            with pytest.MonkeyPatch.context() as patch:
                for key in {"GITHUB_TOKEN"} - env:
                    patch.delenv(key, raising=False)
                failed = self.meshform(*words) or failed
        return failed, place

    def clone(self) -> Path:
        """The main branch as somebody has it at his desk."""
        place = self.folder / f"desk-{self.runs}"
        self.runs += 1
        self.git("clone", "--quiet", str(self.upstream), str(place))
        return place

    def _environment(self, commit: str) -> None:
        for key, value in {
            **self.github.variables,
            "GITHUB_SHA": commit,
            "GITHUB_RUN_ID": str(1000 + self.runs),
            "GITHUB_ACTOR": "ada",
            "GITHUB_WORKFLOW_REF": f"{self.github.repository}/.github/workflows/apply.yml@refs/heads/main",
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "GITHUB_SERVER_URL": "https://github.com",
            "NO_COLOR": "1",
        }.items():
            self.monkeypatch.setenv(key, value)

    def meshform(self, *words: str) -> int:
        """Run a command as from the shell; its exit code."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["meshform", *words])
            try:
                main()
            except SystemExit as end:
                return int(end.code or 0)
        return 0

    def granted(self) -> frozenset[str]:
        """Every permission of the central catalog, as text."""
        lake = self.aws.session(CENTRAL).client("lakeformation")
        rows, more = [], {}
        while True:
            page = lake.list_permissions(**more)
            rows += page["PrincipalResourcePermissions"]
            if not page.get("NextToken"):
                break
            more = {"NextToken": page["NextToken"]}
        return frozenset(json.dumps({**row, "LastUpdated": None}, sort_keys=True, default=str) for row in rows)

    def comments(self, number: int) -> list[str]:
        """The bodies of the comments on a pull request."""
        return [str(row["body"]) for row in self.github.records.comments_of(str(number))]


def steps(name: str) -> list[tuple[list[str], bool, set[str]]]:
    """The meshform commands of a workflow of this repository: words, whether they always run, and their environment."""
    jobs = yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))["jobs"]
    found = []
    for job in jobs.values():
        for step in job["steps"]:
            words = shlex.split(step.get("run", ""))
            if words[:1] == [".venv/bin/meshform"]:
                found.append((words[1:], "always()" in str(step.get("if")), set(step.get("env", {}))))
    assert found, f"{name} runs no meshform command"
    return found


def subscription(name: str, clearance: str, /, **fields: str) -> str:
    """A document."""
    lines = {
        "apiVersion": "meshform/v1",
        "kind": "Subscription",
        "name": name,
        "consumer": "analytics-coe",
        "product": "investment-banking/deal-pipeline",
        "clearance": f"{{sensitivity: [{clearance}]}}",
        "principals": "[credit-analyst]",
        "purpose": "To play the whole life.",
        "approval": "{by: investment-banking-stewards, at: 2026-11-20}",
        **fields,
    }
    return "".join(f"{key}: {value}\n" for key, value in lines.items())
