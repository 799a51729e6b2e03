"""A mesh repository at GitHub: pull requests, and the workflows' own commands."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.sandbox import sandbox
from tests.estate import ROOT
from tests.forge.standin import GitHub
from tests.life.at_forge import AtForge
from tests.remembered import remembered

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
        remembered(aws),
        GitHub(git=str(folder / "upstream")).served() as github,
        pytest.MonkeyPatch.context() as patch,
    ):
        play = Play(folder, github, aws, patch)
        play.begin()
        if applied:
            assert play.meshform("apply", "--auto-approve", "-q") == 0
        yield play


class Play(AtForge[GitHub]):
    """`upstream` is what GitHub holds: branches, and refs/pull/<n>/{head,merge}."""

    @property
    def github(self) -> GitHub:
        return self.forge

    def at_the_forge(self) -> None:
        """Who is in which team; the token may read them."""
        self.github.records.teams.update(TEAMS)
        self.github.permissions["members"] = "read"

    def pushed(self, branch: str, sha: str, by: str, *, is_new: bool) -> None:
        """See AtForge."""
        self.github.records.pushed(branch, sha, by)

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
        head = pull["head"]["sha"] = self.git("rev-parse", pull["head"]["ref"])
        tree = self.git("merge-tree", "--write-tree", "main", head)
        merge = self.git("commit-tree", tree, "-p", "main", "-p", head, "-m", f"Merge {number}")
        self.git("update-ref", f"refs/pull/{number}/merge", merge)
        self.git("update-ref", f"refs/pull/{number}/head", head)
        return merge

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
        place = self.checked_out(commit)
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
