"""Every rule, broken: one finding of that rule, at the right line and column, with a sentence."""

from __future__ import annotations

import re

import pytest

from reconciler.spec.rule import rules
from tests.spec.cases import CASES, Change
from tests.spec.small import FILES, changed, loaded, places, said

# Rules about files as a whole and contracts, and those that need a large mesh, have tests of their own.
ELSEWHERE = {
    "mesh-folder",
    "symbolic-link",
    "file-too-large",
    "file-unreadable",
    "not-utf-8",
    "no-mesh-document",
    "lf-tag-limit",
    "lf-tag-quota",
    "expression-too-long",
    "contract-version",
    "contract-not-found",
    "contract-and-columns",
    "contract-type",
    "contract-quality-skipped",
    "contract-type-guessed",
    "too-many-filters",
    "contract-unused",
    "contract-not-read",
}


def test_the_small_mesh_is_right() -> None:
    assert said(FILES) == []
    assert loaded(FILES).mesh is not None


@pytest.mark.parametrize(
    ("rule", "part", "changes"), CASES, ids=[f"{rule}-{index}" for index, (rule, _, _) in enumerate(CASES)]
)
def test_a_broken_rule_is_told_at_its_place(rule: str, part: str, changes: list[Change]) -> None:
    files, marked = places(changed(*changes))
    assert len(marked) == 1
    found = loaded(files)
    mine = [finding for finding in found.findings if finding.rule == rule]
    assert [str(finding.origin) for finding in mine] == marked, said(files)
    assert part in mine[0].message
    declared = rules()[rule]
    assert mine[0].severity == declared.severity
    assert (found.mesh is None) == any(finding.severity == "error" for finding in found.findings)


@pytest.mark.parametrize(
    ("rule", "changes"), [(rule, changes) for rule, _, changes in CASES], ids=lambda value: str(value)[:40]
)
def test_one_mistake_is_told_once(rule: str, changes: list[Change]) -> None:
    files, _ = places(changed(*changes))
    others = [text for text in said(files) if f"  {rule}  " not in text]
    allowed = ("raw-access",)
    assert [text for text in others if not any(word in text for word in allowed)] == []


def test_every_rule_is_broken_by_a_case() -> None:
    assert set(rules()) == {rule for rule, _, _ in CASES} | ELSEWHERE


def test_rules_have_ids_and_sentences_for_people() -> None:
    for rule in rules().values():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id)
        assert rule.sentence.endswith(".")
        assert rule.advice.endswith((".", "`."))
