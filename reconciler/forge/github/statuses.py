"""Commit statuses: what became of a commit, for everybody who looks at it."""

from __future__ import annotations

from reconciler.forge.github.client import Client
from reconciler.forge.protocol import State

_LONGEST = 140
"""GitHub takes so many characters of a description."""


def post_status(client: Client, commit: str, context: str, state: State, description: str, target: str | None) -> None:
    """Set the status of a commit in a context. `target` is where it leads; the description is cut at 140."""
    body = {"state": state, "context": context, "description": description[:_LONGEST]}
    client.send("POST", f"/statuses/{commit}", {**body, "target_url": target} if target else body, again=True)
