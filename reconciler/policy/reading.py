"""Which fields of its object a policy reads, so that what they tell alike is judged once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any

from reconciler.policy.objects import MAPS, TYPES
from reconciler.spec.documents.policy import Policy


def fields_read(policy: Policy) -> frozenset[str]:
    """The fields that its expressions can read: all of them where one does something else with the object.

    Within texts and comments they count as well: too many is right, too few would not be.
    """
    every = _fields(policy.object)
    # In CEL nothing comes to a field but by a name after a dot: no name can be written in another way.
    named = re.compile(rf"\b{policy.object}\b(?:\s*\.\s*(\w+))?")
    found = {name[1] for text in expressions(policy) for name in named.finditer(text)}
    return frozenset(found) if found <= every else every


def key_of(names: frozenset[str]) -> Callable[[Any], Any]:
    """What these fields of an object say, as a key: objects with the same one say the same in them."""
    plain, maps = attrgetter(*sorted(names - MAPS), "__class__"), sorted(names & MAPS)
    if not maps:
        return plain
    return lambda thing: (plain(thing), *(tuple(sorted(getattr(thing, each).items())) for each in maps))


def expressions(policy: Policy) -> Iterator[str]:
    """The texts of all of its expressions."""
    yield from (each.expression for each in policy.match_conditions)
    yield from (each.expression for each in policy.variables)
    yield from (each.expression for each in policy.validations)
    yield from (each.message_expression for each in policy.validations if each.message_expression)


@cache
def _fields(word: str) -> frozenset[str]:
    return frozenset(each.name for each in fields(TYPES[word]))
