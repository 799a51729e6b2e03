"""Growth: an expression that doubles what it holds again and again would fill the memory, and nobody could stop it.

CEL bounds the steps of an expression, and not how large texts and lists become.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.policy.cel import Mistake, mistake_at

LONGEST = 4_000
MOST: dict[str, tuple[str, int]] = {"+": (r"\+", 20), "map": (r"\.\s*map\s*\(", 2), "join": (r"\.\s*join\s*\(", 2)}
"""How often an expression may use what makes texts and lists longer."""

_TEXT = r"""(?:'([^'\\]*)'|"([^"\\]*)")"""
_REPLACE = re.compile(rf"\.\s*replace\s*\((?:\s*{_TEXT}\s*,\s*{_TEXT}\s*\))?")
_JOIN = re.compile(rf"\.\s*join\s*\((?:\s*(?:{_TEXT}\s*)?\))?")
_FORMAT = re.compile(r"\.\s*format\s*\(")


def growing(expression: str) -> Iterator[Mistake]:
    """What in an expression could make more than a few times what it was given."""
    if len(expression) > LONGEST:
        yield Mistake(1, 1, f"it is longer than {LONGEST:,} signs; write several policies")
    for name, (pattern, most) in MOST.items():
        found = [*re.finditer(pattern, expression)]
        if len(found) > most:
            words = f"it uses {name} more than {most} times; write several policies"
            yield mistake_at(expression, found[most].start(), words)
    for replaced in _REPLACE.finditer(expression):
        texts = [text for text in replaced.groups() if text is not None]
        if len(texts) != 2 or len(texts[1]) > len(texts[0]):
            words = "replace takes two texts here, of which the second is no longer than the first"
            yield mistake_at(expression, replaced.start(), words)
    for joined in _JOIN.finditer(expression):
        text = joined[1] or joined[2] or ""
        if not joined[0].endswith(")") or len(text) > 5:
            yield mistake_at(expression, joined.start(), "join takes a text of at most 5 signs here")
    for formatted in _FORMAT.finditer(expression):
        yield mistake_at(expression, formatted.start(), "format is not used in policies; put texts together with +")
