"""Target: one reader of the product, what it is given, and the law that holds for its answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reconciler.errors import MeshformError
from reconciler.model.finding import Finding
from reconciler.report.hints import error_lines, finding_text
from tests.fuzz.forms import Form


@dataclass(frozen=True, slots=True)
class Target:
    """`run` gives an answer in a few words (it may raise MeshformError), and breaks off by AssertionError where the
    answer is none that the product may give. `seeds` are inputs to begin with, besides the corpus."""

    name: str
    form: Form
    run: Callable[[bytes], str]
    seeds: Callable[[], Sequence[bytes]]
    share: int = 10
    """How many of the executions of a campaign it gets, beside those of the others: fewer where one takes long."""


def said(error: MeshformError) -> str:
    """The words of an expected error. AssertionError where they are not fit to be shown."""
    lines = [*error_lines(error)]
    assert str(error).strip(), "an error without words"
    for line in lines:
        assert is_clean(line), f"an error with signs that steer a terminal: {line[:200]!r}"
    return lines[0]


def told(findings: Sequence[Finding], files: dict[str, bytes]) -> str:
    """What findings say. AssertionError where a place is not in its file, or a sentence is not fit to be shown."""
    for finding in findings:
        line = finding_text(finding)
        assert is_clean(line), f"a finding with signs that steer a terminal: {line[:200]!r}"
        assert finding.message, "a finding without words"
        if finding.origin is not None and finding.origin.file in files:
            lines = re.split(b"\r\n|\r|\n", files[finding.origin.file])
            at, column = finding.origin.line, finding.origin.column
            assert 1 <= at <= len(lines) + 1, f"a place outside of the file: {finding.origin}"
            assert 1 <= column <= len(b"".join(lines[at - 1 : at])) + 2, f"a place beyond its line: {finding.origin}"
    mine = [each for each in findings if each.origin is not None and each.origin.file in files] or findings
    return f"{mine[0].rule}: {mine[0].message}" if mine else "fine"


def is_clean(text: str) -> bool:
    """Whether a line can be written to any terminal and any file."""
    return text.isprintable()
