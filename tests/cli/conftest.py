"""The command line, called as a shell would: arguments in; exit code, stdout and stderr out."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli import main
from reconciler.sandbox import Sandbox
from tests.estate import EXAMPLE, TODAY
from tests.remembered import remembered


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """stdout as one JSON document."""
        return json.loads(self.out)


Run = Callable[..., Ran]


COUNTED = ("adopt", "bad_input", "changed_since")
"""Modules whose tests count what is asked."""


@pytest.fixture(scope="module")
def world(world: Sandbox, request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Elsewhere commands ask only what it cannot have told one of them before."""
    counted = request.module.__name__.endswith(COUNTED)
    with nullcontext() if counted else remembered(world):
        yield world


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example mesh, in a folder that is the working directory."""
    shutil.copytree(EXAMPLE, tmp_path / "mesh")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "mesh"


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run `meshform` with arguments, in this process, on the day of the example."""
    monkeypatch.delenv("COLUMNS", raising=False)
    for place in ("reconciler.pipeline.today", "reconciler.spec.today.today"):
        monkeypatch.setattr(place, lambda: TODAY)

    def meshform(*arguments: str) -> Ran:
        capfd.readouterr()
        monkeypatch.setattr(sys, "argv", ["meshform", *arguments])
        try:
            main()
            code = 0
        except SystemExit as exit_:
            code = exit_.code if isinstance(exit_.code, int) else 1
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return meshform


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replace a text of a document."""
    path = folder / file
    text = path.read_text()
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new, 1))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
