"""Apply: carry out an approved plan, wave by wave, one writer per account, and confirm what was taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from reconciler.aws.reader import AwsReader
from reconciler.aws.sender import Sender
from reconciler.aws.sessions import THREADS, Sessions
from reconciler.kinds import AnyKind
from reconciler.model.address import Address, Cell
from reconciler.model.call import Call
from reconciler.model.change import Delete, Update
from reconciler.model.outcome import Outcome
from reconciler.model.plan import ApprovedPlan, Step
from reconciler.model.reader import Unseen
from reconciler.spec.mesh import Mesh

Progress = Callable[[Outcome], None]


def apply(
    approved: ApprovedPlan,
    mesh: Mesh,
    kinds: Mapping[str, AnyKind],
    sessions: Sessions,
    progress: Progress = lambda _: None,
    stop: Callable[[], str | None] = lambda: None,
) -> tuple[Outcome, ...]:
    """What became of every step, in the order of the plan.

    A failed step does not stop others; what waits for it is skipped. Once `stop` gives a reason, every later wave is
    skipped with it. A new run takes up what remains.
    """
    outcomes: dict[Address, Outcome] = {}
    for wave in approved.plan.waves:
        ready: list[Step] = []
        reason = stop()
        for step in wave:
            blocker = next((first for first in step.waits_for if _stopped(outcomes.get(first))), None)
            if reason is not None:
                outcomes[step.address] = Outcome(step, "skipped", reason)
            elif blocker is None:
                ready.append(step)
            else:
                outcomes[step.address] = Outcome(step, "skipped", f"waits for {blocker}, which was not done")
        for outcome in _carry_out(ready, mesh, kinds, sessions):
            outcomes[outcome.step.address] = outcome
        for step in wave:
            progress(outcomes[step.address])
    return tuple(outcomes[step.address] for step in approved.plan.steps)


def _stopped(outcome: Outcome | None) -> bool:
    return outcome is not None and outcome.result != "done"


def _carry_out(
    steps: Iterable[Step], mesh: Mesh, kinds: Mapping[str, AnyKind], sessions: Sessions
) -> Iterable[Outcome]:
    """The steps of one wave: accounts side by side, within an account one after the other."""
    per_account: dict[str, list[Step]] = {}
    for step in steps:
        per_account.setdefault(step.address.cell.account, []).append(step)

    def write(queue: list[Step]) -> list[Outcome]:
        outcomes = _send(queue, Sender(sessions, AwsReader(sessions)))
        return _confirm(outcomes, mesh, kinds, sessions)

    with ThreadPoolExecutor(THREADS, thread_name_prefix="write") as pool:
        for outcomes in pool.map(write, per_account.values()):
            yield from outcomes


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
    places: dict[tuple[str, Cell], list[Outcome]] = {}
    for outcome in outcomes:
        kind = kinds[outcome.step.address.kind]
        if kind.confirms_deletes and _takes(outcome.step) and outcome.result == "done":
            places.setdefault((kind.name, outcome.step.address.cell), []).append(outcome)
    wrong: dict[Address, str] = {}
    for (name, cell), taken in places.items():
        try:
            left = _still_there(kinds[name], cell, mesh, sessions, taken)
            if left:
                steps = [outcome.step for outcome in taken if outcome.step.address in left]
                _send(steps, Sender(sessions, AwsReader(sessions)))
                left = _still_there(kinds[name], cell, mesh, sessions, taken)
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
    kind: AnyKind, cell: Cell, mesh: Mesh, sessions: Sessions, taken: Iterable[Outcome]
) -> frozenset[Address]:
    """Which of the deleted (or updated) addresses a fresh reading still shows (or shows otherwise)."""
    wanted = {
        change.address: change.want.spec if isinstance(change, Update) else None
        for change in (outcome.step.change for outcome in taken)
    }
    return frozenset(
        resource.address
        for resource in kind.observe(AwsReader(sessions), cell, mesh)
        if resource.address in wanted and resource.spec != wanted[resource.address]
    )
