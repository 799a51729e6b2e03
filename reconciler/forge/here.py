"""Here: the forge that this process belongs to. The only place that says which forges there are."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Literal

from reconciler.forge.checkout import checkout
from reconciler.forge.github import environment as of_github
from reconciler.forge.github import oidc as oidc_of_github
from reconciler.forge.gitlab import environment as of_gitlab
from reconciler.forge.gitlab import oidc as oidc_of_gitlab
from reconciler.forge.protocol import Forge, ForgeName, Oidc
from reconciler.model.job import Job
from reconciler.spec.yaml.source import is_document


def forge() -> Forge:
    """The repository that this job belongs to. Raises ForgeError where the environment does not say it."""
    return of_gitlab.project() if of_gitlab.is_here() else of_github.repository()


def job(folder: str | None = None) -> Job:
    """What the environment says of this run, and git of the folder that it is about where the environment is silent."""
    said = of_gitlab.job() if of_gitlab.is_here() else of_github.job()
    found = checkout(folder) if folder is not None else None
    if found is None:
        return said
    documents = tuple(path for path in found.changed if is_document(path))
    return replace(
        said,
        actor=said.actor or found.author,
        # What is in the folder is what is carried out, whatever set off the job.
        commit=found.commit,
        branch=said.branch or found.branch,
        uncommitted=documents,
    )


def page() -> str | None:
    """The address of this repository, for people; None where the environment does not say it."""
    return of_gitlab.page() if of_gitlab.is_here() else of_github.page()


def add_summary(text: str) -> None:
    """Add to the summary of the job, where there is one."""
    path = os.environ.get(of_gitlab.SUMMARY if of_gitlab.is_here() else of_github.SUMMARY)
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(text + "\n")


def oidc_trust(forge: ForgeName, repository: str, duty: Literal["plan", "apply", "keep"], only: str) -> Oidc:
    """Which jobs of a repository may assume the role of a duty; apply only where `only` says: in that environment of
    GitHub, on that branch of GitLab. Evidence is kept on the main branch alone."""
    match forge:
        case "github":
            return oidc_of_github.trust(repository, duty, only)
        case "gitlab":
            return oidc_of_gitlab.trust(repository, duty, only)
