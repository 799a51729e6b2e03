"""A command is one file: found in its folder, listed and run without another edit."""

from __future__ import annotations

from pathlib import Path

import reconciler.cli
from tests.cli.conftest import Run
from tests.toys.dropping import dropped


def test_a_command_that_was_found_is_listed_and_run(tmp_path: Path, run: Run) -> None:
    with dropped("greet", reconciler.cli, tmp_path / "cli"):
        assert "say hello to a mesh" in run("--help").out
        assert run("greet", "bank").out == "Hello, bank.\n"
