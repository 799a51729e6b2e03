"""Findings as SARIF 2.1.0, for GitHub's code scanning: https://docs.github.com/en/code-security (SARIF support)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from reconciler.model.finding import Finding
from reconciler.report.plain import plain
from reconciler.spec.rule import Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "note": "note"}
MOST = 5_000
"""GitHub shows the first 5,000 results of a run."""


def sarif(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> dict[str, Any]:
    """One run with the findings that have a place in a file. `rules` by id explain them."""
    placed = [finding for finding in findings if finding.origin is not None][:MOST]
    used = sorted({finding.rule for finding in placed})
    driver = {
        "name": "meshform",
        "version": version("meshform"),
        "rules": [_rule(name, rules.get(name)) for name in used],
    }
    results = [_result(finding, used.index(finding.rule)) for finding in placed]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(name: str, rule: Rule | None) -> dict[str, Any]:
    sentence = rule.sentence if rule else name
    advice = rule.advice if rule else name
    return {
        "id": name,
        "shortDescription": {"text": sentence},
        "fullDescription": {"text": sentence},
        "help": {"text": advice},
        "defaultConfiguration": {"level": _LEVELS[rule.severity] if rule else "warning"},
    }


def _result(finding: Finding, index: int) -> dict[str, Any]:
    assert finding.origin is not None
    place = {
        "artifactLocation": {"uri": quote(finding.origin.file), "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": finding.origin.line, "startColumn": finding.origin.column},
    }
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": plain(finding.message)},
        "locations": [{"physicalLocation": place}],
    }
