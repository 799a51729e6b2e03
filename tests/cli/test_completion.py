"""meshform completion: what it writes makes a real shell complete."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.estate import ROOT

BIN = ROOT / ".venv" / "bin"


def completed(script: Path, *words: str) -> list[str]:
    """What bash would offer for the last word."""
    quoted = " ".join(f"'{word}'" for word in ("meshform", *words))
    code = f"source '{script}'; COMP_WORDS=({quoted}); COMP_CWORD={len(words)}; _meshform_completion meshform"
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{code}; printf '%s\\n' \"${{COMPREPLY[@]}}\""],
        env={**os.environ, "PATH": f"{BIN}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "BASH_COMPLETION_USER_DIR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_bash_completes_commands_options_and_choices(home: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/bash")
    ran = run("completion", "--install")
    script = home / ".local/share/bash-completion/completions/meshform"
    assert (ran.code, ran.out) == (0, "")
    assert f"Wrote {script}. A new bash completes by it." in ran.err
    assert completed(script, "pla") == ["plan"]
    assert completed(script, "plan", "--off") == ["--offline"]
    assert completed(script, "plan", "--format", "") == ["text", "json"]


@pytest.mark.parametrize(
    ("shell", "place", "first"),
    [
        ("bash", ".local/share/bash-completion/completions/meshform", "_meshform_completion() {"),
        ("zsh", ".zfunc/_meshform", "#compdef meshform"),
        ("fish", ".config/fish/completions/meshform.fish", "function _meshform_completion;"),
    ],
)
def test_each_shell_gets_its_own_in_its_place(home: Path, run: Run, shell: str, place: str, first: str) -> None:
    printed = run("completion", shell)
    assert printed.out.startswith(first)
    assert printed.err == ""
    assert run("completion", shell, "--install").code == 0
    assert (home / place).read_text() == printed.out


@pytest.mark.parametrize("shell", ["", "/usr/bin/nu"])
def test_a_shell_that_is_not_known_is_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    monkeypatch.setenv("SHELL", shell)
    ran = run("completion")
    assert ran.code == 1
    assert ran.err.startswith("meshform: Which shell is yours is not known: ")
    assert ran.err.endswith("hint: `meshform completion bash`\n")
