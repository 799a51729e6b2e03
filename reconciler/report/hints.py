"""Errors, findings and their hints as lines: the one place that writes them (docs/style.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from reconciler.errors import MeshformError
from reconciler.model.finding import Finding
from reconciler.report.plain import plain


def error_lines(error: MeshformError) -> Iterator[str]:
    """An expected error and its hints: `meshform: what happened`, an empty line, `hint: what to type`."""
    # An error tells what others wrote: a file's name, a field of a snapshot, the words of a forge.
    yield from map(plain, f"meshform: {error}".split("\n"))
    if error.hints:
        yield ""
        yield from hint_lines(error.hints)


def finding_text(finding: Finding) -> str:
    """A finding in one line: severity, place, rule, sentence. Its hints are `hint_lines(finding.hints)`."""
    return plain(f"{finding.severity}: {finding}")


def hint_lines(hints: Iterable[str]) -> Iterator[str]:
    """Each hint on a line of its own."""
    return (f"hint: {plain(hint)}" for hint in hints)


def standing_text(findings: Sequence[Finding], *, of_change: bool = True) -> str:
    """How many findings there are, and the command that shows them. `of_change`: beside those of a change."""
    counts = Counter(finding.severity for finding in findings)
    said = [
        f"{counts[level]} {level}{'' if counts[level] == 1 else 's'}"
        for level in ("error", "warning", "note")
        if counts[level]
    ]
    them = "it" if len(findings) == 1 else "them"
    whose = "Not of this change" if of_change else "The mesh has"
    return f"{whose}{':' if of_change else ''} {' and '.join(said)}; `meshform validate` shows {them}."
