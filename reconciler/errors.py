"""The tree of expected errors, each with the exit code of the command that meets it.

An expected error is one paragraph: what, where, what to do. Anything else is a bug of ours.
"""

from __future__ import annotations

from collections.abc import Iterable


class MeshformError(Exception):
    """An expected failure; its text is one paragraph for a person.

    `hints` say what to do next, one line each with the command to type (docs/style.md). `report.hints` renders them.
    """

    exit_code: int = 1

    def __init__(self, message: str, *, hints: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.hints = tuple(hints)


class InvalidMesh(MeshformError):
    """The documents under mesh/ have errors; the findings say which."""


class Unreachable(MeshformError):
    """An account, a region or AWS itself cannot be reached with these credentials."""


class Refused(MeshformError):
    """A gate or a policy stopped the run; nothing was changed."""

    exit_code = 3


class NotReviewed(MeshformError):
    """The plan is not the reviewed one; what was not reviewed was not carried out."""

    exit_code = 4


class AppliedInPart(MeshformError):
    """Some steps failed or were not reached; a new plan shows what remains."""

    exit_code = 5


class Incomplete(MeshformError):
    """Not everything was seen, so nothing can be said for certain of what was not."""


class Locked(MeshformError):
    """Another apply holds the lock."""

    exit_code = 3


class Stopped(MeshformError):
    """A signal ended the run at once, or before it did anything: 128 and the signal's number, as shells have it."""

    def __init__(self, message: str, number: int, *, hints: Iterable[str] = ()) -> None:
        super().__init__(message, hints=hints)
        self.exit_code = 128 + number


class Declined(MeshformError):
    """A person answered that nothing should be done: no error."""

    exit_code = 0
