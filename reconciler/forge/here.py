"""Here: the forge that this process belongs to. The only place that says which forges there are."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from reconciler.forge.checkout import checkout
from reconciler.forge.github import environment, oidc
from reconciler.forge.protocol import Forge, Oidc
from reconciler.model.job import Job
from reconciler.spec.yaml.source import is_document


def forge() -> Forge:
    """The repository that this job belongs to. Raises ForgeError where the environment does not say it."""
    return environment.repository()


def job(folder: str | None = None) -> Job:
    """What the environment says of this run, and git of the folder that it is about where the environment is silent."""
    said = environment.job()
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


def add_summary(text: str) -> None:
    """Add to the summary of the job, where there is one."""
    environment.add_summary(text)


def oidc_trust(repository: str, duty: Literal["plan", "apply"], deployment: str) -> Oidc:
    """Which jobs of a repository may assume the role of a duty; apply only in the environment `deployment`."""
    return oidc.trust(repository, duty, deployment)
