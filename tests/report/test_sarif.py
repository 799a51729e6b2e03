"""Findings for machines: SARIF as GitHub's code scanning wants it, and workflow commands."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli import main
from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.report.sarif import MOST, sarif
from reconciler.spec.rule import rules
from tests.estate import EXAMPLE

PLACE = Origin("mesh/a folder/ü%.yaml", 3, 7)


def test_every_result_has_a_rule_with_the_texts_that_github_demands() -> None:
    found = [Finding("bad-name", "error", "no\nname", PLACE), Finding("expired-subscription", "warning", "old", PLACE)]
    document = sarif([*found, Finding("bad-name", "error", "again", PLACE)], rules())
    (run,) = document["runs"]
    driver = run["tool"]["driver"]
    for result in run["results"]:
        rule = driver["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        for field in ("shortDescription", "fullDescription", "help"):
            assert rule[field]["text"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region == {"startLine": 3, "startColumn": 7}
    assert [result["level"] for result in run["results"]] == ["error", "warning", "error"]
    assert run["results"][0]["message"]["text"] == "no\\nname"


def test_a_path_is_an_address() -> None:
    (run,) = sarif([Finding("bad-name", "error", "x", PLACE)], rules())["runs"]
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "mesh/a%20folder/%C3%BC%25.yaml"


def test_no_more_results_than_github_takes() -> None:
    many = [Finding("bad-name", "error", str(number), PLACE) for number in range(MOST + 1)]
    assert len(sarif(many, rules())["runs"][0]["results"]) == MOST


def validated(folder: Path, form: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder.parent)
        patch.setattr(sys, "argv", ["meshform", "validate", "--mesh", folder.name, "--format", form])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    return code, capsys.readouterr().out


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The example with one mistake, in line 2 of a document."""
    import shutil

    shutil.copytree(EXAMPLE, tmp_path / "mesh")
    (tmp_path / "mesh" / "accounts" / "new.yaml").write_text("apiVersion: meshform/v1\nkind: Acount\nname: new\n")
    return tmp_path / "mesh"


def test_a_mesh_without_errors_is_an_empty_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = validated(EXAMPLE, "sarif", capsys)
    document: dict[str, Any] = json.loads(out)
    assert code == 0
    assert [each for each in document["runs"][0]["results"] if each["level"] == "error"] == []
    assert validated(EXAMPLE, "github", capsys)[0] == 0


def test_an_error_is_put_on_its_line_and_fails_the_step(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = validated(broken, "github", capsys)
    assert code == 1
    assert "::error file=mesh/accounts/new.yaml,line=2,col=" in out
    code, out = validated(broken, "sarif", capsys)
    assert code == 1
    (result,) = [each for each in json.loads(out)["runs"][0]["results"] if each["level"] == "error"]
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("mesh/accounts/new.yaml", 2)
