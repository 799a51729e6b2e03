"""Harm: who lacks what he has before and after a run, or has what he has neither before nor after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.campaigns.forked import forked
from tests.campaigns.scene import Scene
from tests.campaigns.strike import Strikes, striking
from tests.estate import Estate
from tests.story.test_no_gap import Readable, people, readable

OURS = "/OrganizationAccountAccessRole"
"""As whom these runs work. AWS gives the maker of a table all of it, until the run gives that back (ADR 12)."""


@dataclass(frozen=True)
class Harm:
    """`first` and `last` are who reads what before a run, and after one that nobody disturbs; that one's writes.

    `who` are the roles that are there before; `last` tells of those that the run makes, too.
    """

    estate: Estate
    who: list[str]
    first: Readable
    last: Readable
    writes: int
    wrong: tuple[str, ...]

    @classmethod
    def of(cls, scene: Scene, estate: Estate) -> Harm:
        """What a scene comes to, seen in a copy of this process."""
        who = _others(estate)

        def whole() -> dict[str, Any]:
            with striking(Strikes()) as strikes:
                ended = scene.run()
            everybody = sorted({*who, *_others(estate)})
            last = {"\n".join(key): sorted(columns) for key, columns in readable(estate, everybody).items()}
            wrong = [] if ended.error is None else [f"undisturbed: {ended.error}"]
            return {"writes": strikes.count, "wrong": wrong, "last": last}

        told = forked(whole)
        last = {_pair(key): frozenset(columns) for key, columns in told["last"].items()}
        return cls(estate, who, readable(estate, who), last, told["writes"], tuple(told["wrong"]))

    def done(self, moment: str, state: Readable) -> Iterator[str]:
        """What is wrong with what people read at a moment, in words."""
        for key in state.keys() | (self.first.keys() & self.last.keys()):
            was, will, now = (each.get(key, frozenset()) for each in (self.first, self.last, state))
            name = f"{key[0].rpartition('/')[2]} of {key[1]}"
            if lost := (was & will) - now:
                yield f"{moment} {name} lacks {sorted(lost)}"
            if gained := now - was - will:
                yield f"{moment} {name} has {sorted(gained)}"

    def ended(self) -> Iterator[str]:
        """What people read now otherwise than after a run that nobody disturbs."""
        state = readable(self.estate, sorted({principal for principal, _ in self.last}))
        for key in sorted(state.keys() | self.last.keys()):
            will, now = self.last.get(key, frozenset()), state.get(key, frozenset())
            name = f"{key[0].rpartition('/')[2]} of {key[1]}"
            if lost := will - now:
                yield f"at the end {name} lacks {sorted(lost)}"
            if gained := now - will:
                yield f"at the end {name} has {sorted(gained)}"


def _others(estate: Estate) -> list[str]:
    return [each for each in people(estate) if not each.endswith(OURS)]


def _pair(text: str) -> tuple[str, str]:
    one, _, other = text.partition("\n")
    return one, other
