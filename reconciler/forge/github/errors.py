"""What GitHub refuses, as errors that say what to do. None of them holds the token."""

from __future__ import annotations

from reconciler.forge.protocol import ForgeError


class GitHubError(ForgeError):
    """GitHub refused a request, or could not be reached."""


class NotFound(GitHubError):
    """404: it is not there, or this token may not see it."""


class Forbidden(GitHubError):
    """401 or 403: the token is not accepted, or lacks a permission."""


class Invalid(GitHubError):
    """422: GitHub does not take what was sent."""


class Busy(GitHubError):
    """A rate limit that did not pass in time."""


class Lost(GitHubError):
    """What was sent has no answer, and may have been done: it is not sent again without looking."""


def refusal(what: str, status: int, message: str, accepted: str | None) -> GitHubError:
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
            return GitHubError(f"{said}.")
