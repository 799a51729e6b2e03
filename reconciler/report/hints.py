"""Hints: what to do next, after an error or a finding. The one place that writes them (docs/style.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.errors import MeshformError
from reconciler.model.finding import Finding
from reconciler.report.plain import plain


def error_lines(error: MeshformError) -> Iterator[str]:
    """An expected error and its hints: `meshform: what happened`, an empty line, `hint: what to type`."""
    yield f"meshform: {error}"
    if error.hints:
        yield ""
        yield from hint_lines(error.hints)


def finding_text(finding: Finding) -> str:
    """A finding in one line: severity, place, rule, sentence. Its hints are `hint_lines(finding.hints)`."""
    return plain(f"{finding.severity}: {finding}")


def hint_lines(hints: Iterable[str]) -> Iterator[str]:
    """Each hint on a line of its own."""
    return (f"hint: {plain(hint)}" for hint in hints)
