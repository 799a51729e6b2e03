"""Every rule, broken: its findings at the right line and column, with a sentence; and its neighbours, just right."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reconciler.spec.load import load
from reconciler.spec.rule import rules
from tests.estate import TODAY
from tests.spec.cases import CASES, Change
from tests.spec.mutants import sources, whole
from tests.spec.right import RIGHT
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
    "contract-label",
    "contract-label-raised",
    "contract-type-guessed",
    "contract-unused",
    "contract-not-read",
}


def test_the_small_mesh_is_right() -> None:
    assert said(FILES) == []
    assert loaded(FILES).mesh is not None


@pytest.mark.parametrize(
    ("rule", "part", "changes"), CASES, ids=[f"{rule}-{index}" for index, (rule, _, _) in enumerate(CASES)]
)
def test_a_broken_rule_is_told_at_its_place_and_nothing_else_is(rule: str, part: str, changes: list[Change]) -> None:
    files, marked = places(changed(*changes))
    assert marked
    found = loaded(files)
    mine = [finding for finding in found.findings if finding.rule == rule]
    assert sorted(str(finding.origin) for finding in mine) == sorted(marked), said(files)
    assert part in mine[0].message
    declared = rules()[rule]
    assert mine[0].severity == declared.severity
    assert (found.mesh is None) == any(finding.severity == "error" for finding in found.findings)
    assert {finding.rule for finding in found.findings} <= {rule, "raw-access"}, said(files)


@pytest.mark.parametrize(("spoken", "changes"), [each[1:] for each in RIGHT], ids=[about for about, _, _ in RIGHT])
def test_what_is_just_right_is_not_told(spoken: set[str], changes: list[Change]) -> None:
    found = loaded(changed(*changes))
    assert {finding.rule for finding in found.findings} == spoken, found.findings
    assert found.mesh is not None


@pytest.mark.parametrize("path", sorted(sources()))
def test_nobody_else_is_blamed_for_a_file_that_cannot_be_read(path: str) -> None:
    """What it may declare is not missing anywhere."""
    cut = replace(sources()[path], content=sources()[path].content + b"\nnothing: such\n")
    found = load([cut if each.path == path else each for each in sources().values()], TODAY, like=whole()).findings
    assert {finding.rule for finding in found} >= {"unknown-field"}
    assert {finding for finding in found if finding.origin and finding.origin.file != cut.file} <= {*whole().findings}


def test_a_mesh_without_its_document_is_told_at_its_first_file() -> None:
    rest = {path: text for path, text in FILES.items() if path != "mesh.yaml"}
    told = [each for each in loaded(rest).findings if each.rule == "no-mesh-document"]
    assert [str(each.origin) for each in told] == [f"mesh/{min(rest)}:1:1"]
    assert [(each.rule, str(each.origin)) for each in loaded({}).findings] == [("no-mesh-document", "mesh.yaml:1:1")]


def test_every_rule_is_broken_by_a_case() -> None:
    assert set(rules()) == {rule for rule, _, _ in CASES} | ELSEWHERE


def test_rules_have_ids_and_sentences_for_people() -> None:
    for rule in rules().values():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id)
        assert rule.sentence.endswith(".")
        assert rule.advice.endswith((".", "`."))
