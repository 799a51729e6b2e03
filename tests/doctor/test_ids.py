"""One id for one question about AWS: among assumptions, the probes and trials of the doctor, and beliefs."""

from __future__ import annotations

import re
from pathlib import Path

from reconciler.doctor import examine, trial_run
from reconciler.sandbox.core.beliefs import BELIEFS

ROOT = Path(__file__).parents[2]
PARTS = (ROOT / "docs" / "assumptions.md").read_text().split("\n## ")
ASKED = {*examine.assumptions(), *(each.id for each in trial_run.ASSUMPTIONS)}


def ids(part: str) -> list[str]:
    return re.findall(r"^- `([a-z0-9-]+)`: ", part, re.MULTILINE)


def code(room: str) -> str:
    return "\n".join(path.read_text() for path in (ROOT / "reconciler" / room).rglob("*.py"))


def test_the_doctor_asks_about_every_belief() -> None:
    assert {belief.id for belief in BELIEFS} - ASKED == set()


def test_every_question_and_every_belief_has_its_line() -> None:
    every = {id_ for part in PARTS for id_ in ids(part)}
    assert {*ASKED, *(belief.id for belief in BELIEFS)} - every == set()


def test_what_the_doctor_asks_is_what_is_written_there() -> None:
    """Its part has the questions that no other part has."""
    (own,) = [part for part in PARTS if part.startswith("What the doctor asks")]
    assert set(ids(own)) - ASKED == set()
    others = {id_ for part in PARTS if part != own for id_ in ids(part)}
    assert ASKED - set(ids(own)) - others == set()


def test_every_belief_is_a_switch_that_something_heeds() -> None:
    heeded = set(re.findall(r'beliefs\["([a-z-]+)"\]', code("sandbox")))
    assert heeded == {belief.id for belief in BELIEFS}


def test_every_assumption_has_an_id_and_none_has_two_in_one_part() -> None:
    for part in PARTS:
        lines = [line for line in part.splitlines() if line.startswith("- ")]
        assert len(ids(part)) == len(lines), [line for line in lines if not re.match(r"- `[a-z0-9-]+`: ", line)]
        assert sorted(ids(part)) == sorted(set(ids(part)))


def test_ids_in_the_code_are_those_of_assumptions() -> None:
    """Code that leans on an assumption names it as `docs/assumptions.md: id` or ``(`id`)``."""
    every = {id_ for part in PARTS for id_ in ids(part)}
    named = set(re.findall(r"docs/assumptions\.md: ?\s*`([a-z-]+)`", code(".")))
    assert named - every == set()
    assert named
