"""Pattern: how large the program is that a regular expression becomes, at most.

RE2 goes through a text once, for each of the program's instructions at worst: https://github.com/google/re2/wiki/Syntax.
"""

from __future__ import annotations

import re

_CLASS, _UNICODE = 10, 4_000
"""Instructions of `.` or `[a-z]` at most, since a sign has up to four bytes, and of a class such as \\pL."""
_PART = re.compile(
    r"\\[pP](?:\{\w*\}|\w)?|\\.|\[\^?\]?(?:\[:\w*:\]|\\.|[^\]\\])*\]?|\{(\d+)(?:,(\d*))?\}|[()]|.", re.DOTALL
)
HARMLESS = re.compile(r"[^\\\[({})]*")
"""What a text consists of that is, as a pattern, no larger than itself."""


def instructions(pattern: str) -> int:
    """How many there are at most; repetitions count as often as they may, one within another too."""
    sums, last = [0], 0
    # What was counted last is what a repetition repeats; a group counts when it is closed.
    for found in _PART.finditer(pattern):
        part = found[0]
        if part == "(":
            sums.append(1)
            last = 0
            continue
        if part == ")":
            last = sums.pop() + 1 if len(sums) > 1 else 1
        elif found[1]:
            copied = (last + 2) * max(1, int(found[2] or found[1]))
            sums[-1] += copied - last
            last = copied
            continue
        else:
            last = _of_part(part)
        sums[-1] += last
    return 2 * sum(sums) + 10


def _of_part(part: str) -> int:
    if part[0] == "[":
        wide = _CLASS if part[1:2] == "^" or "\\" in part or ":" in part or not part.isascii() else 0
        return wide + 2 * len(part) + _UNICODE * len(re.findall(r"\\[pP]", part))
    if part[:2].lower() == "\\p":
        return _UNICODE
    return _CLASS if part == "." or part[0] == "\\" else len(part.encode())
