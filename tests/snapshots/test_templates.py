"""The templates by which many jobs read a mesh: AWS and GitHub take them, each account is read once, commands exist."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.parsing import parse
from tests.estate import ROOT

MATRIX = ROOT / "docs" / "templates" / "snapshot-matrix.yml"
MAP = ROOT / "docs" / "templates" / "snapshot-distributed-map.yaml"


@pytest.mark.parametrize(("linter", "file"), [("actionlint", MATRIX), ("zizmor", MATRIX), ("cfn-lint", MAP)])
def test_the_linter_is_content(linter: str, file: Path) -> None:
    strict = ["--quiet", "--offline", "--persona=auditor"] if linter == "zizmor" else []
    command = [str(Path(sys.executable).parent / linter), *strict, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("accounts", [1, 19, 20, 21, 300])
def test_each_account_is_in_one_part(tmp_path: Path, accounts: int) -> None:
    names = [f"account-{number}" for number in range(accounts)]
    (tmp_path / "accounts.json").write_text(json.dumps({"accounts": [{"name": name} for name in names]}))
    of_matrix = json.loads(_chosen(MATRIX, tmp_path).removeprefix("parts="))
    of_map = [part["accounts"] for part in json.loads(_chosen(MAP, tmp_path))]
    assert of_matrix == of_map
    assert len(of_matrix) == min(accounts, 20)
    assert sorted(name for part in of_matrix for name in part.split(",")) == sorted(names)


@pytest.mark.parametrize("file", [MATRIX, MAP], ids=["matrix", "map"])
def test_every_command_exists_with_its_options(file: Path) -> None:
    commands = re.findall(r"\.venv/bin/meshform ([^|>;\n]+)", file.read_text(encoding="utf-8"))
    assert {command.split()[0] for command in commands} == {"list", "snapshot", "drift"}
    for command in commands:
        parse(shlex.split(command))


def test_no_text_of_a_mesh_is_put_into_a_shell() -> None:
    """Names of accounts come as a variable."""
    for job in yaml.safe_load(MATRIX.read_text())["jobs"].values():
        assert not any("${{" in step.get("run", "") for step in job["steps"])


def _chosen(file: Path, folder: Path) -> str:
    """What the script of a template chooses for accounts.json in a folder."""
    found = re.search(r"python3 -c '\n(?P<script>.*?)\n *' >", file.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    lines = found["script"].splitlines()
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    script = "\n".join(line[margin:] for line in lines)
    command = [sys.executable, "-c", script]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
