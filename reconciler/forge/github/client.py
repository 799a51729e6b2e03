"""Client: how one talks to GitHub. https://docs.github.com/en/rest/using-the-rest-api"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from reconciler.forge.client import ForgeClient, Refused, Row
from reconciler.forge.github.errors import refusal
from reconciler.forge.github.patience import pause
from reconciler.forge.protocol import ForgeError

__all__ = ["API", "Client", "Row"]
API = "https://api.github.com"


@dataclass(frozen=True, slots=True)
class Client(ForgeClient):
    """Requests about `repository` (owner/name)."""

    api: str = API

    forge: ClassVar[str] = "GitHub"
    repositories: ClassVar[re.Pattern[str]] = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
    example: ClassVar[str] = "owner/name"
    status_page: ClassVar[str] = "githubstatus.com"

    def place(self, path: str) -> str:
        """See ForgeClient."""
        return path if path.startswith("/orgs/") else f"/repos/{self.repository}{path}"

    def headers(self) -> dict[str, str]:
        """See ForgeClient."""
        return {
            "Accept": "application/vnd.github+json, application/json",
            "Authorization": f"Bearer {self.token}",
            "X-GitHub-Api-Version": "2022-11-28",
        }

    def pause(self, refused: Refused, attempt: int, *, safe: bool) -> float | None:
        """See ForgeClient."""
        return pause(refused.status, refused.headers, refused.message, attempt, self.now(), safe=safe)

    def refusal(self, what: str, refused: Refused) -> ForgeError:
        """See ForgeClient."""
        accepted = refused.headers.get("x-accepted-github-permissions")
        return refusal(what, refused.status, refused.message, accepted)
