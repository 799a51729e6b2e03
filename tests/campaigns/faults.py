"""Fault campaign: AWS fails in every way, and in pairs of ways, while a run is carried out, and while it is read.

    python -m tests.campaigns.faults                                # each fault and each pair of them
    python -m tests.campaigns.faults --only throttling --every 5

Never a traceback, never "fine" where something was not done, nobody harmed, a true journal; and once AWS is well again
the next run converges.
"""

from __future__ import annotations

import json
import os
from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.plan import Step
from reconciler.sandbox import Sandbox
from tests.campaigns.ends import command, next_run
from tests.campaigns.forked import forked
from tests.campaigns.harm import Harm
from tests.campaigns.rows import Row, stage, told
from tests.campaigns.scene import Scene
from tests.campaigns.scenes import scenes
from tests.campaigns.strike import Strikes, striking
from tests.campaigns.truth import lies, newest
from tests.delay import Delay
from tests.estate import ANALYTICS, BANKING, CENTRAL, every_rule
from tests.story.test_no_gap import readable

Fault = Mapping[str, Any]
SCENES = ("a product comes with its readers",)
BATCHES = ("BatchGrantPermissions", "BatchRevokePermissions")
MIDWAY = 3
"""From which of its calls on a fault strikes that is to come in the middle of a run."""

FAULTS: Mapping[str, tuple[Fault, ...]] = {
    "throttling": ({"error": "ThrottlingException", "share": 0.3, "times": None},),
    "failures of AWS": ({"error": "InternalServiceException", "status": 500, "share": 0.1, "times": None},),
    "resets before": ({"reset": "before", "share": 0.1, "times": None},),
    "resets after": ({"reset": "after", "share": 0.1, "times": None},),
    "entries collide": tuple(
        {"operation": each, "error": "ConcurrentModificationException", "entries": (0, 1), "times": 3}
        for each in BATCHES
    ),
    "entries are denied": tuple(
        {"operation": each, "error": "AccessDeniedException", "entries": (0,), "times": None}
        for each in (*BATCHES, "GrantPermissions", "RevokePermissions")
    ),
    "conflicts": (
        {
            "service": "lakeformation",
            "error": "ConcurrentModificationException",
            "share": 0.4,
            "times": None,
            "nth": 20,
        },
    ),
    "denied midway": (
        {"service": "lakeformation", "account": CENTRAL, "error": "AccessDeniedException", "nth": 10, "times": None},
    ),
    "credentials end": ({"error": "ExpiredTokenException", "nth": 150, "times": None},),
    "half a network": ({"account": BANKING, "reset": "before", "times": None},),
    "a network that ends": ({"account": ANALYTICS, "reset": "before", "nth": 12, "times": None},),
    "a clock that is wrong": (
        {"service": "s3", "error": "RequestTimeTooSkewed", "status": 403, "nth": 5, "times": None},
        {"service": "glue", "error": "InvalidSignatureException", "status": 403, "nth": 6, "times": None},
    ),
    "stale reads": (),
    "hanging hosts": (),
}
PASSES = {
    "throttling",
    "resets before",
    "resets after",
    "failures of AWS",
    "entries collide",
    "conflicts",
    "stale reads",
}
"""What passes: by itself none of it leaves anything undone."""


@dataclass(frozen=True)
class Sick:
    """One run under faults, in a copy of this process."""

    scene: Scene
    names: tuple[str, ...]
    aws: Sandbox
    steps: list[Step]
    harm: Harm

    def problems(self) -> list[str]:
        """What did not hold, in words."""
        delay, strikes = Delay(), Strikes()
        strikes.is_stale, strikes.hangs = "stale reads" in self.names, "hanging hosts" in self.names
        self.aws.faults(*(fault for name in self.names for fault in FAULTS[name]))
        with pytest.MonkeyPatch.context() as patch, striking(strikes):
            delay.rule(patch)
            patch.setattr("reconciler.aws.rate_limit.time", delay)
            code, out, err = command("apply", "--auto-approve", "--outcome", "outcome.json")
        struck = any(fault["struck"] for fault in self.aws.world.faults.as_json())
        self.aws.world.faults.clear()
        # Of two one may keep the other from its turn.
        if len(self.names) == 1 and FAULTS[self.names[0]] and not struck:
            return ["it never struck"]
        wrong = list(self.harm.done("then", readable(self.harm.estate, self.harm.who)))
        return [*wrong, *self._said(code, out + err, strikes), *next_run(self.scene)]

    def _said(self, code: int | None, screen: str, strikes: Strikes) -> Iterator[str]:
        if code not in (0, 1, 5):
            yield f"exit code {code}: {screen[-300:]}"
        if code == 0 and {*self.names} - PASSES - {"hanging hosts"} and len(self.names) == 1 and "Done" not in screen:
            yield f"it says that all is well: {screen[-300:]}"
        if code != 0 and {*self.names} <= PASSES and len(self.names) == 1:
            why = [line for line in screen.splitlines() if "! failed" in line or "! skipped" in line]
            yield f"what passes has left something undone ({code}): {why[:3]}"
        if "Traceback" in screen or "by a bug" in screen:
            yield f"a bug: {screen[-600:]}"
        if code != 0 and "meshform:" not in screen:
            yield f"no sentence says why: {screen[-300:]}"
        outcome = json.loads(Path("outcome.json").read_text())
        if outcome["exit_code"] != code:
            yield f"the outcome says {outcome['exit_code']}, the exit code is {code}"
        if "run" not in outcome:
            if strikes.sent:
                yield f"something was sent, and the outcome tells of no run: {screen[-300:]}"
            return
        kept = outcome["journal"]
        if kept is None:
            yield "there is no journal"
        else:
            entry = json.loads(Path(kept).read_text()) if Path(kept).is_file() else newest(self.scene.last)
            results = {step["result"] for step in entry["steps"]}
            known = {str(step.address) for step in self.steps}
            # Where not everything was seen the plan is another one.
            if {step["address"] for step in entry["steps"]} == known:
                yield from lies(entry, self.steps, strikes.sent)
            if code == 0 and results - {"done"}:
                yield f"exit code 0 with steps {sorted(results)}"


def play(scene: Scene, chosen: list[tuple[str, ...]], aws: Sandbox) -> Iterator[Row]:
    """Faults, or pairs of them, one after the other."""
    estate = scene.begun(aws)
    scene.write("mesh")
    steps, harm = scene.steps(estate), Harm.of(scene, estate)
    for names in chosen:
        sick = Sick(scene, names, aws, steps, harm)
        yield Row(_named(names, scene.name), harm.writes, 1, forked(sick.problems))


def pairs() -> list[tuple[str, ...]]:
    """Each fault, and each pair of them."""
    return [*((name,) for name in FAULTS), *combinations(FAULTS, 2)]


def rows(given: Namespace) -> Iterator[Row]:
    """Every fault in every scene."""
    known = scenes()
    os.environ["MESHFORM_ACCEPT"] = " ".join(each for each in every_rule() if each != "policy")
    chosen = [names for names in pairs() if not given.only or {*given.only} & {*names}]
    with stage() as aws:
        for name in given.scene or SCENES:
            these = chosen[given.start - 1 :: given.every]
            yield from play(known[name], [each for each in these if _named(each, name) not in given.known], aws)


def _named(faults: tuple[str, ...], scene: str) -> str:
    return f"{' and '.join(faults)}: {scene}"


if __name__ == "__main__":
    raise SystemExit(told(__doc__, rows))
