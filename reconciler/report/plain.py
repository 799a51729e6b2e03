"""Plain: text that others wrote, in one line and without signs that steer a terminal or hide in a page."""

from __future__ import annotations

from itertools import takewhile

_BESIDE = 20
"""So many signs are shown beside what differs."""


def plain(text: str) -> str:
    r"""`text` with everything that is not printable as an escape: line breaks `\n`, ESC `\x1b`, bidi marks `\u202e`."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def differing(one: str, other: str, limit: int) -> tuple[str, str]:
    """Two texts that differ, each with at most about `limit` signs of where they do: never cut so that they are alike.

    What they have in common before and behind that goes first; an ellipsis stands where something is missing.
    """
    if max(len(one), len(other)) <= limit:
        return one, other
    start = _alike(one, other)
    end = _alike(one[start:][::-1], other[start:][::-1])
    return _around(one, start, end, limit), _around(other, start, end, limit)


def _alike(one: str, other: str) -> int:
    """How many signs two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _around(text: str, start: int, end: int, limit: int) -> str:
    """A text without most of its first `start` and last `end` signs; of what is left `limit` signs at most."""
    first, last = max(0, start - _BESIDE), min(len(text), len(text) - end + _BESIDE)
    said = shortened(text[first:last], limit)
    return f"{'…' if first else ''}{said}{'…' if last < len(text) and not said.endswith('…') else ''}"


def shortened(text: str, limit: int) -> str:
    """At most `limit` signs of a text, with an ellipsis where something is missing."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
