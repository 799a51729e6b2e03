"""A runner of GitHub Actions, as far as the workflows go: their steps, command by command, by bash, in a checkout."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.release.conftest import Machine

_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")


@dataclass
class Runner:
    """`values`: what expressions say, by their text; `aws`: what assuming a role gives; `kept`: the uploaded files."""

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
