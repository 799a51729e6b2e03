"""Then: what was asked for on a day beside what AWS had, fact by fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from reconciler.access.facts.access_fact import AccessFact

State = Literal["both", "asked", "had"]


@dataclass(frozen=True, slots=True)
class FactThen:
    """A fact, and whether it was asked for, AWS had it, or both."""

    fact: AccessFact
    state: State


def compared(asked: Iterable[AccessFact], had: Iterable[AccessFact]) -> tuple[FactThen, ...]:
    """Each fact of the two once, in order: the same principal, column, permission, path and rows are one.

    Of what is in both, what AWS had is told, since it knows the labels that columns really carried.
    """
    wanted, found = {_same(each): each for each in asked}, {_same(each): each for each in had}
    every = {**wanted, **found}
    return tuple(
        FactThen(every[key], "both" if key in wanted and key in found else "asked" if key in wanted else "had")
        for key in sorted(every)
    )


def _same(fact: AccessFact) -> tuple[str, ...]:
    return (*fact.key, fact.rows or "", fact.verdict, str(fact.certain), str(fact.grantable))
