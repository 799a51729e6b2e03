"""Judge: a policy that is asked of many objects, remembers what it said of alike ones, and does not take for ever."""

from __future__ import annotations

from time import process_time
from typing import Any

from reconciler.policy.cel import Seen
from reconciler.policy.compiled import Compiled, Judgement
from reconciler.policy.reading import key_of

_MOST_REMEMBERED = 20_000
_ALLOWED, _ALLOWED_EACH = 0.8, 0.0003
"""Seconds of processor time that a policy may take, and more for each object, ten times what one usually takes."""


class Judge:
    """Objects that say the same in what a policy reads are judged by it once."""

    def __init__(self, made: Compiled) -> None:
        self.made, self.key = made, key_of(made.reads)
        self.known: dict[Any, Judgement] = {}
        self._asked, self._spent = 0, 0.0

    def judgement(self, thing: Any, today: str, seen: Seen, alike: Any) -> Judgement:
        """What the policy says of an object whose key is `alike`. When it has taken too long, that it gave up."""
        began = process_time()
        said = self.made.judge(thing, today, seen)
        self._asked += 1
        self._spent += process_time() - began
        if self._spent > _ALLOWED + _ALLOWED_EACH * self._asked:
            each = 1000 * self._spent / self._asked
            words = f"it cannot be judged: it takes too long, {each:.1f} ms an object; ask less of each"
            return Judgement("break", (words,), gave_up=True)
        if len(self.known) < _MOST_REMEMBERED:
            self.known[alike] = said
        return said
