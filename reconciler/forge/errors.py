"""What a forge refuses, as errors that say what to do. None of them holds a token."""

from __future__ import annotations

from reconciler.forge.protocol import ForgeError


class NotFound(ForgeError):
    """404: it is not there, or this token may not see it."""


class Forbidden(ForgeError):
    """401 or 403: the token is not accepted, or lacks a permission."""


class Invalid(ForgeError):
    """400, 409 or 422: the forge does not take what was sent."""


class Busy(ForgeError):
    """A rate limit that did not pass in time."""


class Lost(ForgeError):
    """What was sent has no answer, and may have been done: it is not sent again without looking."""
