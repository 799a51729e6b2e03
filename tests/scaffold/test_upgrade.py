"""A repository of an older version is brought to this one; what people may have edited is theirs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from reconciler.scaffold.answers import Answers
from reconciler.scaffold.repository import repository
from reconciler.scaffold.upgrade import Upgrade, upgrade

ADOPTED = """\
apiVersion: meshform/v1
kind: Adopted
name: lab
description: What was there. # on
reviewBy: 2027-01-01
grants:
  - {account: central, principal: "444444444444", permissions: [DESCRIBE], on: {database: credit-card}}
"""
PLAN = ".github/workflows/plan.yml"
LINE = "meshform @ git+https://github.com/acme/meshform@" + "a" * 40 + "\n"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """As an older version made it: an Adopted with `on`, a lock of its own; a person has edited a workflow."""
    for path, text in repository(Answers(name="shop", organization="acme"), date(2026, 11, 26)).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    schema = json.loads((tmp_path / "schemas/adopted.schema.json").read_text())
    for part in ("AdoptedGrant", "AdoptedOptIn"):
        fields = schema["$defs"][part]["properties"]
        fields["on"] = fields.pop("resource")
        schema["$defs"][part]["required"] = [
            "on" if each == "resource" else each for each in schema["$defs"][part]["required"]
        ]
    (tmp_path / "schemas/adopted.schema.json").write_text(json.dumps(schema))
    (tmp_path / "schemas/policy.schema.json").unlink()
    (tmp_path / "mesh/adopted").mkdir()
    (tmp_path / "mesh/adopted/lab.yaml").write_text(ADOPTED)
    (tmp_path / "requirements.lock").write_text("boto3==1.0\n")
    (tmp_path / "requirements-sandbox.lock").unlink()
    (tmp_path / PLAN).write_text("mine\n")
    (tmp_path / ".github/workflows/fork.yml").unlink()
    return tmp_path


def written(folder: Path, found: Upgrade) -> None:
    for path, text in found.files.items():
        (folder / path).write_text(text)


def test_it_says_what_changed_and_brings_it_up_to_date(old: Path) -> None:
    found = upgrade(old, "mesh", LINE)
    assert found.language is not None
    assert [str(each) for each in found.language] == [
        "- Adopted grants[].on: this field is gone",
        "~ Adopted grants[].resource: a new field, which is needed",
        "- Adopted optIns[].on: this field is gone",
        "~ Adopted optIns[].resource: a new field, which is needed",
        "+ Policy: a new kind of document",
    ]
    assert set(found.files) == {
        "mesh/adopted/lab.yaml",
        "requirements-sandbox.lock",
        "requirements.lock",
        "requirements.txt",
        "schemas/adopted.schema.json",
        "schemas/policy.schema.json",
    }
    assert found.files["mesh/adopted/lab.yaml"] == ADOPTED.replace(" on: {", " resource: {")
    assert found.files["requirements.txt"] == LINE
    assert found.left == (PLAN,)
    written(old, found)
    again = upgrade(old, "mesh", LINE)
    assert (again.language, again.files) == ((), {})


def test_workflows_are_written_anew_only_when_asked_for_and_those_that_went_stay_away(old: Path) -> None:
    found = upgrade(old, "mesh", None, workflows=True)
    assert PLAN in found.files
    assert ".github/workflows/fork.yml" not in found.files
    assert "requirements.txt" not in found.files, "nobody knows where this version came from"
    assert found.left == ()


def test_without_schemas_nothing_is_said_of_the_language_and_none_are_made(old: Path) -> None:
    for path in (old / "schemas").iterdir():
        path.unlink()
    found = upgrade(old, "mesh", None)
    assert found.language is None
    assert set(found.files) == {"mesh/adopted/lab.yaml", "requirements.lock", "requirements-sandbox.lock"}
