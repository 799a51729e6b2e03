"""What GitHub refuses, as errors that say what to do."""

from __future__ import annotations

from reconciler.forge.errors import Forbidden, Invalid, NotFound
from reconciler.forge.protocol import ForgeError


def refusal(what: str, status: int, message: str, accepted: str | None) -> ForgeError:
    """The error for an answer. `accepted` is GitHub's own word on which permissions would do."""
    said = f"GitHub answered {status} to {what}: {message}"
    match status:
        case 401:
            return Forbidden(f"{said}. The token in GITHUB_TOKEN is not accepted; it may have expired.")
        case 403:
            hint = f" It would take one of these permissions: {accepted}." if accepted else ""
            return Forbidden(
                f"{said}. The token lacks a permission: see `permissions:` of the workflow, and docs/github.md.{hint}"
            )
        case 404:
            return NotFound(f"{said}. It is not there, or the token may not see it.")
        case 422:
            return Invalid(f"{said}.")
        case _:
            return ForgeError(f"{said}.")
