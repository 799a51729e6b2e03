"""Ends: a run is stopped in every way at each of its writes, as a command; all it says is held to what it did.

python -m tests.campaigns.ends                                   # every end of three transitions, at every write
python -m tests.campaigns.ends --only sigterm --scene "subscriptions go" --every 5
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any
from unittest import mock

from reconciler.aws.lock import Lock
from reconciler.interruption import Interruption
from reconciler.journal import NOT_REACHED, SENT
from reconciler.model.plan import Step
from reconciler.pipeline import sessions_for
from reconciler.report.outcome import ending
from reconciler.sandbox import Sandbox
from tests.campaigns.commanded import command
from tests.campaigns.forked import forked
from tests.campaigns.rows import Row, stage, told
from tests.campaigns.scene import IN_A_FOLDER, KEPT, Scene
from tests.campaigns.scenes import scenes
from tests.campaigns.strike import Strikes, striking
from tests.campaigns.truth import lies, newest, untold
from tests.until import until

TRANSITIONS = ("a clearance is widened", "subscriptions go", "a product comes with its readers")


class Disk:
    """A disk that is full from `fill` on: what is written fails in its middle, unless as much was removed since."""

    def __init__(self) -> None:
        self.free = 0
        self._patches = ExitStack()

    def fill(self) -> None:
        """From now on; from whatever thread."""
        unlink, write = Path.unlink, Path.write_text

        def removed(path: Path, missing_ok: bool = False) -> None:
            self.free += path.stat().st_size if path.is_file() else 0
            unlink(path, missing_ok=missing_ok)

        def written(path: Path, text: str, *more: Any, **named: Any) -> int:
            if len(text) > self.free:
                write(path, text[: self.free], *more, **named)
                self.free = 0
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            self.free -= len(text)
            return write(path, text, *more, **named)

        self._patches.enter_context(mock.patch.object(Path, "unlink", removed))
        self._patches.enter_context(mock.patch.object(Path, "write_text", written))

    def empty(self) -> None:
        """There is room again."""
        self._patches.close()


def _signal(number: int) -> Callable[[Stop], None]:
    return lambda _: signal.pthread_kill(_main_thread(), number)


def _twice(number: int) -> Callable[[Stop], None]:
    def send(stop: Stop) -> None:
        for count in (1, 2):
            signal.pthread_kill(_main_thread(), number)
            # A signal that comes while one waits to be handled is lost.
            until(partial(stop.has_heard, count))

    return send


def _fault(**fault: Any) -> Callable[[Stop], None]:
    return lambda stop: stop.aws.faults({**fault, "times": None})


def _main_thread() -> int:
    found = threading.main_thread().ident
    assert found is not None
    return found


ENDS: Mapping[str, Callable[[Stop], None]] = {
    "kill": lambda stop: stop.strikes.kill(),
    "sigterm": _signal(signal.SIGTERM),
    "sigint": _signal(signal.SIGINT),
    "sigint twice": _twice(signal.SIGINT),
    "credentials": _fault(error="ExpiredTokenException", message="The security token has expired"),
    "journal": _fault(service="s3", operation="PutObject", error="AccessDenied", status=403),
    "full disk": lambda stop: stop.disk.fill(),
}
SIGNALS = {"sigterm": 143, "sigint": 130, "sigint twice": 130}


class Stop:
    """One end at one write, in a copy of this process."""

    def __init__(self, scene: Scene, end: str, aws: Sandbox, steps: list[Step], at: int) -> None:
        self.scene, self.end, self.aws, self.steps = scene, end, aws, steps
        self.strikes = Strikes((at,), act=lambda: ENDS[end](self))
        self.disk = Disk()
        self.heard = 0

    def has_heard(self, count: int) -> bool:
        """Whether so many signals have reached the run."""
        return self.heard >= count

    def _counting(self, handle: Callable[[Interruption, int, FrameType | None], None]) -> Callable[..., None]:
        def counting(interruption: Interruption, number: int, frame: FrameType | None) -> None:
            self.heard += 1
            handle(interruption, number, frame)

        return counting

    def problems(self) -> list[str]:
        """What did not hold, in words."""
        for left in ("kept", ".meshform"):
            shutil.rmtree(left, ignore_errors=True)
        Path("outcome.json").unlink(missing_ok=True)
        with striking(self.strikes), mock.patch.object(Interruption, "handle", self._counting(Interruption.handle)):
            code, out, err = command("apply", "--auto-approve", "--outcome", "outcome.json")
        self.disk.empty()
        self.aws.world.faults.clear()
        return [*self._held(code, out, err), *self._again()]

    def _held(self, code: int | None, out: str, err: str) -> Iterator[str]:
        told = json.loads(Path("outcome.json").read_text()) if Path("outcome.json").is_file() else {}
        kept = told.get("journal") if self.end in ("credentials", "journal") else None
        entry = json.loads(Path(kept).read_text()) if kept and Path(kept).is_file() else newest(self.scene.last)
        yield from lies(entry, self.steps, self.strikes.sent)
        results = {each["result"] for each in entry["steps"]}
        if self.end != "kill":
            yield from self._said(code, out + err, told, results)
        lock = Lock(self.scene.last, sessions_for(self.scene.last, writes=True))
        is_held = lock.holder() is not None
        # Whoever is stopped at once leaves it exactly where a request may still be under way.
        may_be_under_way = self.end == "sigint twice" and SENT in results
        if is_held != (self.end in ("kill", "credentials") or may_be_under_way):
            yield f"the lock is {'held' if is_held else 'free'}"
        if is_held and self.end != "kill" and "meshform unlock" not in out + err:
            yield "nobody says how to remove the lock"

    def _said(self, code: int | None, screen: str, told: Mapping[str, Any], results: set[str]) -> Iterator[str]:
        """Exit code, summary, outcome file and the sentence on the pull request, by what the steps came to."""
        fine = results == {"done"}
        none = results <= {"skipped", NOT_REACHED}
        match self.end:
            case "sigint twice" if not fine:
                right = (130, 5)
            case "sigterm" | "sigint" | "sigint twice":
                right = (0,) if fine else (SIGNALS[self.end],) if none else (5,)
            case "full disk":
                right = (0,)
            case _:
                right = (1,) if fine else (5,)
        if code not in right:
            yield f"exit code {code}, not {right}, with steps {sorted(results)}"
        if "Done: " not in screen and "steps are done" not in screen and "before anything was changed" not in screen:
            yield f"no summary: {screen[-300:]}"
        if SENT in results and code != 130:
            yield "a run that came to its end knows what became of each step"
        if self.end != "full disk" and (told.get("exit_code") != code or not ending(told).sentence):
            yield f"the outcome says {told.get('exit_code')}, the exit code is {code}"

    def _again(self) -> Iterator[str]:
        """The next run does the rest, and tells who was not told."""
        with striking(Strikes()) as strikes:
            yield from next_run(self.scene)
        if news := untold(self.steps, (*self.strikes.sent, *strikes.sent)):
            yield f"nobody was told of {news}"


def next_run(scene: Scene) -> Iterator[str]:
    """What is wrong with the run after one that was disturbed, and with what is left then."""
    scene.unlock()
    code, out, err = command("apply", "--auto-approve")
    if code != 0:
        yield f"the next run ends with {code}: {(out + err)[-400:]}"
    code, out, err = command("plan")
    if code != 0:
        yield f"the plan after it is not empty ({code}): {(out + err)[-300:]}"


def play(scene: Scene, end: str, aws: Sandbox, every: int = 1, start: int = 1) -> Row:
    """An end at every so manieth write of a scene."""
    if end == "full disk":
        scene = scene.with_settings(KEPT, IN_A_FOLDER)
    estate = scene.begun(aws)
    scene.write("mesh")
    steps, row = scene.steps(estate), Row(f"{end}: {scene.name}", forked(_writes))
    for at in range(start, row.writes + 1, every):
        row.trials += 1
        stop = Stop(scene, end, aws, steps, at)
        row.wrong += [f"at write {at}: {each}" for each in forked(stop.problems)]
    return row


def _writes() -> int:
    with striking(Strikes()) as strikes:
        code, out, err = command("apply", "--auto-approve")
    assert code == 0, out + err
    return strikes.count


def rows(given: Namespace) -> Iterator[Row]:
    """Every end in every transition."""
    known = scenes()
    with stage() as aws:
        for name in given.scene or TRANSITIONS:
            for end in [each for each in given.only or ENDS if f"{each}: {name}" not in given.known]:
                yield play(known[name], end, aws, given.every, given.start)


if __name__ == "__main__":
    raise SystemExit(told(__doc__, rows))
