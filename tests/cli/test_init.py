"""init: no answer is lost, nothing that is there is touched, and nothing is written without a word."""

from __future__ import annotations

import os
import pty
import select
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.until import until


def test_without_a_terminal_and_without_yes_nothing_is_written(run: Run, tmp_path: Path) -> None:
    before = {*tmp_path.rglob("*")}
    for words in (("init", "shop"), ("new", "mesh", "shop", "--organization", "acme"), ("init", "new")):
        ran = run(*words)
        assert ran.code == 64
        assert "Say --yes to take the defaults for --name" in ran.err
    assert {*tmp_path.rglob("*")} == before


def test_into_a_repository_with_files_of_its_own(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "ours"
    place.mkdir()
    (place / "README.md").write_text("Ours.")
    ran = run("init", "ours", "--organization", "acme", "--yes")
    assert ran.code == 0, ran.err
    assert "README.md is there already and was left as it is." in ran.err
    assert (place / "README.md").read_text() == "Ours."
    assert run("validate", "--mesh", "ours/mesh").code == 0
    again = run("init", "ours", "--organization", "acme", "--yes")
    assert again.code == 1
    assert "this is a mesh" in again.err


def test_wrong_answers_of_options_write_nothing(run: Run, tmp_path: Path) -> None:
    before = {*tmp_path.rglob("*")}
    for option, said in (("--central", "12"), ("--region", "eu-wst-1"), ("--name", "!"), ("--organization", "a b")):
        assert run("init", "shop", option, said, "--yes").code == 1
    assert {*tmp_path.rglob("*")} == before


_HEARS = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
"""What a shell started in the background does not hear of Ctrl-C, and neither do its children."""


class Typing:
    """A person at a terminal of a command: reads what it asks, and types."""

    def __init__(self, folder: Path, *words: str) -> None:
        # A real terminal, and a process of its own: what a signal does there is what it does to people.
        self.me, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"{_HEARS}; from reconciler.cli import main; main()", *words],
            cwd=folder,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200"},
            start_new_session=True,
        )
        os.close(theirs)
        self.seen = ""

    def sees(self, text: str) -> None:
        """Wait until it has written something."""

        def is_there() -> bool:
            if text not in self.seen and select.select([self.me], [], [], 0)[0]:
                self.seen += os.read(self.me, 4096).decode("utf-8", "replace")
            return text in self.seen

        until(is_there)
        self.seen = self.seen.partition(text)[2]

    def _has_ended(self) -> bool:
        """Whether it has ended; what it wrote is taken from it, so that it never waits for room."""
        over = self.process.poll() is not None
        try:
            while select.select([self.me], [], [], 0)[0] and (more := os.read(self.me, 4096)):
                self.seen += more.decode("utf-8", "replace")
        except OSError:
            # Linux says so of a terminal that nobody holds any more.
            pass
        return over

    def types(self, text: str) -> None:
        os.write(self.me, f"{text}\n".encode())

    def ends(self) -> tuple[int, str]:
        """Its exit code, and all that it wrote at the end."""
        until(self._has_ended)
        os.close(self.me)
        return self.process.wait(), self.seen.replace("\r\n", "\n")


def test_at_a_terminal_wrong_answers_are_asked_again_and_none_is_lost(tmp_path: Path) -> None:
    person = Typing(tmp_path, "init", "shop", "--product", "orders", "--consumer", "analytics")
    for asked, said in (
        ("Name of the mesh", "Northwind Energy"),
        ("GitHub organization", "not one; at all"),
        ("Must be the name of an organization", ""),
        ("GitHub organization", "north-wind"),
        ("Home region", "eu-wst-1"),
        ("did you mean eu-west-1", ""),
    ):
        person.sees(asked)
        if said:
            person.types(said)
    person.sees("Home region")
    os.killpg(person.process.pid, signal.SIGINT)
    code, end = person.ends()
    assert code != 0
    assert not (tmp_path / "shop").exists()
    told = end.split("To go on where you stopped: ")[1].splitlines()[0]
    words = shlex.split(told)
    assert words[0] == "meshform"
    assert words[-4:] == ["--name", "Northwind Energy", "--organization", "north-wind"]
    again = subprocess.run(
        [sys.executable, "-c", "from reconciler.cli import main; main()", *words[1:], "--yes"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert again.returncode == 0, again.stderr
    assert "name: northwind-energy\n" in (tmp_path / "shop/mesh/mesh.yaml").read_text()
    assert "@north-wind/" in (tmp_path / "shop/.github/CODEOWNERS").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="a terminal as Linux has it")
def test_a_closed_terminal_leaves_nothing(tmp_path: Path) -> None:
    person = Typing(tmp_path, "new", "mesh", "shop")
    person.sees("Name of the mesh")
    os.write(person.me, b"\x04")
    code, end = person.ends()
    assert code == 1
    assert "Nothing was written." in end
    assert not (tmp_path / "shop").exists()
