"""init: an empty folder becomes a mesh repository that validates and plans at once."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from reconciler import pipeline
from reconciler.bootstrap.rehearsal import rehearsal
from reconciler.cli import main
from reconciler.errors import MeshformError
from reconciler.kinds import registry
from reconciler.sandbox import sandbox
from reconciler.sandbox.shared.seed_roles import GivenRole
from reconciler.scaffold.answers import Answers
from reconciler.scaffold.repository import repository
from tests.estate import ROOT

TODAY = date(2026, 11, 22)
ANSWERS = Answers(name="shop", organization="acme")


def meshform(*words: str) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["meshform", *words])
        try:
            main()
        except SystemExit as end:
            return int(end.code or 0)
    return 0


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert meshform("init", str(tmp_path / "shop"), "--organization", "acme", "--yes") == 0
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


def test_it_validates_plans_applies_and_plans_to_nothing(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert meshform("validate") == 0
    assert meshform("fmt", "--check") == 0
    assert meshform("owners", "--check") == 0
    with sandbox(roles=bootstrapped()):
        assert meshform("plan", "--detailed-exitcode") == 2
        assert meshform("apply", "--auto-approve") == 0
        capsys.readouterr()
        assert meshform("plan", "--detailed-exitcode") == 0
    assert "No changes. AWS is as the mesh says." in capsys.readouterr().out


def bootstrapped() -> list[GivenRole]:
    """The roles that bootstrap prints for the mesh in this folder."""
    mesh = pipeline.load_folder("mesh").mesh
    assert mesh is not None
    return [GivenRole(*role) for role in rehearsal(mesh, registry())]


def test_bootstrap_takes_the_roles_that_it_names(made: Path) -> None:
    """One role for both would be refused: who plans must not be able to write."""
    assert meshform("bootstrap", "--github", "acme/shop", "--out", "bootstrap", "-q") == 0
    assert {path.stem for path in (made / "bootstrap").iterdir()} == {"central", "sales-data", "analytics-account"}
    for path in (made / "bootstrap").iterdir():
        assert "RoleName: meshform-shop-plan" in path.read_text()
        assert "RoleName: meshform-shop-apply" in path.read_text()


def test_its_subscription_needs_no_approval_and_a_wider_one_does(made: Path) -> None:
    (document,) = made.glob("mesh/consumers/*/subscriptions/*/*/automatic/*.yaml")
    document.write_text(document.read_text().replace("[internal]", "[internal, confidential]"))
    assert meshform("validate") == 1, "in automatic/ nobody would be asked"
    wider = document.parent.parent / document.name
    document.rename(wider)
    assert meshform("validate") == 0
    assert meshform("owners", "--check") == 0


def test_nothing_is_overwritten(made: Path) -> None:
    (made / "README.md").write_text("mine")
    assert meshform("init", ".", "--organization", "acme", "--yes") == 1
    assert (made / "README.md").read_text() == "mine"


def test_its_workflows_are_those_of_this_repository() -> None:
    files = repository(ANSWERS, TODAY)
    names = {path for path in files if path.startswith(".github/workflows/")}
    assert len(names) == 6
    for path in names:
        assert files[path] == (ROOT / path).read_text(encoding="utf-8")


def test_its_schemas_are_those_of_the_language_and_the_editor_knows_them(made: Path) -> None:
    settings = json.loads((made / ".vscode" / "settings.json").read_text())
    for schema, glob in settings["yaml.schemas"].items():
        assert (made / schema).is_file()
        assert list(made.glob(glob)), glob
    for document in made.glob("mesh/**/*.yaml"):
        first = document.read_text().splitlines()[0]
        assert (document.parent / first.partition("$schema=")[2]).resolve().is_file(), document


@pytest.mark.parametrize(
    "answers",
    [
        Answers(name="Shop!", organization="acme"),
        Answers(name="shop", organization="acme", central="12"),
        Answers(name="shop", organization="acme", domain="sales\nowner: mallory"),
        Answers(name="shop", organization="acme", governance="Ada Lovelace"),
    ],
)
def test_answers_that_make_no_mesh_are_refused_with_a_reason(answers: Answers) -> None:
    with pytest.raises(MeshformError):
        repository(answers, TODAY)


def test_answers_may_come_from_flags(tmp_path: Path) -> None:
    place = tmp_path / "x"
    flags = ["--name", "bank", "--organization", "acme", "--domain", "loans", "--product", "credits"]
    more = ["--central", "999999999999", "--consumer", "risk", "--governance", "rulers", "--region", "eu-central-1"]
    assert meshform("init", str(place), *flags, *more, "--yes", "-q") == 0
    assert (place / "mesh/domains/loans/products/credits.yaml").is_file()
    assert "999999999999" in (place / "mesh/accounts/central.yaml").read_text()
    assert "* @acme/rulers" in (place / ".github/CODEOWNERS").read_text()


def test_make_knows_the_commands_of_the_workflows(made: Path) -> None:
    done = subprocess.run(["make", "--dry-run", "validate"], cwd=made, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert ".venv/bin/meshform validate" in done.stdout
