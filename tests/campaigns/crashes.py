"""Crash campaign: a run is killed at each of its writes; the next one converges, the journal is true, nobody is harmed.

python -m tests.campaigns.crashes                      # every scene, every write: hours
python -m tests.campaigns.crashes --scene "the first apply" --every 7 --from 3
"""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reconciler.model.plan import Step
from reconciler.sandbox import Sandbox
from tests.campaigns.forked import forked
from tests.campaigns.rows import Row, stage, told
from tests.campaigns.scene import Scene, scenes
from tests.campaigns.strike import Killed, Strikes, When, striking
from tests.campaigns.truth import lies, newest
from tests.estate import Estate
from tests.story.test_no_gap import Readable, people, readable, watched

MOMENTS: tuple[When, ...] = ("before", "after")
OURS = "/OrganizationAccountAccessRole"
"""As whom these runs work. AWS gives the maker of a table all of it, until the run gives that back (ADR 12)."""


def play(scene: Scene, aws: Sandbox, every: int = 1, start: int = 1, when: tuple[When, ...] = ("after",)) -> Row:
    """Kill the run of a scene at every so manieth write from `start` on, each in a copy of this process."""
    estate = Estate(aws)
    scene.set(aws, estate)
    reviewed = scene.planned(estate.look(scene.first or scene.last))
    assert reviewed.plan is not None
    steps, who = list(reviewed.plan.steps), [each for each in people(estate) if not each.endswith(OURS)]
    first = readable(estate, who)
    counted: dict[str, Any] = forked(lambda: _whole(scene, estate, who))
    last = {tuple(key.split("\n")): frozenset(value) for key, value in counted["last"].items()}
    row = Row(scene.name, counted["writes"], wrong=counted["wrong"])
    for at in range(start, row.writes + 1, every):
        for moment in when:
            row.trials += 1
            trial = Trial(scene, estate, steps, who, first, last, at, moment)
            row.wrong += [f"killed {moment} write {at}: {each}" for each in forked(trial.problems)]
    return row


def _whole(scene: Scene, estate: Estate, who: list[str]) -> dict[str, Any]:
    """The run without a kill: its writes, and who reads what afterwards."""
    with striking(Strikes()) as strikes:
        ended = scene.run()
    wrong = [] if ended.error is None else [f"without a kill: {ended.error}"]
    last = {"\n".join(key): sorted(columns) for key, columns in readable(estate, who).items()}
    return {"writes": strikes.count, "wrong": wrong, "last": last}


@dataclass(frozen=True)
class Trial:
    """One kill. `first` and `last` are who reads what before, and after a run that nobody has killed."""

    scene: Scene
    estate: Estate
    steps: list[Step]
    who: list[str]
    first: Readable
    last: Any
    at: int
    when: When

    def problems(self) -> list[str]:
        """What did not hold, in words."""
        strikes = Strikes(self.at, self.when)
        strikes.act = strikes.kill
        with striking(strikes):
            try:
                ended = self.scene.run()
                wrong = [] if ended.error else [f"the run of {strikes.count} writes ended before it was killed"]
            except Killed:
                wrong = []
        wrong += lies(newest(self.scene.last), self.steps, strikes.sent)
        wrong += self._harm("then", readable(self.estate, self.who))
        if not self.scene.unlock():
            wrong.append("a killed run holds its lock, and this one does not")
        return [*wrong, *self._again(strikes)]

    def _again(self, before: Strikes) -> Iterator[str]:
        """The next run."""
        self.estate.fresh_sessions()
        plan = self.scene.planned(self.estate.look(self.scene.first or self.scene.last)).plan
        assert plan is not None
        with striking(Strikes()) as strikes, watched(self.estate, self.who) as states:
            ended = self.scene.run()
        if ended.error is not None:
            why = [each.message for each in ended.run.failed] + [
                f"{each.address}: {each.reason}" for each in ended.run.plan.held
            ]
            yield f"the next run: {ended.error} {why[:3]}"
        for call, state in states:
            yield from self._harm(f"in the next run, after {call}", state)
        yield from (
            f"of the next run, {each}" for each in lies(newest(self.scene.last), list(plan.steps), strikes.sent)
        )
        self.estate.fresh_sessions()
        left = self.scene.planned(self.estate.look(self.scene.last)).plan
        if left is None or not left.is_empty:
            yield f"the plan after it is not empty: {[str(step.address) for step in left.steps][:3] if left else None}"
        news = {step.address.name for step in self.steps if step.address.kind == "notice"}
        given = {
            atom for each in (*before.sent, *strikes.sent) if each.operation == "PutEvents" for atom in _told(each)
        }
        bus_is_gone = self.scene.is_end
        if not bus_is_gone and not news <= given:
            yield f"nobody was told of {sorted(news - given)}"

    def _harm(self, moment: str, state: Readable) -> Iterator[str]:
        """Who lacks what he has before and after, or has what he has neither before nor after."""
        for key in state.keys() | (self.first.keys() & self.last.keys()):
            was, will, now = (each.get(key, frozenset()) for each in (self.first, self.last, state))
            name = f"{key[0].rpartition('/')[2]} of {key[1]}"
            if lost := (was & will) - now:
                yield f"{moment} {name} lacks {sorted(lost)}"
            if gained := now - was - will:
                yield f"{moment} {name} has {sorted(gained)}"


def _told(sent: Any) -> Iterator[str]:
    if not sent.error:
        for each in sent.params["Entries"]:
            yield f"{each['EventBusName']}/{json.loads(each['Detail'])['product']}"


def rows(given: Namespace) -> Iterator[Row]:
    """Every scene, one after the other."""
    known, when = scenes(), MOMENTS if given.before else MOMENTS[1:]
    with stage() as aws:
        for name in given.scene or known:
            yield play(known[name], aws, given.every, given.start, when)


if __name__ == "__main__":
    raise SystemExit(told(__doc__, rows))
