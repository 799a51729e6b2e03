"""Acting: one botocore client of a service for all accounts; whose it is at the moment is said for each call.

A client of its own for every account and service takes 10 ms of the processor each, and a TLS connection each.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any

from botocore.credentials import Credentials, ReadOnlyCredentials

from reconciler.aws.rate_limit import RateLimit
from reconciler.model.address import Placement


@dataclass(frozen=True, slots=True)
class Actor:
    """Who sends: the credentials of a role, the pace of what it sends to one service, and in which account."""

    credentials: Credentials
    pace: RateLimit
    placement: Placement


_ACTOR: ContextVar[Actor] = ContextVar("actor")


def place_now() -> str | None:
    """The account and region of whoever sends at the moment; None beside all accounts."""
    actor = _ACTOR.get(None)
    return str(actor.placement) if actor is not None else None


class SwitchedCredentials(Credentials):
    """The credentials of whoever sends at the moment: botocore asks for them at every signature."""

    def __init__(self) -> None:
        super().__init__("acting", "acting", method="meshform")

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """The actor's credentials, renewed where they are about to expire."""
        return _ACTOR.get().credentials.get_frozen_credentials()


def rate_limited(client: Any) -> Any:
    """The same client, which sends and repeats as the actor's pace says."""
    events = client.meta.events
    events.register("before-send", lambda **_: _ACTOR.get().pace.wait())
    events.register("needs-retry", lambda **told: _ACTOR.get().pace.pause(**told))
    return client


class SharedClient:
    """A shared client in the hands of one actor; it has the client's operations as methods."""

    def __init__(self, client: Any, actor: Actor) -> None:
        self._client = client
        self._actor = actor

    def __getattr__(self, name: str) -> Any:
        operation = getattr(self._client, name)

        @wraps(operation)
        def acting(**params: Any) -> Any:
            token = _ACTOR.set(self._actor)
            try:
                return operation(**params)
            finally:
                _ACTOR.reset(token)

        return acting
