"""An analyst asks for data, goes on with them and gives them back, at a terminal; wrong answers are asked again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.life.play import CREDITS, SUBSCRIPTIONS, Play, playing
from tests.typed import Typed

NAME = "credit-profile-credit-analyst"
PATH = f"{SUBSCRIPTIONS}/{NAME}.yaml"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    with playing(tmp_path_factory.mktemp("asking")) as play:
        yield play


def desk(play: Play) -> Path:
    """A clone of the main branch, as the analyst has it, with his own token."""
    place = play.clone()
    play.monkeypatch.chdir(place)
    for key, value in play.github.variables.items():
        play.monkeypatch.setenv(key, value)
    return place


def typed(play: Play, *lines: str) -> None:
    play.monkeypatch.setattr("sys.stdin", Typed("\n".join(lines) + "\n"))


def merged(play: Play, branch: str) -> int:
    """The owner approves the pull request of a branch, and it is merged and applied; the exit code of apply."""
    (number,) = [each["number"] for each in play.github.records.pulls_in("open") if each["head"]["ref"] == branch]
    play.github.records.pushed(branch, play.git("rev-parse", branch), "ada")
    assert play.plan(number) == 0
    play.approve(number, CREDITS)
    sha = play.merge(number)
    play.github.records.edit_pull(str(number), state="closed", merged_at="2026-11-22T12:00:00Z")
    return play.apply(sha)


def state(play: Play, capsys: pytest.CaptureFixture[str]) -> str:
    """What `show` says became of the request."""
    desk(play)
    capsys.readouterr()
    assert play.meshform("show", "analytics-coe", "--requests", "--format", "json", "-q") == 0
    rows = json.loads(capsys.readouterr().out)["requests"]
    return str(next(row["state"] for row in rows if row["name"] == NAME))


def test_ask_go_on_and_give_back(stage: Play, capsys: pytest.CaptureFixture[str]) -> None:
    before = stage.granted()
    desk(stage)
    wrong_then_right = ("credit-profil", "credit-profile", "analytics-coe/nobody", "analytics-coe/credit-analyst")
    typed(stage, *wrong_then_right, "work", "Compare the ages of loans.", "secret", "internal", "soon", "2027-06-30")
    assert stage.meshform("request", "--propose") == 0
    said = capsys.readouterr()
    for reason in ("did you mean credit-profile", "has no principal nobody", "in a few words", "is no sensitivity"):
        assert reason in said.err
    assert "soon is no day" in said.err
    assert "consumer-banking-stewards must approve it" in said.out
    assert state(stage, capsys) == "asked"
    assert merged(stage, f"meshform/request-{NAME}") == 0
    assert state(stage, capsys) == "applied"

    place = desk(stage)
    typed(stage, "credit-profile", NAME, "2020-01-01", "2028-06-30")
    assert stage.meshform("renew", "--propose") == 0
    said = capsys.readouterr()
    assert "There is no subscription credit-profile" in said.err
    assert "is over already" in said.err
    assert "expires: 2028-06-30" in (place / PATH).read_text()
    assert merged(stage, f"meshform/renew-{NAME}") == 0

    desk(stage)
    typed(stage, "nothing", NAME)
    assert stage.meshform("return", "--propose") == 0
    assert "There is no subscription nothing" in capsys.readouterr().err
    assert merged(stage, f"meshform/return-{NAME}") == 0
    assert state(stage, capsys) == "ended"
    assert stage.granted() == before
