"""What would change of somebody's is told with both values where they are short."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from reconciler.model.change import Update
from reconciler.model.resource import Resource
from reconciler.plan.gates.taking_over import _changed
from tests.plan.toys import address


@dataclass(frozen=True)
class Spec:
    """Words, numbers, several of them, and what only one side knows."""

    word: str = "a"
    number: int = 1
    many: tuple[str, ...] = ()
    known: str = field(default="", compare=False)


HAVE = Resource(address("a"), Spec())


def told(want: Spec, have: Spec = HAVE.spec) -> list[str]:
    return [*_changed(Update(replace(HAVE, spec=have), replace(HAVE, spec=want)))]


def test_each_field_that_differs_is_told() -> None:
    assert told(Spec("b", 2, ("x",), "y")) == ["word from 'a' to 'b'", "number from 1 to 2", "many"]
    assert told(Spec(known="y")) == []


@pytest.mark.parametrize("length", [79, 80, 81])
def test_what_is_long_is_told_by_the_name_of_its_field(length: int) -> None:
    words = "word from 'a' to ''"
    (said,) = told(Spec("b" * (length - len(words))))
    assert (len(said) if length <= 80 else said) == (length if length <= 80 else "word")
