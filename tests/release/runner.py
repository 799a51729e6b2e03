"""Runners, as far as our jobs go: their steps, command by command, by bash, in a checkout."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.forge.gitlab.standin import GitLab
from tests.release.conftest import Machine

_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")


@dataclass
class Runner:
    """One of GitHub Actions.

    `values`: what expressions say, by their text; `aws`: what assuming a role gives; `kept`: the uploaded files."""

    machine: Machine
    checkout: Path
    values: Mapping[str, str]
    environment: Mapping[str, str]
    aws: Mapping[str, str]
    kept: dict[str, Path] = field(default_factory=dict)

    def plays(self, workflow: str) -> str:
        """What the steps of all jobs of a workflow print; each must end well. The jobs' conditions are the caller's."""
        whole = yaml.safe_load((self.checkout / ".github" / "workflows" / workflow).read_text(encoding="utf-8"))
        said = []
        for job in whole["jobs"].values():
            given: dict[str, str] = {}
            for step in job["steps"]:
                said.append(self._run(step, given) if "run" in step else self._use(step, given))
        return "".join(said)

    def _run(self, step: Mapping[str, Any], given: Mapping[str, str]) -> str:
        own = {key: self._said(str(value)) for key, value in step.get("env", {}).items()}
        # https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#defaultsrunshell
        return self.machine.runs(
            "bash", "-e", "-c", step["run"], where=self.checkout, **{**self.environment, **given, **own}
        )

    def _use(self, step: Mapping[str, Any], given: dict[str, str]) -> str:
        """What an action would do that matters here. An action that nobody has thought of is a KeyError."""
        name, inputs = step["uses"].partition("@")[0], step.get("with", {})
        acts: dict[str, Callable[[], None]] = {
            "actions/checkout": lambda: None,
            "actions/setup-python": lambda: None,
            "aws-actions/configure-aws-credentials": lambda: given.update(self._credentials(inputs)),
            "actions/upload-artifact": lambda: self._keep(self._said(inputs["name"]), inputs["path"]),
            "github/codeql-action/upload-sarif": lambda: self._keep("sarif", inputs["sarif_file"]),
        }
        acts[name]()
        return ""

    def _credentials(self, inputs: Mapping[str, str]) -> dict[str, str]:
        assert self._said(inputs["role-to-assume"])
        return {**self.aws, "AWS_REGION": self._said(inputs["aws-region"])}

    def _keep(self, name: str, path: str) -> None:
        assert (self.checkout / path).is_file(), path
        self.kept[name] = self.checkout / path

    def _said(self, text: str) -> str:
        return _EXPRESSION.sub(lambda found: self.values[found[1]], text)


@dataclass
class GitLabRunner:
    """One of GitLab: every job in a clone of its own. What is Debian's is there already."""

    machine: Machine
    upstream: Path
    gitlab: GitLab
    aws: Mapping[str, str]
    jobs: int = 0

    def plays(self, name: str, commit: str, **said: str) -> Path:
        """The clone in which a job has ended well, with what comes after it."""
        self.jobs += 1
        place = self.machine.home / f"job-{self.jobs}"
        for words in (
            ("clone", "--quiet", self.upstream, place),
            ("-C", place, "checkout", "--quiet", "--detach", commit),
        ):
            self.machine.runs("git", *words)
        pipeline = yaml.safe_load((place / ".gitlab-ci.yml").read_text(encoding="utf-8"))
        job = pipeline[name]
        shared = pipeline[".aws"]["variables"] if "extends" in job else {}
        variables = {**self._predefined(commit, name), **said}
        for key, value in {**shared, **job.get("variables", {})}.items():
            variables[key] = re.sub(r"\$(\w+)", lambda found: variables.get(found[1], ""), value)
        variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = str(self.machine.home / "token")
        lines = [*pipeline["default"]["before_script"], *job["script"]]
        for part in (lines, job.get("after_script", [])):
            text = "\n".join(line for line in part if not line.startswith("apt-get"))
            self.machine.runs("bash", "-e", "-c", text, where=place, **{**variables, **self.aws})
        return place

    def _predefined(self, commit: str, job: str) -> dict[str, str]:
        """https://docs.gitlab.com/ci/variables/predefined_variables/ and the variables of the project."""
        return {
            "CI_PROJECT_ID": "7",
            "CI_PROJECT_DIR": str(self.machine.home / f"job-{self.jobs}"),
            "CI_PROJECT_PATH": self.gitlab.repository,
            "CI_PROJECT_URL": f"https://gitlab.example/{self.gitlab.repository}",
            "CI_API_V4_URL": f"{self.gitlab.url}/api/v4",
            "CI_COMMIT_SHA": commit,
            "CI_DEFAULT_BRANCH": "main",
            "CI_JOB_ID": str(self.jobs),
            "CI_JOB_NAME": job,
            "GITLAB_USER_LOGIN": "ada",
            "MESHFORM_TOKEN": self.gitlab.token,
            "MESHFORM_AWS_TOKEN": "a.b.c",
            "MESHFORM_PLAN_ROLE": "arn:aws:iam::111111111111:role/plan",
            "MESHFORM_APPLY_ROLE": "arn:aws:iam::111111111111:role/apply",
            "MESHFORM_REGION": "eu-west-1",
        }
