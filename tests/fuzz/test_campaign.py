"""No input breaks a reader or a renderer: a sample in every run of the tests, a million executions in the long run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from reconciler.errors import MeshformError
from tests.fuzz import engine
from tests.fuzz.__main__ import main
from tests.fuzz.corpus import CORPUS, MOST, corpus_of, kept, smaller
from tests.fuzz.engine import begun
from tests.fuzz.mutate import mutated
from tests.fuzz.target import Target
from tests.fuzz.targets import targets

SAMPLE, SEEDS = 8, 5
SEED = 7


def toy(run: Callable[[bytes], str], *seeds: bytes) -> Target:
    return Target("toy", "json", run, lambda: [*seeds])


@pytest.mark.parametrize("name", targets())
def test_no_input_breaks_the_law(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The corpus, in which everything is kept that ever broke it, and a few inputs that are made from it."""
    # Two seconds are for the campaign: here the first input loads the program, on whatever machine. What lasts a
    # minute hangs.
    monkeypatch.setattr(engine, "SECONDS", 60.0)
    campaign = begun(targets()[name], corpus_of(name), SEEDS)
    campaign.run(SAMPLE, SEED)
    assert not campaign.faults, "\n".join(f"{each.text}\n{each.data[:2000]!r}" for each in campaign.faults.values())


@pytest.mark.soak
def test_a_million_executions_break_nothing(tmp_path: Path) -> None:
    assert main(["--executions", "1000000", "--seed", "1", "--json", str(tmp_path / "fuzz.json")]) == 0


def test_the_corpus_is_small_and_of_targets_that_are_there() -> None:
    assert {each.name for each in CORPUS.iterdir()} <= {*targets()}
    for folder in CORPUS.iterdir():
        files = [*folder.iterdir()]
        assert len(files) <= MOST + 12
        assert all(each.stat().st_size <= 20_000 for each in files)


def test_what_is_no_expected_error_is_a_fault() -> None:
    def run(data: bytes) -> str:
        return str(json.loads(data)["a"])

    campaign = begun(toy(run, b'{"a": 1}'), [])
    assert not campaign.faults
    campaign.look_at(b"{}")
    assert [each.partition(" ")[0] for each in campaign.faults] == ["KeyError"]


@pytest.mark.parametrize("words", ["", " ", "\x1b[2J", "a\u202eb"])
def test_an_error_that_cannot_be_shown_is_none(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(data: bytes) -> str:
        raise MeshformError(words)

    monkeypatch.setattr("tests.fuzz.target.error_lines", lambda error: str(error).split("\n"))
    campaign = begun(toy(run, b"1"), [])
    assert [each.partition(" ")[0] for each in campaign.faults] == ["AssertionError"]


def test_an_answer_that_is_not_the_same_twice_is_a_fault() -> None:
    count = iter("abc")
    campaign = begun(toy(lambda data: next(count), b"1"), [])
    assert "first 'a', then 'b'" in "".join(each.text for each in campaign.faults.values())


def test_what_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "SECONDS", 0.01)

    def run(data: bytes) -> str:
        while True:
            pass

    campaign = begun(toy(run, b"1"), [])
    assert [each.partition(" ")[0] for each in campaign.faults] == ["TooLong"]


def test_inputs_with_new_answers_are_where_it_goes_on_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(data: bytes) -> str:
        return "long" if len(data) > 30 else "short"

    monkeypatch.setattr("tests.fuzz.corpus.CORPUS", tmp_path)
    campaign = begun(toy(run, b"1"), [])
    campaign.look_at(b"[1,\n2,\n" + b"3" * 40 + b"]")
    assert len(campaign.pool) == 2
    assert kept(campaign) == 1
    assert corpus_of("toy") == [smaller(campaign.target, campaign.pool[1])]
    assert len(corpus_of("toy")[0]) < len(campaign.pool[1])


def test_the_same_seed_makes_the_same_inputs() -> None:
    seeds = targets()["document"].seeds()
    once, again = ([mutated(seeds[0], seeds, "yaml", Random(each)) for each in range(50)] for _ in range(2))
    assert once == again
    assert len({*once}) > 40


def test_a_campaign_goes_on_where_it_ended(tmp_path: Path) -> None:
    place = tmp_path / "fuzz.json"
    for executions in ("20", "50", "50"):
        assert main(["--target", "lock,comment", "--executions", executions, "--json", str(place)]) == 0
    assert {row["executions"] for row in json.loads(place.read_text()).values()} == {25}
