"""The form of an issue by which people ask for data who may not write in the repository: its answers, as data."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.errors import MeshformError

FIELDS: Mapping[str, str] = {
    "Product": "product",
    "Who reads": "readers",
    "Up to which label": "up_to",
    "Columns": "columns",
    "Rows": "rows",
    "What for": "why",
    "Last day": "until",
}
"""The headings that GitHub writes above the answers (`label` in the form), and what each is."""
_LATER = ("Rows",)
"""Headings that forms of older versions do not have."""
_NOTHING = "_No response_"


def form_answers(body: str) -> Mapping[str, str]:
    """The answers by field; empty where none was given. Raises MeshformError where it is not that form.

    https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-issue-forms
    """
    found: dict[str, list[str]] = {}
    lines: list[str] | None = None
    for line in body.splitlines():
        name = FIELDS.get(line.removeprefix("### ").strip()) if line.startswith("### ") else None
        if name is None:
            if lines is not None:
                lines.append(line)
            continue
        if name in found:
            raise MeshformError(f"The form answers {line.removeprefix('### ').strip()} twice.")
        lines = found[name] = []
    missing = [heading for heading, name in FIELDS.items() if name not in found and heading not in _LATER]
    if missing:
        raise MeshformError(f"The form has no answer under {', '.join(missing)}: write below each of its headings.")
    answers = {name: _shown("\n".join(found.get(name, []))).strip() for name in FIELDS.values()}
    return {name: "" if said == _NOTHING else said for name, said in answers.items()}


def _shown(text: str) -> str:
    """A text without what Markdown does not show: a template of GitLab has hints below its headings."""
    first, *others = text.split("<!--")
    return first + "".join(each.partition("-->")[2] for each in others)
