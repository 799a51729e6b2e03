"""The tutorial, played word for word: from an empty folder to somebody who reads what he may see, and nothing else."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.story.shell import blocks, commit_as_ada, play

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
CREDITS = "laufzeit;moral;verw;hoehe;alter;gastarb;kredit\n" + "".join(
    f"{months};4;{purpose};{amount};{age};2;{good}\n"
    for months, purpose, amount, age, good in ((6, 3, 1169, 67, 1), (48, 3, 5951, 22, 0), (12, 6, 2096, 49, 1))
)


def test_every_command_of_the_tutorial_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    commit_as_ada(monkeypatch)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "credits.csv").write_text(CREDITS)
    said: list[str] = []
    with ExitStack() as world:
        for language, text in blocks(PAGE, "sh", "python"):
            if language == "python" and (file := re.match(r"# (\S+\.py):", text)):
                Path(file[1]).write_text(text)
            elif language == "python":
                exec(compile(text, str(PAGE), "exec"), {"__name__": "tutorial"})
            else:
                for line in text.splitlines():
                    ends = re.search(r"# ends with (\d+)$", line)
                    play(line, world, monkeypatch, code=int(ends[1]) if ends else 0)
            said.append(capfd.readouterr().out)
    product, asked, shown, held, planned, rows = (said[at] for at in (4, 6, 7, 9, 11, 12))
    assert "credit-stewards must approve it" in product
    assert "credit-stewards must approve it" in asked
    assert "risk/analyst gains 3 columns of credits.credits (up to internal)" in shown
    assert "not approved: product credits (#1) waits for the approval of credit-stewards" in held
    assert "Done: nothing." in held
    assert "Done: 37 created, 6 changed." in planned
    assert "No changes. AWS is as the mesh says." in planned
    header, *values = [line for line in rows.splitlines() if line]
    assert "laufzeit" in header
    assert not {"alter", "hoehe", "gastarb"} & {*re.findall(r"\w+", header)}, "guessed to be more than internal"
    assert len(values) == 3
    assert "67" not in rows
