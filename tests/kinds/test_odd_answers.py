"""Whatever AWS answers oddly, in one place of one answer, there is a plan, and everybody can read it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest

from reconciler import pipeline
from reconciler.aws.observe import observe
from reconciler.aws.reader import AwsReader
from reconciler.kinds import registry
from reconciler.report.json_v1 import plan_json
from reconciler.report.text import plan_text
from reconciler.sandbox import sandbox
from reconciler.spec.mesh import Mesh
from tests.estate import Estate, mesh_of
from tests.kinds.full import full

TEXTS = ("", "?", "*", "a/b:c", "{", "[]", "x" * 300, "arn:aws:iam::1:role/x", "2026-13-45")
Path = tuple[str | int, ...]


class Told:
    """What AWS answers about the full mesh, and what becomes of it where one answer is another."""

    def __init__(self, estate: Estate, mesh: Mesh) -> None:
        self.estate, self.mesh = estate, mesh
        first = AwsReader(estate.sessions)
        observe(mesh, registry(), first)
        self.answers = first.answers
        self.known = {key: answer for key, given in first.answers.items() if isinstance(answer := given.result(), dict)}

    def odd(self, seed: int) -> tuple[str, str, dict[str, Any]]:
        """The request, what is odd about its answer, and the answer."""
        chance = random.Random(seed)
        key = chance.choice(sorted(self.known))
        answer = deepcopy(self.known[key])
        path = chance.choice([path for path in _paths(answer) if path and path[0] != "ResponseMetadata"] or [()])
        return key, _made_odd(answer, path, chance) if path else "nothing", answer

    def plan(self, key: str, answer: Mapping[str, Any]) -> None:
        """Read, plan and tell it."""
        reader, given = AwsReader(self.estate.sessions), Future[Any]()
        given.set_result(answer)
        reader.answers |= {**self.answers, key: given}
        reviewed = pipeline.review(self.mesh, observation=observe(self.mesh, registry(), reader))
        assert list(plan_text(reviewed, 2))
        assert json.dumps(plan_json(reviewed), default=str)


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in rows:
        yield from _paths(each, (*path, name))


def _made_odd(answer: Any, path: Path, chance: random.Random) -> str:
    """Leave something out of an answer, double it, or put something else in its place; in words."""
    *way, last = path
    where = answer
    for each in way:
        where = where[each]
    before = where[last]
    match chance.choice(["out", "double", "other", "other"]):
        case "out":
            del where[last]
            return f"{path} is left out"
        case "double" if isinstance(where, list):
            where.append(deepcopy(before))
            return f"{path} is told twice"
        case _:
            where[last] = chance.choice(_others(before))
            return f"{path} is {where[last]!r}"


def _others(before: Any) -> list[Any]:
    """What AWS's own types let it say instead."""
    match before:
        case str():
            return [*TEXTS, f"{before}~"]
        case bool():
            return [not before]
        case int() | float():
            return [0, -1, 10**12]
        case list() | dict():
            return [type(before)()]
        case datetime():
            return [before.replace(year=1)]
        case _:
            return [None]


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    with sandbox() as aws:
        estate, mesh = Estate(aws), mesh_of(full())
        estate.empty()
        estate.repair(mesh)
        yield Told(estate, mesh)


def holds(told: Told, seed: int) -> None:
    key, what, answer = told.odd(seed)
    try:
        told.plan(key, answer)
    except Exception as error:  # whatever it is, it is told with what was odd
        raise AssertionError(f"seed {seed}, {key}: {what}") from error


@pytest.mark.parametrize("seed", [0, 1, 2, 126, 246])
def test_there_is_a_plan_whatever_aws_says(told: Told, seed: int) -> None:
    holds(told, seed)


@pytest.mark.soak
@pytest.mark.parametrize("start", range(1000, 4000, 500))
def test_there_is_a_plan_whatever_else_aws_says(told: Told, start: int) -> None:
    for seed in range(start, start + 500):
        holds(told, seed)
