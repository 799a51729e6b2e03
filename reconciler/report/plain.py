"""Plain: text that others wrote, in one line and without signs that steer a terminal or hide in a page."""

from __future__ import annotations


def plain(text: str) -> str:
    r"""`text` with everything that is not printable as an escape: line breaks `\n`, ESC `\x1b`, bidi marks `\u202e`."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def shortened(text: str, limit: int) -> str:
    """At most `limit` signs of a text, with an ellipsis where something is missing."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
