"""Apply: carry out an approved plan, every account for itself, and tell each step as it ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue

from reconciler.aws.confirm import confirmed, needs_confirmation
from reconciler.aws.crew import Crew
from reconciler.aws.lanes import Lane, Lanes
from reconciler.aws.reader import AwsReader
from reconciler.aws.retry import Patience, never, now
from reconciler.aws.revoking import Gone
from reconciler.aws.sender import Sender
from reconciler.aws.sessions import Sessions
from reconciler.aws.stepping import send_steps
from reconciler.aws.writing_pools import writing_pools
from reconciler.kinds import AnyKind
from reconciler.model.address import Address
from reconciler.model.bugs import told
from reconciler.model.outcome import WAITS, Outcome
from reconciler.model.plan import ApprovedPlan, Step
from reconciler.spec.mesh import Mesh

Progress = Callable[[Outcome], None]
Beginning = Callable[[Sequence[Step]], None]
GRACE = 2.0
"""Seconds for which a run that is to end at once still hears what ends. GitHub kills 2.5 seconds after its SIGTERM."""

_LOOK_UP = 1.0


def apply(
    approved: ApprovedPlan,
    mesh: Mesh,
    kinds: Mapping[str, AnyKind],
    sessions: Sessions,
    progress: Progress = lambda _: None,
    stop: Callable[[], str | None] = never,
    beginning: Beginning = lambda _: None,
    run: str = "",
) -> tuple[Outcome, ...]:
    """What became of every step, in the order of the plan; `progress` is told of each as it ends, and `beginning` of
    steps before the first of their requests is sent.

    A failed step does not stop others; what waits for it is skipped. Once `stop` gives a reason, requests under way are
    finished and nothing else begins. A new run takes up what remains. `run` is the id of this one, for receivers.
    KeyboardInterrupt ends it within GRACE: requests may still be under way then, or every step may have ended.
    """
    lanes = Lanes(approved.plan)
    outcomes: dict[Address, Outcome] = {}

    def end(outcome: Outcome) -> None:
        outcomes[outcome.step.address] = outcome
        progress(outcome)

    with writing_pools() as (crew, pool):
        writers = _Writers(mesh, kinds, sessions, stop, Crew(crew, sessions.room))
        busy: dict[Lane, list[Step]] = {}
        try:
            while True:
                begun: list[Lane] = []
                while free := [lane for lane in lanes.ready() if lane not in busy]:
                    for lane in free:
                        ready, skipped = _parted(lanes.take(lane), outcomes, stop())
                        for outcome in skipped:
                            end(outcome)
                            lanes.finish(outcome.step.address)
                        if ready:
                            busy[lane] = [_in_run(run, step, kinds) for step in ready]
                            begun.append(lane)
                if begun:
                    beginning([step for lane in begun for step in busy[lane]])
                for lane in begun:
                    pool.submit(writers.work, lane, busy[lane])
                if not busy:
                    break
                told = writers.hear()
                if isinstance(told, Lane):
                    # All at once: what waited for them travels in full batches, and is read again once.
                    for step in busy.pop(told):
                        lanes.finish(step.address)
                else:
                    end(told)
        except KeyboardInterrupt:
            # What ends soon is told; a host may take minutes.
            writers.ended_within(GRACE, busy, end)
            raise
    return tuple(outcomes[step.address] for step in approved.plan.steps)


@dataclass(frozen=True, slots=True)
class _Writers:
    """What threads do, and what they tell: outcomes, and lanes that are free again."""

    mesh: Mesh
    kinds: Mapping[str, AnyKind]
    sessions: Sessions
    stop: Callable[[], str | None]
    crew: Crew
    gone: Gone = field(default_factory=Gone)
    told: SimpleQueue[Outcome | Lane] = field(default_factory=SimpleQueue)

    def hear(self) -> Outcome | Lane:
        """What is told next. It looks up every second: a signal that comes while another is handled wakes nobody."""
        while True:
            with suppress(Empty):
                return self.told.get(timeout=_LOOK_UP)

    def ended_within(self, seconds: float, busy: dict[Lane, list[Step]], end: Progress) -> None:
        """Hear what ends within so many seconds, until no lane is busy."""
        last = now() + seconds
        while busy and (left := last - now()) > 0:
            try:
                told = self.told.get(timeout=left)
            except Empty:
                return
            if isinstance(told, Lane):
                busy.pop(told)
            else:
                end(told)

    def work(self, lane: Lane, steps: Sequence[Step]) -> None:
        """Carry out steps. Whatever happens, each of them is told once, and then the lane."""
        ended: set[Address] = set()

        def tell(outcome: Outcome) -> None:
            ended.add(outcome.step.address)
            self.told.put(outcome)

        try:
            sender = Sender(self.sessions, AwsReader(self.sessions), Patience(now(), self.stop), self.gone, self.crew)
            unsure: list[Outcome] = []
            for outcome in send_steps(steps, sender, self.stop):
                unsure.append(outcome) if needs_confirmation(outcome, self.kinds) else tell(outcome)
            for outcome in confirmed(unsure, self.mesh, self.kinds, self.sessions, sender):
                tell(outcome)
        except BaseException as error:
            # A bug of ours, or of AWS's: it ends this batch, and is told like any failure.
            words = f"broken off by a bug, please report it: {told(error)}"
            for step in steps:
                if step.address not in ended:
                    tell(Outcome(step, "failed", words))
        finally:
            self.told.put(lane)


def _parted(
    steps: Sequence[Step], outcomes: Mapping[Address, Outcome], reason: str | None
) -> tuple[list[Step], list[Outcome]]:
    """The steps that may be made now, and those that are skipped: all with a reason, else what waits in vain."""
    ready: list[Step] = []
    skipped: list[Outcome] = []
    for step in steps:
        blocker = next((first for first in step.waits_for if _stopped(outcomes.get(first))), None)
        if reason is not None:
            skipped.append(Outcome(step, "skipped", reason))
        elif blocker is None:
            ready.append(step)
        else:
            skipped.append(Outcome(step, "skipped", f"{WAITS}{blocker}, which was not done"))
    return ready, skipped


def _in_run(run: str, step: Step, kinds: Mapping[str, AnyKind]) -> Step:
    """A step as it is sent in a run."""
    calls = kinds[step.address.kind].sent_in(run, step.calls) if run else step.calls
    return step if calls is step.calls else replace(step, calls=calls)


def _stopped(outcome: Outcome | None) -> bool:
    return outcome is not None and outcome.result != "done"
