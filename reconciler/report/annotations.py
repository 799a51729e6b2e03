"""Findings as workflow commands, which GitHub shows on the lines of a pull request.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.model.finding import Finding
from reconciler.report.plain import plain

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def workflow_commands(findings: Iterable[Finding]) -> Iterator[str]:
    """One command a line. Text from the mesh cannot end its line, nor begin a command or a property of its own."""
    for finding in findings:
        places = {}
        if finding.origin is not None:
            places = {"file": finding.origin.file, "line": finding.origin.line, "col": finding.origin.column}
        properties = ",".join(
            f"{key}={_property(str(value))}" for key, value in {**places, "title": finding.rule}.items()
        )
        yield f"::{_COMMANDS[finding.severity]} {properties}::{_data(plain(finding.message))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
