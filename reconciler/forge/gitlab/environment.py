"""The environment of a job: https://docs.gitlab.com/ci/variables/predefined_variables/"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.forge.protocol import ForgeError
from reconciler.model.job import Job
from reconciler.model.plain_json import MISSHAPEN, plain_json

if TYPE_CHECKING:
    from reconciler.forge.gitlab.project import Project

SUMMARY = "MESHFORM_SUMMARY"
"""Names the file that the job keeps as its summary."""


def is_here() -> bool:
    """Whether this is a job of GitLab, or a laptop on which somebody says which project it is about."""
    return "CI_PROJECT_PATH" in os.environ


def job() -> Job:
    """What the environment of this process says of its job; every field may be missing."""
    value = os.environ.get
    place = page()
    return Job(
        actor=value("GITLAB_USER_LOGIN"),
        commit=value("CI_COMMIT_SHA"),
        run=value("CI_JOB_ID"),
        url=value("CI_JOB_URL"),
        files=f"{place}/-/blob" if place else None,
        branch=value("CI_COMMIT_BRANCH") or value("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"),
    )


def page() -> str | None:
    """The address of this project, for people."""
    return os.environ.get("CI_PROJECT_URL")


def project() -> Project:
    """This project, with the token of the environment. Raises ForgeError where one is missing."""
    # A run that asks the forge nothing does not pay for its client.
    from reconciler.forge.gitlab.client import API, Client
    from reconciler.forge.gitlab.project import Project

    name, token = os.environ.get("CI_PROJECT_PATH"), os.environ.get("GITLAB_TOKEN")
    if not name or not token:
        raise ForgeError(
            "Set GITLAB_TOKEN, the access token of the project: a job's own token may not read merge requests. "
            "docs/gitlab.md says which role and scope it takes."
        )
    number = os.environ.get("CI_MERGE_REQUEST_IID")
    return Project(
        Client(name, token, os.environ.get("CI_API_V4_URL", API)),
        number=int(number) if number and number.isdecimal() and len(number) < 19 else None,
        issue_number=_issue(),
        job=os.environ.get("CI_JOB_NAME", "apply"),
        environment=os.environ.get("CI_ENVIRONMENT_NAME", "production"),
    )


def _issue() -> int | None:
    """The issue of the webhook that set off this pipeline. https://docs.gitlab.com/ci/triggers/#use-a-webhook-payload"""
    path = os.environ.get("TRIGGER_PAYLOAD")
    try:
        data = plain_json(Path(path).read_bytes()) if path else {}
        return int(data["object_attributes"]["iid"]) if data.get("object_kind") == "issue" else None
    except (OSError, *MISSHAPEN):
        return None
