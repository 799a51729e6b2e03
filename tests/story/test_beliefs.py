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
            if beliefs in BLIND:
                estate.apply_reviewed(mesh)
            else:
                estate.repair(mesh)
            reads.append(readable(estate, people(estate)))
        return reads


#: Answers under which a consumer's grants cannot be read, so that nothing of them is taken away.
BLIND = ({"listing-abroad": "nothing"}, {"listing-abroad": "denied"})


def others() -> list[Beliefs]:
    """Every answer but the first, alone, under which all can be read."""
    every: list[Beliefs] = [{belief.id: answer} for belief in BELIEFS for answer in belief.answers[1:]]
    return [each for each in every if each not in BLIND]


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


#: The answers under which all can be read.
CLEAR = {belief.id: [each for each in belief.answers if {belief.id: each} not in BLIND] for belief in BELIEFS}


def test_the_example_under_the_likeliest_answers() -> None:
    first, changed, last = play({})
    assert first != changed
    assert not any(last.values())


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
    assert play(beliefs) == likeliest


@pytest.mark.soak
@pytest.mark.parametrize("beliefs", pairwise(CLEAR), ids=str)
def test_the_example_under_any_two_answers(likeliest: list[Readable], beliefs: Beliefs) -> None:
    assert play(beliefs) == likeliest


@pytest.mark.soak
@pytest.mark.parametrize("beliefs", BLIND, ids=str)
def test_nobody_reads_more_where_grants_abroad_cannot_be_read(likeliest: list[Readable], beliefs: Beliefs) -> None:
    for found, wanted in zip(play(beliefs), likeliest, strict=True):
        opened = {key: columns - wanted.get(key, frozenset()) for key, columns in found.items()}
        assert not any(opened.values()), opened
