"""The wheel as a release makes it, from a clean clone of what is committed; and a machine that has nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.estate import ROOT

BIN = ROOT / ".venv" / "bin"
TOOLS = ROOT / ".venv" / "release" / "bin"
"""Other people's programs: twine, pipx, pre-commit, cyclonedx-py."""


def ran(*words: str | Path, where: Path, env: Mapping[str, str] | None = None, code: int = 0) -> str:
    """What a command printed, both streams; it must end with `code`."""
    done = subprocess.run([*map(str, words)], cwd=where, env=env, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == code, f"{' '.join(map(str, words))} -> {done.returncode}\n{said}"
    return said


@dataclass(frozen=True)
class Release:
    """`folder` has what was built of `commit`; `clone` is the repository, as the release workflow checks it out."""

    commit: str
    clone: Path
    folder: Path

    @property
    def wheel(self) -> Path:
        (path,) = self.folder.glob("*.whl")
        return path

    @property
    def archive(self) -> Path:
        (path,) = self.folder.glob("*.tar.gz")
        return path


def built(clone: Path, out: Path) -> Path:
    """Build a clone or an unpacked archive as `make dist` does; where the wheel and the archive are."""
    when = os.environ.get("SOURCE_DATE_EPOCH") or ran("git", "log", "-1", "--format=%ct", where=ROOT).strip()
    env = {**os.environ, "SOURCE_DATE_EPOCH": when}
    ran(sys.executable, "-m", "hatchling", "build", "--directory", out, where=clone, env=env)
    return out


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Built once."""
    folder = tmp_path_factory.mktemp("release")
    clone = folder / "clone"
    ran("git", "clone", "--quiet", ROOT, clone, where=folder)
    return Release(ran("git", "rev-parse", "HEAD", where=clone).strip(), clone, built(clone, folder / "dist"))


@dataclass(frozen=True)
class Machine:
    """An empty machine with Python: a home, no variables but what everybody has, and nothing of this repository."""

    home: Path

    @property
    def env(self) -> dict[str, str]:
        """The network of this machine is the only thing that it shares with it."""
        kept = ("PIP_", "UV_", "SSL_", "REQUESTS_", "HTTP", "http", "NO_PROXY", "no_proxy", "TMPDIR")
        network = {key: value for key, value in os.environ.items() if key.startswith(kept)}
        return {**network, "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(self.home), "LANG": "C.UTF-8"}

    def runs(self, *words: str | Path, where: Path | None = None, code: int = 0, **env: str) -> str:
        """What a command prints on this machine."""
        return ran(*words, where=where or self.home, env={**self.env, **env}, code=code)

    def environment(self, name: str = "env") -> Path:
        """The bin of a new virtual environment with pip and nothing else."""
        self.runs(sys.executable, "-m", "venv", self.home / name)
        return self.home / name / "bin"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A fresh one."""
    (tmp_path / "home").mkdir()
    return Machine(tmp_path / "home")
