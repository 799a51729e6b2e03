"""Which jobs of GitHub Actions may assume a role.

https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect
"""

from __future__ import annotations

from typing import Literal

from reconciler.forge.protocol import Oidc


def trust(repository: str, duty: Literal["plan", "apply", "keep"], deployment: str) -> Oidc:
    """Plans run for pull requests and the main branch; apply only in its protected environment; what keeps evidence on
    the main branch alone, where nothing runs that was not merged."""
    main = "ref:refs/heads/main"
    jobs = {"plan": ("pull_request", main), "apply": (f"environment:{deployment}",), "keep": (main,)}[duty]
    subjects = tuple(f"repo:{repository}:{job}" for job in jobs)
    return Oidc("token.actions.githubusercontent.com", "sts.amazonaws.com", subjects)
