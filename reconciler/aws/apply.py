"""Apply: carry out an approved plan, one writer per account, and confirm what was taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter

from reconciler.aws.reader import AwsReader
from reconciler.aws.sender import Sender
from reconciler.aws.sessions import THREADS, Sessions
from reconciler.kinds import AnyKind
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Delete, Update
from reconciler.model.outcome import Outcome
from reconciler.model.plan import ApprovedPlan, Plan, Step
from reconciler.model.reader import Unseen
from reconciler.spec.mesh import Mesh

Progress = Callable[[Outcome], None]
Unit = tuple[str, int]
"""An account and the number of a wave."""


def apply(
    approved: ApprovedPlan,
    mesh: Mesh,
    kinds: Mapping[str, AnyKind],
    sessions: Sessions,
    progress: Progress = lambda _: None,
    stop: Callable[[], str | None] = lambda: None,
) -> tuple[Outcome, ...]:
    """What became of every step, in the order of the plan.

    A failed step does not stop others; what waits for it is skipped. Once `stop` gives a reason, nothing that has not
    begun begins. A new run takes up what remains.
    """
    outcomes: dict[Address, Outcome] = {}
    units = _units(approved.plan)
    order = _order(units)

    def write(ready: list[Step]) -> list[Outcome]:
        done = _send(ready, Sender(sessions, AwsReader(sessions)))
        return _confirm(done, mesh, kinds, sessions)

    with ThreadPoolExecutor(THREADS, thread_name_prefix="write") as pool:
        running: dict[Future[list[Outcome]], Unit] = {}
        while order.is_active():
            reason = stop()
            for unit in sorted(order.get_ready(), key=lambda unit: unit[1]):
                ready, skipped = _parted(units[unit], outcomes, reason)
                outcomes.update({outcome.step.address: outcome for outcome in skipped})
                for outcome in skipped:
                    progress(outcome)
                if ready:
                    running[pool.submit(write, ready)] = unit
                else:
                    order.done(unit)
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                for outcome in future.result():
                    outcomes[outcome.step.address] = outcome
                    progress(outcome)
                order.done(running.pop(future))
    return tuple(outcomes[step.address] for step in approved.plan.steps)


def _units(plan: Plan) -> dict[Unit, list[Step]]:
    """The steps of each account in each wave: what is sent together, so that grants travel in full batches."""
    units: dict[Unit, list[Step]] = {}
    for number, wave in enumerate(plan.waves):
        for step in wave:
            units.setdefault((step.address.placement.account, number), []).append(step)
    return units


def _order(units: Mapping[Unit, list[Step]]) -> TopologicalSorter[Unit]:
    """Each account goes through its own waves, and waits for another account only where one of its steps does.

    So an account that AWS slows down holds up nobody who does not need it.
    """
    homes = {step.address: unit for unit, steps in units.items() for step in steps}
    order: TopologicalSorter[Unit] = TopologicalSorter()
    last: dict[str, Unit] = {}
    for unit, steps in units.items():
        firsts = {homes[first] for step in steps for first in step.waits_for if first in homes}
        if unit[0] in last:
            firsts.add(last[unit[0]])
        last[unit[0]] = unit
        order.add(unit, *firsts)
    order.prepare()
    return order


def _parted(
    steps: Iterable[Step], outcomes: Mapping[Address, Outcome], reason: str | None
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
            skipped.append(Outcome(step, "skipped", f"waits for {blocker}, which was not done"))
    return ready, skipped


def _stopped(outcome: Outcome | None) -> bool:
    return outcome is not None and outcome.result != "done"


def _send(queue: list[Step], sender: Sender) -> list[Outcome]:
    """Send the first calls of all steps, then the second ones of those still well, and so on.

    So neighbouring calls of one operation meet, and may travel in batches.
    """
    errors: dict[Address, str] = {}
    for turn in range(max((len(step.calls) for step in queue), default=0)):
        waiting = [step for step in queue if turn < len(step.calls) and step.address not in errors]
        waiting.sort(key=lambda step: (step.calls[turn].service, step.calls[turn].operation))
        calls: list[Call] = [step.calls[turn] for step in waiting]
        for number, error in sender.send(calls).items():
            errors[waiting[number].address] = error
    return [
        Outcome(step, "failed", errors[step.address]) if step.address in errors else Outcome(step, "done")
        for step in queue
    ]


def _confirm(outcomes: list[Outcome], mesh: Mesh, kinds: Mapping[str, AnyKind], sessions: Sessions) -> list[Outcome]:
    """A revoke counts when a new reading no longer shows the permission; what is still there is tried once more.

    An update may revoke as well (some columns, the grant option): it counts when it is read as it was wanted.
    """
    places: dict[tuple[str, Placement], list[Outcome]] = {}
    for outcome in outcomes:
        kind = kinds[outcome.step.address.kind]
        if kind.confirms_deletes and _takes(outcome.step) and outcome.result == "done":
            places.setdefault((kind.name, outcome.step.address.placement), []).append(outcome)
    wrong: dict[Address, str] = {}
    for (name, placement), taken in places.items():
        try:
            left = _still_there(kinds[name], placement, mesh, sessions, taken)
            if left:
                steps = [outcome.step for outcome in taken if outcome.step.address in left]
                _send(steps, Sender(sessions, AwsReader(sessions)))
                left = _still_there(kinds[name], placement, mesh, sessions, taken)
        except Unseen as error:
            wrong.update({outcome.step.address: f"cannot be confirmed: {error}" for outcome in taken})
        else:
            wrong.update(dict.fromkeys(left, "AWS took the request, but a new reading shows that it was not done"))
    return [
        Outcome(outcome.step, "failed", wrong[outcome.step.address]) if outcome.step.address in wrong else outcome
        for outcome in outcomes
    ]


def _takes(step: Step) -> bool:
    """Whether a step takes something away."""
    return isinstance(step.change, Delete) or any(call.operation.startswith("Revoke") for call in step.calls)


def _still_there(
    kind: AnyKind, placement: Placement, mesh: Mesh, sessions: Sessions, taken: Iterable[Outcome]
) -> frozenset[Address]:
    """Which of the deleted (or updated) addresses a fresh reading still shows (or shows otherwise)."""
    wanted = {
        change.address: change.want.spec if isinstance(change, Update) else None
        for change in (outcome.step.change for outcome in taken)
    }
    return frozenset(
        resource.address
        for resource in kind.observe(AwsReader(sessions), placement, mesh)
        if resource.address in wanted and resource.spec != wanted[resource.address]
    )
