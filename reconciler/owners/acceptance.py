"""Acceptance: what somebody says on a pull request to accept what a gate has found, and of which plan.

The first lines of a comment say it, one a gate, and nothing else of it is read:

    meshform accept opens-most-sensitive 0f1e2d3c4b5a69788796a5b4 Agreed by the board, GOV-12

So a line that is quoted, stands in a block of code or within other text is none. The digest is that of the plan
(`plan/accepting.py`), which the comment of the pull request shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_RULE = r"[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)?"
_LINE = re.compile(rf"meshform accept (?P<rule>{_RULE}) (?P<digest>[0-9a-f]{{24}}) (?P<reason>\S.{{0,499}})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Said:
    """A gate, the digest of what it has found, and the reason to accept that."""

    rule: str
    digest: str
    reason: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What somebody has said, when, and where. `edited`: it may be somebody else's words."""

    rule: str
    digest: str
    reason: str
    by: str
    at: str
    url: str
    edited: bool = False


def said(body: str) -> Iterator[Said]:
    """What a comment accepts."""
    for line in body.replace("\r\n", "\n").split("\n"):
        found = _LINE.fullmatch(line)
        if found is None:
            return
        yield Said(found["rule"], found["digest"], found["reason"].strip())


def line(rule: str, digest: str, reason: str) -> str:
    """The line that accepts."""
    return f"meshform accept {rule} {digest} {reason}"
