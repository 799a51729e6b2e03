"""The tutorial, played word for word: from an empty folder to somebody who reads what he may see, and nothing else."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from reconciler import pipeline
from reconciler.cli import main
from reconciler.cli.sandbox import _buckets, _roles
from reconciler.sandbox import sandbox
from reconciler.sandbox.shared.seed_buckets import GivenBucket
from reconciler.sandbox.shared.seed_roles import GivenRole

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
CREDITS = "laufzeit;moral;verw;hoehe;alter;gastarb;kredit\n" + "".join(
    f"{months};4;{purpose};{amount};{age};2;{good}\n"
    for months, purpose, amount, age, good in ((6, 3, 1169, 67, 1), (48, 3, 5951, 22, 0), (12, 6, 2096, 49, 1))
)


def blocks() -> list[tuple[str, str]]:
    """The language and the text of each block of code, in order."""
    return re.findall(r"^```(sh|python)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def play(line: str, world: ExitStack, patch: pytest.MonkeyPatch) -> None:
    """One line as a shell does it. What it runs of Meshform and its sandbox is in this process."""
    words = shlex.split(line)
    match words:
        case ["cd", folder]:
            patch.chdir(folder)
        case ["export", *said]:
            # The sandbox of this process is where the page says that one is served.
            for each in said:
                name, _, value = each.partition("=")
                if name != "AWS_ENDPOINT_URL":
                    patch.setenv(name, value)
        case ["meshform", "sandbox", "serve", "--mesh", folder, "&"]:
            mesh = pipeline.load_folder(folder).mesh
            assert mesh is not None
            roles = [GivenRole(*each) for each in _roles(mesh)]
            world.enter_context(sandbox(roles=roles, buckets=[GivenBucket(*each) for each in _buckets(mesh)]))
        case ["meshform", *arguments]:
            with pytest.MonkeyPatch.context() as own:
                own.setattr(sys, "argv", ["meshform", *arguments])
                code: object = 0
                try:
                    main()
                except SystemExit as end:
                    code = end.code
                assert not code, line
        case _:
            subprocess.run(line, shell=True, check=True)


def test_every_command_of_the_tutorial_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "ada")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "ada@example.com")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "credits.csv").write_text(CREDITS)
    said: list[str] = []
    with ExitStack() as world:
        for language, text in blocks():
            if language == "python":
                exec(compile(text, str(PAGE), "exec"), {"__name__": "tutorial"})
            else:
                for line in text.splitlines():
                    play(line, world, monkeypatch)
            said.append(capfd.readouterr().out)
    product, asked, planned, rows = said[1], said[3], said[5], said[6]
    assert "credit-stewards must approve it" in product
    assert "credit-stewards must approve it" in asked
    assert "risk/analyst" in asked
    assert "No changes. AWS is as the mesh says." in planned
    names, *values = [line for line in rows.splitlines() if line]
    assert "laufzeit" in names
    assert not {"alter", "hoehe", "gastarb"} & {*re.findall(r"\w+", names)}, "guessed to be more than internal"
    assert len(values) == 3
    assert "67" not in rows
