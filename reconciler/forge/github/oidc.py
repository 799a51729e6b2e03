"""Which jobs of GitHub Actions may assume a role.

https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect
"""

from __future__ import annotations

from typing import Literal

from reconciler.forge.protocol import Oidc


def trust(repository: str, duty: Literal["plan", "apply"], deployment: str) -> Oidc:
    """Plans run for pull requests and the main branch; apply only in its protected environment."""
    jobs = ("pull_request", "ref:refs/heads/main") if duty == "plan" else (f"environment:{deployment}",)
    subjects = tuple(f"repo:{repository}:{job}" for job in jobs)
    return Oidc("token.actions.githubusercontent.com", "sts.amazonaws.com", subjects)
