"""Fault campaign: AWS fails in every way, and in pairs of ways, while a run is carried out, and while it is read.

    python -m tests.campaigns.faults                                # each fault and each pair of them
    python -m tests.campaigns.faults --only throttling --every 5

Never a traceback, never "fine" where something was not done, nobody harmed, a true journal; and once AWS is well again
the next run converges.
"""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.plan import Step
from reconciler.sandbox import Sandbox
from tests import botocore_once
from tests.campaigns.commanded import command
from tests.campaigns.ends import next_run
from tests.campaigns.forked import forked
from tests.campaigns.harm import Harm
from tests.campaigns.rows import Row, stage, told
from tests.campaigns.scene import Scene
from tests.campaigns.scenes import scenes
from tests.campaigns.strike import Strikes, striking
from tests.campaigns.truth import lies, newest
from tests.delay import Delay
from tests.estate import ANALYTICS, BANKING, CENTRAL
from tests.story.test_no_gap import watched

Fault = Mapping[str, Any]
SCENES = ("a product comes with its readers",)
BATCHES = ("BatchGrantPermissions", "BatchRevokePermissions")
MOST = 3
"""So many trials of two faults that both have struck."""

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
        {"service": "lakeformation", "account": CENTRAL, "error": "AccessDeniedException", "times": None},
    ),
    "credentials end": ({"error": "ExpiredTokenException", "times": None},),
    "half a network": ({"account": BANKING, "reset": "before", "times": None},),
    "a network that ends": ({"account": ANALYTICS, "reset": "before", "times": None},),
    "a clock that is wrong": (
        {"service": "s3", "error": "RequestTimeTooSkewed", "status": 403, "times": None},
        {"service": "glue", "error": "InvalidSignatureException", "status": 403, "times": None},
    ),
    "stale reads": (),
    "slow hosts": (),
    "hanging hosts": (),
    "broken answers": (),
}
CODES = (
    "EntityNotFoundException",
    "InvalidInputException",
    "AlreadyExistsException",
    "ResourceNumberLimitExceededException",
    "OperationTimeoutException",
    "InternalServiceException",
    "ThrottledException",
    "PermissionTypeMismatchException",
)
"""What the model of Lake Formation has as errors of requests that give and take rights; two more are above."""
READS = ("ListPermissions", "GetResourceLFTags", "ListLFTags", "GetDatabases", "GetTables")
ALONE: Mapping[str, tuple[Fault, ...]] = {
    **{
        f"entries are refused by {code}": tuple(
            {"operation": each, "error": code, "times": None, **({"entries": (0, 2)} if each in BATCHES else {})}
            for each in (*BATCHES, "GrantPermissions", "RevokePermissions")
            # That what is to be taken is not there is done, as AWS says.
            if "Grant" in each or code != "EntityNotFoundException"
        )
        for code in CODES
    },
    "reads are throttled for long": tuple(
        {"operation": each, "error": "ThrottlingException", "share": 0.8, "times": None} for each in READS
    ),
    "an account's reads are denied midway": tuple(
        {"operation": each, "account": ANALYTICS, "error": "AccessDeniedException", "times": None, "nth": 2}
        for each in READS
    ),
    "a lock that is refused": (
        {"service": "s3", "operation": "PutObject", "error": "ConditionalRequestConflict", "status": 409},
    ),
    "a lock that is not deleted": (
        {"service": "s3", "operation": "DeleteObject", "error": "PreconditionFailed", "status": 412, "times": None},
    ),
    "puts that conflict midway": (
        {
            "service": "s3",
            "operation": "PutObject",
            "error": "ConditionalRequestConflict",
            "status": 409,
            "times": None,
        },
    ),
    "puts whose condition fails midway": (
        {"service": "s3", "operation": "PutObject", "error": "PreconditionFailed", "status": 412, "times": None},
    ),
}
"""Faults that are tried by themselves only."""
KNOWN = {**FAULTS, **ALONE}
MIDWAY = {
    "puts that conflict midway",
    "puts whose condition fails midway",
    "denied midway",
    "credentials end",
    "a network that ends",
    "a clock that is wrong",
}
"""What begins at a write; all others are there from the beginning."""
OF_REQUESTS = {"stale reads": "is_stale", "slow hosts": "is_slow", "hanging hosts": "hangs", "broken answers": "breaks"}
PASSES = {
    "throttling",
    "resets before",
    "resets after",
    "failures of AWS",
    "entries collide",
    "conflicts",
    "stale reads",
    "slow hosts",
    "broken answers",
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
    at: int

    def __call__(self) -> tuple[bool, list[str]]:
        """Whether each of the faults has struck; and what did not hold, in words."""
        delay, strikes = Delay(), Strikes((self.at,), ("before",), lambda: self._begin(MIDWAY & {*self.names}))
        for name in OF_REQUESTS.keys() & {*self.names}:
            setattr(strikes, OF_REQUESTS[name], True)
        self._begin({*self.names} - MIDWAY)
        with (
            pytest.MonkeyPatch.context() as patch,
            striking(strikes),
            watched(self.harm.estate, self.harm.who) as states,
        ):
            delay.rule(patch)
            patch.setattr("reconciler.aws.rate_limit.time", delay)
            code, out, err = command("apply", "--auto-approve", "--outcome", "outcome.json")
        has_struck = all(self._has_struck(name, strikes) for name in self.names)
        self.aws.world.faults.clear()
        wrong = [each for call, state in states for each in self.harm.done(f"after {call}", state)]
        return has_struck, [*wrong, *self._said(code, out + err, strikes), *next_run(self.scene)]

    def _begin(self, names: Collection[str]) -> None:
        self.aws.faults(*(fault for name in sorted(names) for fault in KNOWN[name]))

    def _has_struck(self, name: str, strikes: Strikes) -> bool:
        if name in OF_REQUESTS:
            return strikes.odd > 0
        mine = [{**fault, "entries": tuple(fault.get("entries", ()))} for fault in KNOWN[name]]
        every = self.aws.world.faults.as_json()
        return any(each["struck"] for each in every if any(fault.items() <= each.items() for fault in mine))

    def _said(self, code: int | None, screen: str, strikes: Strikes) -> Iterator[str]:
        if code not in ((3,) if self.names == ("a lock that is refused",) else (0, 1, 5)):
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
        row = Row(_named(names, scene.name), harm.writes, wrong=[*harm.wrong])
        for at in _beginnings(names, harm.writes):
            if len(names) > 1 and row.trials == MOST:
                break
            has_struck, wrong = forked(Sick(scene, names, aws, steps, harm, at))
            row.trials, row.missed = row.trials + has_struck, row.missed + (not has_struck)
            row.wrong += [f"from write {at} on: {each}" if at else each for each in wrong]
        if len(names) == 1 and not row.trials:
            row.wrong.append("it never struck")
        yield row


def _beginnings(names: tuple[str, ...], writes: int) -> Iterable[int]:
    """At which writes a fault that comes in the middle begins (0: there is none). Of two one may end the run."""
    match names:
        case _ if not MIDWAY & {*names}:
            return (0,)
        case (_,):
            return range(2, writes, 4)
        case _:
            return (*range(2, writes, 19), *range(writes - 9, writes, 4))


def pairs() -> list[tuple[str, ...]]:
    """Each fault, and each pair of those that are not tried alone."""
    return [*((name,) for name in KNOWN), *combinations(FAULTS, 2)]


def rows(given: Namespace) -> Iterator[Row]:
    """Every fault in every scene."""
    known = scenes()
    chosen = [names for names in pairs() if not given.only or {*given.only} & {*names}]
    with stage() as aws:
        for name in given.scene or SCENES:
            these = chosen[given.start - 1 :: given.every]
            yield from play(known[name], [each for each in these if _named(each, name) not in given.known], aws)


def _named(faults: tuple[str, ...], scene: str) -> str:
    return f"{' and '.join(faults)}: {scene}"


if __name__ == "__main__":
    botocore_once.make_once()
    raise SystemExit(told(__doc__, rows))
