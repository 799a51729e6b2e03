"""Meshform where it is not installed: by its action, and as hooks of pre-commit."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest
import yaml

from tests.release.conftest import BIN, TOOLS, Machine, Release, ran

pytestmark = pytest.mark.release
HOOKS = """\
repos:
  - repo: {repository}
    rev: {commit}
    hooks:
      - {{id: meshform-validate, additional_dependencies: [cel-expr-python, protobuf]}}
      - {{id: meshform-fmt}}
      - {{id: meshform-owners}}
"""


def unpacked(release: Release, folder: Path) -> Path:
    """The files of an action as GitHub gives them: an archive, without the repository."""
    ran("git", "archive", "--output", folder / "action.tar", "HEAD", where=release.clone)
    with tarfile.open(folder / "action.tar") as archive:
        archive.extractall(folder / "action", filter="data")
    return folder / "action"


def test_the_action_installs_and_runs_a_command(machine: Machine, release: Release, tmp_path: Path) -> None:
    action = unpacked(release, tmp_path)
    steps = yaml.safe_load((action / "action.yml").read_text())["runs"]["steps"]
    machine.environment("python")
    (machine.home / "temp").mkdir()
    there = {
        "PATH": f"{machine.home / 'python' / 'bin'}:{machine.env['PATH']}",
        "GITHUB_ACTION_PATH": str(action),
        "RUNNER_TEMP": str(machine.home / "temp"),
        "GITHUB_OUTPUT": str(machine.home / "output"),
        "MESHFORM_COMMAND": "validate --mesh shop/mesh",
    }
    install, run = (step["run"] for step in steps if "run" in step)
    machine.runs("bash", "-e", "-c", install, **there)
    meshform = Path((machine.home / "output").read_text().strip().removeprefix("meshform="))
    said = machine.runs(meshform, "--version")
    assert f"commit {release.commit}\n" in said
    assert "Extras: policy, site\n" in said
    machine.runs(meshform, "init", "shop", "--organization", "acme", "--policies", "--yes")
    machine.runs("bash", "-e", "-c", run, **there)
    (machine.home / "shop" / "mesh" / "mesh.yaml").write_text("kind: Mesh\n")
    assert "missing-field" in machine.runs("bash", "-e", "-c", run, code=1, **there)


def test_as_hooks_of_pre_commit(machine: Machine, release: Release) -> None:
    """By pre-commit itself, which clones the repository, installs the hooks and runs them before a commit."""
    place = machine.environment()
    machine.runs(BIN / "uv", "pip", "install", "--quiet", "--python", place / "python", release.wheel)
    machine.runs(place / "meshform", "init", "shop", "--organization", "acme", "--yes")
    shop = machine.home / "shop"
    (shop / ".pre-commit-config.yaml").write_text(HOOKS.format(repository=release.clone, commit=release.commit))
    machine.runs("git", "init", "--quiet", where=shop)
    machine.runs("git", "add", "--all", where=shop)
    check = (TOOLS / "pre-commit", "run", "--all-files")
    assert machine.runs(*check, where=shop).count("Passed") == 3

    mesh = shop / "mesh" / "mesh.yaml"
    text = mesh.read_text()
    mesh.write_text("kind: Mesh\n" + text.replace("kind: Mesh\n", ""))
    said = machine.runs(*check, where=shop, code=1)
    assert "meshform fmt" in said
    assert "files were modified by this hook" in said
    assert mesh.read_text() == text

    (shop / ".github" / "CODEOWNERS").write_text("* @mallory\n")
    mesh.write_text(text.replace("region:", "regoin:"))
    said = machine.runs(*check, where=shop, code=1)
    assert "did you mean" in said.lower()
    assert said.count("Failed") >= 2
