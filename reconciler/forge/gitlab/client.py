"""Client: how one talks to GitLab. https://docs.gitlab.com/api/rest/

A job's own token (CI_JOB_TOKEN) may read neither merge requests nor groups, so the token is that of a project or group;
git uses what the runner gave it. https://docs.gitlab.com/ci/jobs/ci_job_token/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote

from reconciler.forge.client import BROKEN, ForgeClient, Refused, seconds_of
from reconciler.forge.errors import Forbidden, Invalid, NotFound
from reconciler.forge.protocol import ForgeError

API = "https://gitlab.com/api/v4"
_WAIT = 60.0
_PART = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"


@dataclass(frozen=True, slots=True)
class Client(ForgeClient):
    """Requests about the project `repository` (group/project, or with more groups above it)."""

    api: str = API

    forge: ClassVar[str] = "GitLab"
    repositories: ClassVar[re.Pattern[str]] = re.compile(rf"{_PART}(/{_PART})+")
    example: ClassVar[str] = "group/project"
    status_page: ClassVar[str] = "the status page of your GitLab"

    def place(self, path: str) -> str:
        """See ForgeClient. What does not belong to the project begins with another word: `/groups/`, `/user`."""
        if path.startswith(("/groups/", "/users/")) or path == "/user":
            return path
        return f"/projects/{quote(self.repository, safe='')}{path}"

    def headers(self) -> dict[str, str]:
        """See ForgeClient."""
        return {"Accept": "application/json", "PRIVATE-TOKEN": self.token}

    def pause(self, refused: Refused, attempt: int, *, safe: bool) -> float | None:
        """See ForgeClient. https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers"""
        after = seconds_of(refused.headers.get("retry-after"))
        if refused.status == 429:
            return after if after is not None else _WAIT * (1 << attempt)
        if refused.status in BROKEN and safe:
            return after if after is not None else float(1 << attempt)
        return None

    def refusal(self, what: str, refused: Refused) -> ForgeError:
        """See ForgeClient."""
        said = f"GitLab answered {refused.status} to {what}: {refused.message}"
        match refused.status:
            case 401:
                return Forbidden(f"{said}. The token in GITLAB_TOKEN is not accepted; it may have expired.")
            case 403:
                return Forbidden(f"{said}. The token lacks a role or a scope: see docs/gitlab.md.")
            case 404:
                return NotFound(f"{said}. It is not there, or the token may not see it.")
            case 400 | 409 | 422:
                return Invalid(f"{said}.")
            case _:
                return ForgeError(f"{said}.")
