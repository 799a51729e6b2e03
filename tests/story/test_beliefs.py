"""The example's first apply, plan, change and teardown, whatever AWS does where nobody knows what it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, product

import pytest

from reconciler.sandbox import sandbox
from reconciler.sandbox.core.beliefs import BELIEFS
from reconciler.spec.mesh import Mesh
from tests.estate import Edit, Estate, edited, mesh_of
from tests.story.test_no_gap import INTERNAL, REPORT, WIDER, Readable, people, readable

CHANGE: tuple[Edit, ...] = ((REPORT, INTERNAL, WIDER),)
BARE = ("consumers/", "domains/", "lf-tags/")
Beliefs = Mapping[str, str]


def phases() -> Iterator[Mesh]:
    """The meshes that are applied one after the other."""
    yield mesh_of(edited())
    yield mesh_of(edited(*CHANGE))
    yield mesh_of(edited(without=BARE))


def play(beliefs: Beliefs) -> list[Readable]:
    """Who reads what after each phase; AssertionError where one does not end in an empty, complete plan."""
    with sandbox(beliefs=beliefs) as aws:
        estate = Estate(aws)
        estate.empty()
        reads = []
        for mesh in phases():
            estate.repair(mesh)
            reads.append(readable(estate, people(estate)))
        return reads


MAKER = "arn:aws:iam::111111111111:role/OrganizationAccountAccessRole"
"""The role that makes everything here. What it has as a maker and cannot give back is its own (`rights-of-makers`)."""


def of_others(reads: list[Readable]) -> list[Readable]:
    """The same without what the maker reads."""
    return [{key: columns for key, columns in read.items() if key[0] != MAKER} for read in reads]


def others() -> list[Beliefs]:
    """Every answer but the first, alone."""
    return [{belief.id: answer} for belief in BELIEFS for answer in belief.answers[1:]]


def pairwise(answers: Mapping[str, Iterable[str]]) -> list[Beliefs]:
    """Choices of one answer to each question, so that any two answers to two questions meet in one of them."""
    names = sorted(answers)
    left = {frozenset({(a, x), (b, y)}) for a, b in combinations(names, 2) for x, y in product(answers[a], answers[b])}
    chosen: list[Beliefs] = []
    while left:
        made: dict[str, str] = dict(sorted(min(left, key=sorted)))
        for name in names:
            if name not in made:
                met = {x: sum(frozenset({(name, x), other}) in left for other in made.items()) for x in answers[name]}
                made[name] = max(met, key=lambda answer: met[answer])
        left -= {frozenset(pair) for pair in combinations(made.items(), 2)}
        chosen.append(made)
    return chosen


ANSWERS = {belief.id: belief.answers for belief in BELIEFS}


def test_the_example_under_the_likeliest_answers() -> None:
    first, changed, last = play({})
    assert first != changed
    assert not any(last.values())
    assert not any(columns for (who, _), columns in first.items() if who == MAKER)


def test_any_two_answers_meet() -> None:
    answers = {"a": "xy", "b": "xyz", "c": "xy", "d": "xy"}
    made = pairwise(answers)
    met = {frozenset(pair) for choice in made for pair in combinations(choice.items(), 2)}
    assert all(
        frozenset({(a, x), (b, y)}) in met
        for a, b in combinations(answers, 2)
        for x, y in product(answers[a], answers[b])
    )
    assert len(made) < 2 * 3 * 2 * 2


@pytest.fixture(scope="module")
def likeliest() -> list[Readable]:
    return play({})


@pytest.mark.soak
@pytest.mark.parametrize("beliefs", others(), ids=lambda each: "-".join(*each.items()))
def test_the_example_under_every_other_answer(likeliest: list[Readable], beliefs: Beliefs) -> None:
    assert of_others(play(beliefs)) == of_others(likeliest)


@pytest.mark.soak
@pytest.mark.parametrize("beliefs", pairwise(ANSWERS), ids=str)
def test_the_example_under_any_two_answers(likeliest: list[Readable], beliefs: Beliefs) -> None:
    assert of_others(play(beliefs)) == of_others(likeliest)
