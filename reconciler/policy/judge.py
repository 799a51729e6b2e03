"""Judge: a policy that is asked of many objects, remembers what it said of alike ones, and has one budget for all."""

from __future__ import annotations

from typing import Any

from reconciler.policy.budget import Budget
from reconciler.policy.cel import Seen
from reconciler.policy.compiled import Compiled, Judgement
from reconciler.policy.reading import key_of

_MOST_REMEMBERED = 20_000


class Judge:
    """Objects that say the same in what a policy reads are judged by it once."""

    def __init__(self, made: Compiled) -> None:
        self.made, self.key = made, key_of(made.reads)
        self.known: dict[Any, Judgement] = {}
        self._budget = Budget()

    def judgement(self, thing: Any, today: str, seen: Seen, alike: Any) -> Judgement:
        """What the policy says of an object whose key is `alike`."""
        said = self.made.judge(thing, today, seen, self._budget)
        if len(self.known) < _MOST_REMEMBERED and not said.gave_up:
            self.known[alike] = said
        return said
