"""Installed on an empty machine: by pip, uv and pipx, with extras, beside anybody's package; the demo runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.release.conftest import BIN, TOOLS, Machine, Release

pytestmark = pytest.mark.release


def test_by_pip_beside_anothers_package_of_the_same_name(machine: Machine, release: Release) -> None:
    """On PyPI `reconciler` is a client of OpenRefine's services."""
    place = machine.environment()
    machine.runs(place / "pip", "install", "--quiet", release.wheel)
    (packages,) = machine.home.glob("env/lib/*/site-packages")
    assert not (packages / "reconciler").exists()
    (packages / "reconciler").mkdir()
    (packages / "reconciler" / "__init__.py").write_text("theirs = 7\n")
    said = machine.runs(place / "meshform", "--version")
    assert said.splitlines()[0] == f"meshform 0.1.0, commit {release.commit}"
    assert said.splitlines()[1] == "Extras: none"
    assert machine.runs(place / "python", "-c", "import meshform, reconciler; print(reconciler.theirs)") == "7\n"
    assert "Usage: meshform" in machine.runs(place / "python", "-m", "meshform", "--help")
    machine.runs(place / "meshform", "init", "shop", "--organization", "acme", "--yes")
    assert "valid" in machine.runs(place / "meshform", "validate", where=machine.home / "shop")
    said = machine.runs(place / "meshform", "demo", code=1)
    assert "pip install 'meshform[sandbox]'" in said


def test_by_uv_with_extras_the_demo_runs(machine: Machine, release: Release) -> None:
    place = machine.environment()
    extras = "meshform[sandbox,policy,site]"
    machine.runs(BIN / "uv", "pip", "install", "--quiet", "--python", place / "python", f"{extras} @ {release.wheel}")
    said = machine.runs(place / "meshform", "--version")
    assert "Extras: policy, sandbox, site\nNot installed: sandbox-formats\n" in said
    empty = machine.home / "empty"
    empty.mkdir()
    said = machine.runs(place / "meshform", "demo", where=empty)
    assert "The story took" in said
    assert "reconciler" not in [path.name for path in empty.iterdir()]


def test_by_pipx(machine: Machine, release: Release) -> None:
    machine.runs(TOOLS / "pipx", "install", f"meshform[policy] @ file://{release.wheel}")
    said = machine.runs(Path(machine.home) / ".local" / "bin" / "meshform", "--version")
    assert f"commit {release.commit}" in said
    assert "Extras: policy" in said
