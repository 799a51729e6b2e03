"""Whom GitHub asks about a path: CODEOWNERS as GitHub reads it. The last line that fits a path counts, alone.

https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where GitHub (the first three) and GitLab (the last three) look for the file: the first one that is there counts."""


@dataclass(frozen=True, slots=True)
class Resolver:
    """The lines of a file, the last one first: what fits, and who is asked."""

    lines: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]

    def owners(self, path: str) -> tuple[str, ...]:
        """Who is asked about a path from the top of the repository; nobody when no line fits, or one without owners."""
        return next((owners for pattern, owners in self.lines if pattern.fullmatch(path)), ())


def resolver(text: str) -> Resolver:
    """The resolver of a file. Lines with what GitHub does not read (`!`, `[`) are skipped, as it does."""
    found = []
    for line in text.splitlines():
        words = re.split(r"(?<!\\)\s+", line.split(" #")[0].strip())
        pattern = words[0].replace("\\ ", " ")
        if pattern and not pattern.startswith(("#", "!")) and "[" not in pattern:
            found.append((re.compile(_expression(pattern)), tuple(words[1:])))
    return Resolver(tuple(reversed(found)))


def _expression(pattern: str) -> str:
    """A pattern as a regular expression of whole paths. It fits a file, or everything in a folder of that name."""
    parts = pattern.strip("/").split("/")
    below = "/.+" if pattern.endswith("/") else "" if pattern.endswith("/*") else "(?:/.+)?"
    anchored = "/" in pattern.rstrip("/")
    whole = "" if anchored else "(?:.*/)?"
    for index, part in enumerate(parts):
        is_last = index == len(parts) - 1
        if part == "**":
            whole += ".*" if is_last else "(?:.*/)?"
        else:
            whole += _part(part) + ("" if is_last else "/")
    return whole + below


def _part(part: str) -> str:
    signs = {"*": "[^/]*", "?": "[^/]"}
    return "".join(signs.get(sign, re.escape(sign)) for sign in part)
