"""Quick actions: lines by which GitLab would do what a text says, as whoever sends it (`/merge`, `/approve`).

https://docs.gitlab.com/user/project/quick_actions/ They begin a line, and texts of others are in what we send. Likewise
a reference such as !12 writes a note on what it names: https://docs.gitlab.com/user/markdown/#gitlab-specific-references
"""

from __future__ import annotations

import re

_START = re.compile(r"^(?=/)", re.MULTILINE)
# As `report.markdown.inline` writes ! $ & ~ of others; GitLab looks for references when it has read them back.
_REFERENCE = re.compile(r"&#(?:33|36|38|126);(?=[\w\"])")
_APART = "\N{ZERO WIDTH SPACE}"


def without_actions(text: str) -> str:
    """The text with nothing in it that GitLab would carry out: it looks the same. Carriage returns go, as at GitLab."""
    parted = _REFERENCE.sub(lambda found: found.group() + _APART, text.replace("\r", ""))
    lines = re.split(r"\n|[\v\f\x1c-\x1e\x85\u2028\u2029]", parted)
    return "\n".join(_START.sub(_APART, line) for line in lines)
