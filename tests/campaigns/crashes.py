"""Crash campaign: a run is killed at each of its writes; the next one converges, the journal is true, nobody is harmed.

    python -m tests.campaigns.crashes --before             # every scene, before and after every write
    python -m tests.campaigns.crashes --scene "the first apply" --every 7 --from 3

A run is made once a scene. At each of its writes it is copied, together with AWS as it is then (`os.fork`), and in the
copy it is dead. What the next run does is taken to follow from AWS and from what the journal owes, since no other state
is kept: where both were seen before (mostly: just after a write, and just before the next one) it is not made again.
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from reconciler.model.plan import Step
from reconciler.plan.review import Review
from reconciler.sandbox import Sandbox
from tests import botocore_once
from tests.campaigns.forked import forked
from tests.campaigns.harm import Harm
from tests.campaigns.rows import Row, stage, told
from tests.campaigns.scene import Scene
from tests.campaigns.scenes import scenes
from tests.campaigns.strike import Sent, Strikes, When, moments, striking
from tests.campaigns.truth import lies, newest, untold
from tests.estate import Estate
from tests.story.test_no_gap import readable, watched


@dataclass(frozen=True)
class Trial:
    """One kill: what had been sent by then of which steps. `known` is what came of next runs, by what they went by."""

    scene: Scene
    harm: Harm
    steps: list[Step]
    sent: list[Sent]
    known: Mapping[str, list[str]]

    def __call__(self) -> tuple[list[str], str, list[str]]:
        """What does not hold, in words; what the next run goes by, and what does not hold then."""
        with striking(Strikes()) as strikes:
            told = newest(self.scene.last)
            wrong = [*lies(told, self.steps, self.sent)]
            wrong += self.harm.done("then", readable(self.harm.estate, self.harm.who))
            if not self.scene.unlock():
                wrong.append("a killed run holds its lock, and this one does not")
            ground = json.dumps([len(self.sent), list(_owed(told))])
            known = self.known.get(ground)
            return wrong, ground, list(self._again(strikes)) if known is None else known

    def _again(self, strikes: Strikes) -> Iterator[str]:
        """The next run."""
        seen: list[Review] = []
        with watched(self.harm.estate, self.harm.who) as states:
            ended = self.scene.run(seen.append)
        if ended.error is not None:
            why = [each.message for each in ended.run.failed] + [
                f"{each.address}: {each.reason}" for each in ended.run.plan.held
            ]
            yield f"the next run: {ended.error} {why[:3]}"
        for call, state in states:
            yield from self.harm.done(f"in the next run, after {call}", state)
        found = lies(newest(self.scene.last), [step for each in seen for step in each.steps], strikes.sent)
        yield from (f"of the next run, {each}" for each in found)
        left = self.scene.planned(self.harm.estate.look(self.scene.last)).plan
        if left is None or not left.is_empty:
            yield f"the plan after it is not empty: {[str(step.address) for step in left.steps][:3] if left else None}"
        yield from self.harm.ended()
        bus_is_gone = self.scene.is_end
        if not bus_is_gone and (news := untold(self.steps, (*self.sent, *strikes.sent))):
            yield f"nobody was told of {news}"


def _owed(entry: Any) -> Iterator[Any]:
    """What the next run goes by of an entry of the journal: what is owed, and what of it is known to be done."""
    results = {each["address"]: each["result"] for each in entry["steps"]}
    for debt in entry.get("owed", ()):
        yield debt, [results.get(each["address"]) == "done" for each in debt["tells"]]


def play(
    scene: Scene,
    aws: Sandbox,
    every: int = 1,
    start: int = 1,
    when: tuple[When, ...] = ("after",),
    standing: Estate | None = None,
) -> Row:
    """Kill the run of a scene at every so manieth write from `start` on. `standing`: see `Scene.begun`."""
    estate = scene.begun(aws, standing)
    steps, harm = scene.steps(estate), Harm.of(scene, estate)
    row = Row(scene.name, harm.writes, wrong=[*harm.wrong])
    known: dict[str, list[str]] = {}

    def kill() -> None:
        row.trials += 1
        wrong, ground, after = forked(Trial(scene, harm, steps, strikes.sent, known))
        known[ground] = after
        row.wrong += [f"killed {strikes.moment} write {strikes.count}: {each}" for each in (*wrong, *after)]

    # What collides is sent again, so that a run may come to a few writes more than the one before.
    strikes = Strikes(range(start, sys.maxsize, every), when, kill)
    with striking(strikes):
        ended = scene.run()
    row.wrong += [f"not killed: {ended.error}"] if ended.error is not None else []
    row.writes = strikes.count
    return row


def rows(given: Namespace) -> Iterator[Row]:
    """Every scene, one after the other, each in a copy of AWS."""
    known, when = scenes(), moments(given.before)
    with stage() as aws:
        standing, near = Estate(aws), None
        for scene in [known[each] for each in given.scene or known if each not in given.known]:
            if scene.near != near:
                near = scene.near
                Scene("", near, near).set(aws, standing)
            yield Row(**forked(partial(_played, scene, aws, given.every, given.start, when, standing)))


def _played(*given: Any) -> dict[str, Any]:
    return asdict(play(*given))


if __name__ == "__main__":
    botocore_once.make_once()
    raise SystemExit(told(__doc__, rows))
