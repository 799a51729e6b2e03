"""The environment of a workflow run: https://docs.github.com/en/actions/reference/workflows-and-actions/variables"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.github.client import API, Client
from reconciler.github.errors import GitHubError


@dataclass(frozen=True, slots=True)
class Environment:
    """What a workflow knows of itself; every field may be missing on a laptop."""

    repository: str | None
    server: str
    run: str | None
    commit: str | None

    @property
    def run_url(self) -> str | None:
        """Where people find this run."""
        return f"{self.server}/{self.repository}/actions/runs/{self.run}" if self.repository and self.run else None

    def files_url(self, commit: str) -> str | None:
        """Where people find the files of a commit."""
        return f"{self.server}/{self.repository}/blob/{commit}" if self.repository else None


def environment() -> Environment:
    """The environment of this process."""
    server = os.environ.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/")
    value = os.environ.get
    return Environment(value("GITHUB_REPOSITORY"), server, value("GITHUB_RUN_ID"), value("GITHUB_SHA"))


def client() -> Client:
    """A client for this repository, with the token of the environment. Raises GitHubError where one is missing."""
    repository, token = os.environ.get("GITHUB_REPOSITORY"), os.environ.get("GITHUB_TOKEN")
    if not repository or not token:
        raise GitHubError("Set GITHUB_REPOSITORY (owner/name) and GITHUB_TOKEN, as a workflow of GitHub Actions does.")
    return Client(repository, token, os.environ.get("GITHUB_API_URL", API))


def event() -> dict[str, Any]:
    """What set off the workflow, as GitHub has written it; empty on a laptop. Values in it may come from anybody."""
    path = os.environ.get("GITHUB_EVENT_PATH")
    if not path or not Path(path).is_file():
        return {}
    data = json.loads(Path(path).read_text(encoding="utf-8"))
    return data if isinstance(data, dict) else {}


def add_summary(text: str) -> None:
    """Add to the summary of the job, where there is one."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(text + "\n")
