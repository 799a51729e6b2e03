"""Who calls AWS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls.

    `arn` is what AWS logs (`arn:aws:sts::1:assumed-role/r/session`), `principal` the IAM ARN that
    permissions name (`arn:aws:iam::1:role/r`), `session` the session's name, empty for users and root.
    """

    account: str
    arn: str
    principal: str
    session: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    session_policy: str | None = None
    user_id: str = ""
