"""What a file of a mesh may be made of: UTF-8, and no signs that hide what is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.spec.rule import Rule
from reconciler.spec.yaml.source import Source

NOT_UTF8 = Rule(
    "not-utf-8",
    "error",
    "A document is written in UTF-8.",
    "Save the file as UTF-8 in your editor; Latin-1, Windows-1252 and UTF-16 are not read.",
)
HIDDEN_SIGN = Rule(
    "hidden-sign",
    "error",
    "A document holds no control characters and none that change the direction of text.",
    "Such signs can make a reviewer read something else than what a program reads. Delete the sign; "
    "indent with blanks.",
)

# What libyaml refuses or takes for the end of a line, and what hides text: controls but tab, line feed and carriage
# return; marks and overrides of direction; a byte order mark that is not at the beginning; U+FFFE and U+FFFF.
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_PLAIN = bytes((*b"\t\n\r", *range(0x20, 0x7F)))
"""What nothing is wrong with, and most of a mesh."""
_ENDS = re.compile("\r\n|\r|\n")


def faults(source: Source) -> Iterator[Finding]:
    """What in the bytes of a file must not be there; nothing for a file that can be parsed."""
    if not source.content.translate(None, _PLAIN):
        return
    try:
        text = source.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = source.content[: error.start].decode("utf-8", "replace")
        byte = source.content[error.start]
        yield NOT_UTF8.broken(
            _after(source.file, before), f"byte 0x{byte:02X} is not UTF-8; save the file as UTF-8 in your editor"
        )
        return
    for found in HIDDEN.finditer(text):
        sign = found.group()
        name = unicodedata.name(sign, "a control character").lower()
        yield HIDDEN_SIGN.broken(
            _after(source.file, text[: found.start()]), f"holds the hidden sign U+{ord(sign):04X} ({name}); delete it"
        )
        return


def _after(file: str, before: str) -> Origin:
    # As libyaml counts, so that every finding of a file means the same line.
    lines = _ENDS.split(before)
    return Origin(file, len(lines), len(lines[-1]) + 1)
