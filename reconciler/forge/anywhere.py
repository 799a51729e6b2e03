"""Anywhere: into which branch a job of any CI would merge, by the variables that each sets."""

from __future__ import annotations

import os

TARGETS = {
    "GITHUB_BASE_REF": "GitHub Actions",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "GitLab",
    "BITBUCKET_PR_DESTINATION_BRANCH": "Bitbucket Pipelines",
    "SYSTEM_PULLREQUEST_TARGETBRANCH": "Azure Pipelines",
    "CODEBUILD_WEBHOOK_BASE_REF": "CodeBuild",
    "CHANGE_TARGET": "Jenkins",
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "Buildkite",
}
"""The variable that names the branch in a job of a pull request, by the CI that sets it."""


def target_branch() -> str | None:
    """The branch that the change of this job leads to; None where no variable says it."""
    for variable in TARGETS:
        if value := os.environ.get(variable):
            return value.removeprefix("refs/heads/")
    return None
