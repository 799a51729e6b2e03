"""The environment of a workflow run: https://docs.github.com/en/actions/reference/workflows-and-actions/variables"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconciler.forge.protocol import ForgeError
from reconciler.model.job import Job
from reconciler.model.plain_json import NotJson, plain_json

if TYPE_CHECKING:
    from reconciler.forge.github.repository import Repository

SUMMARY = "GITHUB_STEP_SUMMARY"
"""Names the file that becomes the summary of the job."""


def job() -> Job:
    """What the environment of this process says of its run; every field may be missing on a laptop."""
    value = os.environ.get
    place, run = page(), value("GITHUB_RUN_ID")
    return Job(
        actor=value("GITHUB_ACTOR"),
        commit=value("GITHUB_SHA"),
        run=run,
        url=f"{place}/actions/runs/{run}" if place and run else None,
        files=f"{place}/blob" if place else None,
        branch=value("GITHUB_REF_NAME"),
    )


def page() -> str | None:
    """The address of this repository, for people."""
    name, server = os.environ.get("GITHUB_REPOSITORY"), os.environ.get("GITHUB_SERVER_URL", "https://github.com")
    return f"{server.rstrip('/')}/{name}" if name else None


def repository() -> Repository:
    """This repository, with the token of the environment. Raises ForgeError where one is missing."""
    # A run that asks the forge nothing does not pay for its client.
    from reconciler.forge.github.client import API, Client
    from reconciler.forge.github.repository import Repository

    name, token = os.environ.get("GITHUB_REPOSITORY"), os.environ.get("GITHUB_TOKEN")
    if not name or not token:
        raise ForgeError(
            "Set GITHUB_REPOSITORY (owner/name) and GITHUB_TOKEN, as a workflow of GitHub Actions does.",
            hints=("on your machine: `export GITHUB_REPOSITORY=owner/name GITHUB_TOKEN=$(gh auth token)`",),
        )
    # owner/name/.github/workflows/apply.yml@refs/heads/main
    workflow = os.environ.get("GITHUB_WORKFLOW_REF", "").partition("@")[0].rpartition("/")[2] or "apply.yml"
    return Repository(Client(name, token, os.environ.get("GITHUB_API_URL", API)), event(), workflow)


def event() -> dict[str, Any]:
    """What set off the workflow, as GitHub has written it; empty on a laptop. Values in it may come from anybody."""
    path = os.environ.get("GITHUB_EVENT_PATH")
    if not path or not Path(path).is_file():
        return {}
    try:
        data = plain_json(Path(path).read_bytes())
    except (OSError, NotJson) as error:
        raise ForgeError(f"GITHUB_EVENT_PATH names {path}, which is no event of GitHub: {error}.") from error
    return data if isinstance(data, dict) else {}
