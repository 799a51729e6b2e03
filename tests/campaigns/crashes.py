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
from tests.campaigns.harm import Harm
from tests.campaigns.rows import Row, killed, stage, told
from tests.campaigns.scene import Scene, scenes
from tests.campaigns.strike import Killed, Strikes, When, striking
from tests.campaigns.truth import lies, newest
from tests.story.test_no_gap import readable, watched

MOMENTS: tuple[When, ...] = ("before", "after")


def play(scene: Scene, aws: Sandbox, every: int = 1, start: int = 1, when: tuple[When, ...] = ("after",)) -> Row:
    """Kill the run of a scene at every so manieth write from `start` on, each in a copy of this process."""
    estate = scene.begun(aws)
    steps, harm = scene.steps(estate), Harm.of(scene, estate)
    row = Row(scene.name, harm.writes, wrong=[*harm.wrong])
    return killed(row, lambda at, moment: Trial(scene, harm, steps, at, moment).problems(), every, start, when)


@dataclass(frozen=True)
class Trial:
    """One kill."""

    scene: Scene
    harm: Harm
    steps: list[Step]
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
        wrong += self.harm.done("then", readable(self.harm.estate, self.harm.who))
        if not self.scene.unlock():
            wrong.append("a killed run holds its lock, and this one does not")
        return [*wrong, *self._again(strikes)]

    def _again(self, before: Strikes) -> Iterator[str]:
        """The next run."""
        self.harm.estate.fresh_sessions()
        steps = self.scene.steps(self.harm.estate)
        with striking(Strikes()) as strikes, watched(self.harm.estate, self.harm.who) as states:
            ended = self.scene.run()
        if ended.error is not None:
            why = [each.message for each in ended.run.failed] + [
                f"{each.address}: {each.reason}" for each in ended.run.plan.held
            ]
            yield f"the next run: {ended.error} {why[:3]}"
        for call, state in states:
            yield from self.harm.done(f"in the next run, after {call}", state)
        found = lies(newest(self.scene.last), steps, strikes.sent)
        yield from (f"of the next run, {each}" for each in found)
        self.harm.estate.fresh_sessions()
        left = self.scene.planned(self.harm.estate.look(self.scene.last)).plan
        if left is None or not left.is_empty:
            yield f"the plan after it is not empty: {[str(step.address) for step in left.steps][:3] if left else None}"
        news = {step.address.name for step in self.steps if step.address.kind == "notice"}
        given = {
            atom for each in (*before.sent, *strikes.sent) if each.operation == "PutEvents" for atom in _told(each)
        }
        bus_is_gone = self.scene.is_end
        if not bus_is_gone and not news <= given:
            yield f"nobody was told of {sorted(news - given)}"


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
