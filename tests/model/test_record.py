"""A record is made without a call for each field; that nobody changes one is for the type checker to hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from dis import get_instructions

import pytest

from reconciler.access.state.access_state import Link
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.lakeformation.taggable import Place
from reconciler.model.lakeformation import Grant, OnTagPolicy
from reconciler.model.origin import Origin
from reconciler.model.record import record
from reconciler.model.resource import Resource

MADE = (
    lambda: Origin("mesh.yaml", 1, 2),
    lambda: Resource(None, "spec", None),
    lambda: OnTagPolicy("111111111111", "TABLE", ()),
    lambda: Grant("reader", OnTagPolicy("111111111111", "TABLE", ()), "SELECT"),
    lambda: TagAssignment(Place("database"), "key", "value"),
    lambda: Link("111111111111", "rl_database"),
)


@record(order=True)
class Word:
    text: str
    said: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Held:
    text: str


def test_the_type_checker_takes_a_record_as_frozen() -> None:
    assert record.__dataclass_transform__["kwargs"] == {"frozen_default": True}


def test_a_record_is_told_by_what_is_compared() -> None:
    assert Word("a", 1) == Word("a", 2)
    assert {Word("a", 1), Word("a", 2), Word("b")} == {Word("b"), Word("a")}
    assert sorted([Word("b"), Word("a")]) == [Word("a"), Word("b")]
    assert not hasattr(Word("a"), "__dict__")


@pytest.mark.parametrize("make", MADE, ids=lambda make: type(make()).__name__)
def test_no_field_of_a_record_takes_a_call(make: Callable[[], object]) -> None:
    """A dataclass that holds its fields itself calls `object.__setattr__` for each."""
    assert calls_to_make(type(make())) == 0


def test_a_dataclass_that_holds_its_field_itself_takes_one() -> None:
    assert calls_to_make(Held) == 1


def calls_to_make(made: type) -> int:
    return sum(each.opname.startswith("CALL") for each in get_instructions(made.__init__))
