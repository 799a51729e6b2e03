"""Here: the forge that this process belongs to. The only place that says which forges there are."""

from __future__ import annotations

from typing import Literal

from reconciler.forge.github import environment, oidc
from reconciler.forge.protocol import Forge, Oidc
from reconciler.model.job import Job


def forge() -> Forge:
    """The repository that this job belongs to. Raises ForgeError where the environment does not say it."""
    return environment.repository()


def job() -> Job:
    """What the environment says of this run; empty on a laptop."""
    return environment.job()


def add_summary(text: str) -> None:
    """Add to the summary of the job, where there is one."""
    environment.add_summary(text)


def oidc_trust(repository: str, duty: Literal["plan", "apply"], deployment: str) -> Oidc:
    """Which jobs of a repository may assume the role of a duty; apply only in the environment `deployment`."""
    return oidc.trust(repository, duty, deployment)
