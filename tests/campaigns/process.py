"""Process campaign: `meshform` as a process of its own, over HTTP, killed by SIGKILL at each of its writes.

A process begins as a copy of this one, which has loaded the program already; from there on it is `meshform apply`, or
what a scene says.

python -m tests.campaigns.process                       # a few scenes, every write, before and after it is served
python -m tests.campaigns.process --scene "the first apply" --every 20
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from argparse import Namespace
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from reconciler.cli import main as meshform
from reconciler.model.plan import Step
from reconciler.sandbox import Sandbox
from reconciler.sandbox.core.service_registry import beside_moto, operations
from reconciler.sandbox.http import server as http
from reconciler.sandbox.http.messages import WireResponse
from reconciler.sandbox.http.protocol import parse
from reconciler.sandbox.http.routes import operation_of
from tests.campaigns.forked import forked
from tests.campaigns.harm import Harm
from tests.campaigns.imported import IMPORTS
from tests.campaigns.rows import Row, stage, told
from tests.campaigns.scene import Scene
from tests.campaigns.scenes import scenes
from tests.campaigns.strike import When, moments
from tests.campaigns.truth import newest
from tests.story.test_no_gap import readable

SCENES = (
    "suspend --now",
    "drift --heal of what a hand has broken",
    *(each.name for each in IMPORTS),
    "subscriptions go",
    "a row filter comes",
    "a product comes with its readers",
    "the first apply",
)
SAID = "said.txt"
READS = ("Get", "List", "Describe", "Search", "BatchGet", "Head", "AssumeRole", "Lookup")


class Process:
    """`meshform`, with an address of AWS; what it says goes to a file."""

    def __init__(self, endpoint: str, words: tuple[str, ...]) -> None:
        keys = {"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}
        self.pid = os.fork()
        if self.pid == 0:
            try:
                said = os.open(SAID, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
                os.dup2(said, 1)
                os.dup2(said, 2)
                os.environ.update(keys, AWS_DEFAULT_REGION="eu-west-1")
                sys.argv = ["meshform", *words]
                meshform()
                code = 0
            except SystemExit as exit_:
                code = exit_.code if isinstance(exit_.code, int) else 1
            except BaseException:  # nobody above this would tell of it
                traceback.print_exc()
                code = 1
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)

    def kill(self) -> None:
        """The end of it, whatever it is doing; it is gone when this returns."""
        os.kill(self.pid, signal.SIGKILL)
        # Who waits for its end may have heard of it first.
        with suppress(ChildProcessError):
            os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)

    def end(self) -> tuple[int, str]:
        """Its exit code once it has ended (-9: killed), and what it said."""
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status), Path(SAID).read_text(encoding="utf-8")


@dataclass
class Proxy:
    """Counts the writes of a process on their way, and kills it before or after the nth is served."""

    at: int
    when: When
    count: int = 0
    process: Process | None = None

    def serve(self, real: Any, world: Any, wire: Any) -> Any:
        """One request. Others that are on their way when the process dies arrive all the same."""
        with world.lock:
            self.count += _is_write(wire)
            is_hit = _is_write(wire) and self.count == self.at and self.process is not None
            if is_hit and self.when == "before":
                return self._kill() or WireResponse(503, {}, b"", lost="before")
            answer = real(world, wire)
            if is_hit:
                self._kill()
            return answer

    def _kill(self) -> None:
        assert self.process is not None
        self.process.kill()


def _is_write(wire: Any) -> bool:
    """Whether a request changes something that is not the lock or the journal."""
    scope = wire.scope()
    if scope is None or (scope.service == "s3" and wire.path.strip("/").count("/")):
        return False
    ours = operations(scope.service) and not beside_moto(scope.service)
    name = parse.operation_name(scope.service, wire) if ours else operation_of(scope.service, wire)
    return bool(name) and not name.startswith(READS)


@dataclass(frozen=True)
class Trial:
    """One kill of one process."""

    scene: Scene
    server: http.Server
    harm: Harm
    steps: list[Step]
    at: int
    when: When

    def problems(self) -> list[str]:
        """What did not hold, in words."""
        proxy, real = Proxy(self.at, self.when), http.answer
        self.scene.write("mesh")
        with mock.patch.object(http, "answer", lambda world, wire: proxy.serve(real, world, wire)):
            self.server.start()
            proxy.process = Process(self.server.endpoint, self.scene.words)
            code, said = proxy.process.end()
        if code != -9:
            return [f"it ended with {code}, after {proxy.count} writes: {said[-300:]}"]
        return [*self._then(), *self._again()]

    def _then(self) -> Iterator[str]:
        yield from self.harm.done("then", readable(self.harm.estate, self.harm.who))
        results = {each["address"]: each["result"] for each in newest(self.scene.last)["steps"]}
        left = {str(step.address) for step in self._plan()}
        for step in self.steps:
            where, result = str(step.address), results[str(step.address)]
            if result == "done" and where in left:
                yield f"{where} is told as done, and is not"
            # What is sent for each of what a lookup finds, such as an invitation, may have nothing to do.
            sends = any(call.operation and call.each is None for call in step.calls)
            if result == "not reached" and where not in left and sends and step.address.kind != "notice":
                yield f"{where} is told as not reached, and is done"
        if not self.scene.unlock():
            yield "a killed run holds its lock, and this one does not"

    def _again(self) -> Iterator[str]:
        code, said = Process(self.server.endpoint, self.scene.words).end()
        if code != 0:
            yield f"the next run ends with {code}: {said[-400:]}"
        if left := self._plan():
            yield f"the plan after it is not empty: {[str(step.address) for step in left][:3]}"
        yield from self.harm.done("in the end", readable(self.harm.estate, self.harm.who))

    def _plan(self) -> list[Step]:
        plan = self.scene.planned(self.harm.estate.look(self.scene.last)).plan
        assert plan is not None
        return list(plan.steps)


def play(scene: Scene, server: http.Server, aws: Sandbox, every: int, start: int, before: bool) -> Row:
    """Kill the process of a scene just after every so manieth write, and just before it."""
    estate = scene.begun(aws)
    scene.write("mesh")
    steps, harm = scene.steps(estate), Harm.of(scene, estate)
    row = Row(scene.name, harm.writes, wrong=[*harm.wrong])
    for at in range(start, row.writes + 1, every):
        for moment in moments(before):
            row.trials += 1
            found = forked(Trial(scene, server, harm, steps, at, moment).problems)
            row.wrong += [f"killed {moment} write {at}: {each}" for each in found]
    return row


def rows(given: Namespace) -> Iterator[Row]:
    """Every scene, one after the other."""
    known = scenes()
    # Its port is open before there is anything to serve; each trial serves its own copy of the world.
    server = http.Server()
    with stage() as aws:
        server.world = aws.world
        for name in [each for each in given.scene or SCENES if each not in given.known]:
            yield play(known[name], server, aws, given.every, given.start, given.before)


if __name__ == "__main__":
    raise SystemExit(told(__doc__, rows))
