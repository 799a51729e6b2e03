"""Questions about AWS that nobody has answered: every answer can be chosen, and each is told with its question."""

from __future__ import annotations

import re
import urllib.error
from pathlib import Path

import pytest

from reconciler.sandbox import sandbox
from reconciler.sandbox.core.beliefs import BELIEFS, Beliefs
from tests.sandbox.conftest import Http

ASSUMPTIONS = Path(__file__).parents[3] / "docs" / "assumptions.md"


def test_the_first_answer_is_in_force_until_another_is_chosen(http: Http) -> None:
    told = {each["id"]: each for each in http.control("GET", "beliefs")}
    assert {id_: each["answer"] for id_, each in told.items()} == {each.id: each.answers[0] for each in BELIEFS}
    for belief in BELIEFS:
        for answer in belief.answers:
            http.control("POST", "beliefs", {belief.id: answer})
            assert {each["id"]: each["answer"] for each in http.control("GET", "beliefs")}[belief.id] == answer
    http.control("POST", "reset")
    assert [each["answer"] for each in http.control("GET", "beliefs")] == [each.answers[-1] for each in BELIEFS]
    http.control("DELETE", "beliefs")
    assert [each["answer"] for each in http.control("GET", "beliefs")] == [each.answers[0] for each in BELIEFS]


@pytest.mark.parametrize("chosen", [{"no-such": "yes"}, {BELIEFS[0].id: "perhaps"}])
def test_what_is_no_answer_is_refused(http: Http, chosen: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(chosen))):
        Beliefs(chosen)
    with pytest.raises(urllib.error.HTTPError, match="400"):
        http.control("POST", "beliefs", chosen)


def test_ids_are_unique_and_stand_among_the_assumptions() -> None:
    ids = [belief.id for belief in BELIEFS]
    text = ASSUMPTIONS.read_text()
    assert len(set(ids)) == len(ids)
    assert [id_ for id_ in ids if f"`{id_}`" not in text] == []


def test_every_assumption_begins_with_an_id_and_is_told_once() -> None:
    lines = [line for line in ASSUMPTIONS.read_text().splitlines() if line.startswith("- ")]
    assert [line for line in lines if not re.match(r"- `[a-z0-9-]+`: ", line)] == []
    told = [line.partition(": ")[2] for line in lines]
    assert len(set(told)) == len(told)


def test_a_sandbox_in_process_opens_with_beliefs() -> None:
    belief = BELIEFS[0]
    with sandbox(beliefs={belief.id: belief.answers[1]}) as aws:
        assert aws.world.beliefs[belief.id] == belief.answers[1]
