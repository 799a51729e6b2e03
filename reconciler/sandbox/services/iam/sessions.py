"""The access keys that AssumeRole handed out, and who acts with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reconciler.sandbox.core.identity import Caller


@dataclass(frozen=True, slots=True)
class Session:
    """An assumed role's session: its keys act as `caller` until `expiration`."""

    caller: Caller
    expiration: datetime


class Sessions:
    """Sessions by access key id."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    def of(self, key_id: str) -> Session | None:
        """The session with this access key id, or None."""
        return self._sessions.get(key_id)

    def add(self, key_id: str, session: Session) -> None:
        self._sessions[key_id] = session

    def clear(self) -> None:
        self._sessions.clear()
