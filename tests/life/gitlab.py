"""The same mesh repository at GitLab: merge requests, and the jobs of the pipeline that `init` makes, line by line.

The lines are run by a shell, as a runner does it; the program that they call only says what it was called with, and is
then run in this process.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from reconciler.sandbox import sandbox
from tests.estate import ROOT
from tests.forge.gitlab.standin import PROPOSES, GitLab
from tests.life.at_forge import AtForge
from tests.life.play import TEAMS
from tests.remembered import remembered

PIPELINE = ROOT / "reconciler" / "scaffold" / "files" / "gitlab" / "gitlab-ci.yml"
_SAYS = """\
#!/bin/sh
printf '%s\\n' "$GITLAB_TOKEN" "$@" > "$ASKED"
"""
TOKENS = {"MESHFORM_TOKEN": "glpat-thisIsTheToken", "MESHFORM_PROPOSE_TOKEN": PROPOSES}


@contextmanager
def playing_at_gitlab(folder: Path) -> Iterator[GitLabPlay]:
    """The example mesh at GitLab, applied once by its job, and the AWS to which it was."""
    with (
        sandbox() as aws,
        remembered(aws),
        GitLab(git=str(folder / "upstream")).served() as gitlab,
        pytest.MonkeyPatch.context() as patch,
    ):
        play = GitLabPlay(folder, gitlab, aws, patch)
        play.begin()
        assert play.meshform("apply", "--auto-approve", "-q") == 0
        gitlab.records.ran("apply", play.git("rev-parse", "main"))
        yield play


class GitLabPlay(AtForge[GitLab]):
    """`upstream` is what GitLab holds: branches, and refs/merge-requests/<n>/head."""

    @property
    def gitlab(self) -> GitLab:
        return self.forge

    def at_the_forge(self) -> None:
        """The pipeline, and who is in which group; the token may read them."""
        shutil.copy(PIPELINE, self.upstream / ".gitlab-ci.yml")
        for group, logins in TEAMS.items():
            for login in logins:
                self.gitlab.records.join(group, login)
        self.gitlab.readable = set(TEAMS)

    def pushed(self, branch: str, sha: str, by: str, *, is_new: bool) -> None:
        """A merge request of the branch gets another version."""
        self.gitlab.records.pushed(branch, sha, by, action="created" if is_new else "pushed")
        for number, request in self.gitlab.records.merge_requests.items():
            if request["source_branch"] == branch and request["state"] == "opened":
                self.gitlab.records.push(number, sha)

    def open(self, branch: str, *, fork: bool = False, by: str = "ada") -> int:
        """Open a merge request from a branch."""
        return self.gitlab.records.add(branch, self.git("rev-parse", branch), fork=fork, author=by)

    def approve(self, number: int, *logins: str) -> None:
        """People approve a merge request as it is now."""
        for login in logins:
            self.gitlab.records.approve(number, login)

    def head(self, number: int) -> str:
        """The last commit of a merge request."""
        return str(self.gitlab.records.merge_requests[number]["sha"])

    def merge(self, number: int, how: str = "merge") -> str:
        """Merge a merge request, as at GitHub."""
        self.git("update-ref", f"refs/merge-requests/{number}/head", self.head(number))
        return super().merge(number, how)

    def plan(self, number: int) -> int:
        """The job that plans."""
        self.git("update-ref", f"refs/merge-requests/{number}/head", self.head(number))
        code, place = self.job(
            "plan", self.head(number), CI_MERGE_REQUEST_IID=str(number), CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main"
        )
        if (place / "plan.json").exists():
            self.gitlab.records.planned(number, json.loads((place / "plan.json").read_text(encoding="utf-8")))
        return code

    def apply(self, commit: str) -> int:
        """The job that applies, on a commit of main; its exit code."""
        code, _ = self.job("apply", commit, CI_COMMIT_BRANCH="main", CI_ENVIRONMENT_NAME="production")
        if code == 0:
            self.gitlab.records.ran("apply", commit)
        return code

    def job(self, name: str, commit: str, *, most: int = 99, **said: str) -> tuple[int, Path]:
        """Run the lines of a job (the first `most`) in a fresh clone; its exit code, and the clone. What comes after it
        runs whatever it was."""
        job = yaml.safe_load(PIPELINE.read_text(encoding="utf-8"))[name]
        place = self.checked_out(commit)
        program = place / ".venv" / "bin" / "meshform"
        program.parent.mkdir(parents=True)
        program.write_text(_SAYS, encoding="utf-8")
        program.chmod(0o755)
        (place / ".git" / "info" / "exclude").write_text(".venv\n", encoding="utf-8")
        variables = {**self._predefined(commit, name), **said}
        for key, value in job.get("variables", {}).items():
            variables[key] = variables.get(value[1:], "") if value.startswith("$") else value
        code = 0
        for line in job["script"][:most]:
            code = code or self._line(line, place, variables)
        for line in job.get("after_script", ()):
            self._line(line, place, variables)
        return code, place

    def _line(self, line: str, place: Path, variables: Mapping[str, str]) -> int:
        asked = self.folder / "asked"
        environment = {**os.environ, **variables, "ASKED": str(asked)}
        done = subprocess.run(["bash", "-e", "-c", line], cwd=place, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, (line, done.stderr)
        if not asked.exists():
            return 0
        token, *words = asked.read_text(encoding="utf-8").splitlines()
        asked.unlink()
        with pytest.MonkeyPatch.context() as patch:
            for key, value in variables.items():
                if not key.startswith("AWS_"):  # the simulated AWS is in this process
                    patch.setenv(key, value)
            patch.setenv("GITLAB_TOKEN", token)
            patch.chdir(place)
            return self.meshform(*words)

    def _predefined(self, commit: str, job: str) -> dict[str, str]:
        """https://docs.gitlab.com/ci/variables/predefined_variables/"""
        return {
            **TOKENS,
            "CI_PROJECT_ID": "7",
            "CI_PROJECT_PATH": self.gitlab.repository,
            "CI_PROJECT_URL": f"https://gitlab.example/{self.gitlab.repository}",
            "CI_API_V4_URL": f"{self.gitlab.url}/api/v4",
            "CI_COMMIT_SHA": commit,
            "CI_DEFAULT_BRANCH": "main",
            "CI_JOB_ID": str(1000 + self.runs),
            "CI_JOB_URL": f"https://gitlab.example/{self.gitlab.repository}/-/jobs/{1000 + self.runs}",
            "CI_JOB_NAME": job,
            "GITLAB_USER_LOGIN": "ada",
            "MESHFORM_AWS_TOKEN": "a.b.c",
            "AWS_WEB_IDENTITY_TOKEN_FILE": str(self.folder / "token"),
            "NO_COLOR": "1",
        }

    def comments(self, number: int) -> list[str]:
        """The notes on a merge request."""
        return [str(row["body"]) for row in self.gitlab.records.notes_of(str(number))]
