"""Confirm: what was taken away counts when a new reading no longer shows it; and what failed, when it shows it done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from reconciler.aws.reader import AwsReader
from reconciler.aws.sender import Sender
from reconciler.aws.sessions import Sessions
from reconciler.aws.stepping import send_steps
from reconciler.kinds import AnyKind
from reconciler.model.address import Address, Placement
from reconciler.model.change import Delete, Update
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Step
from reconciler.model.reader import Unseen
from reconciler.spec.mesh import Mesh


def needs_confirmation(outcome: Outcome, kinds: Mapping[str, AnyKind]) -> bool:
    """Whether what became of a step is known only when it is read again."""
    step, kind = outcome.step, kinds[outcome.step.address.kind]
    match outcome.result:
        case "done":
            return kind.confirms_deletes and _takes(step)
        case "failed":
            return kind.confirms_failures
        case _:
            return False


def confirmed(
    outcomes: Sequence[Outcome], mesh: Mesh, kinds: Mapping[str, AnyKind], sessions: Sessions, sender: Sender
) -> Iterable[Outcome]:
    """The outcomes after a new reading; what is still there is tried once more.

    An update may revoke as well (some columns, the grant option): it counts when it is read as it was wanted.
    """
    places: dict[tuple[str, Placement], list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.result == "failed":
            yield _read_again(outcome, mesh, kinds, sessions)
            continue
        places.setdefault((outcome.step.address.kind, outcome.step.address.placement), []).append(outcome)
    for (name, placement), taken in places.items():
        steps = [outcome.step for outcome in taken]
        try:
            left = _still_there(kinds[name], placement, mesh, sessions, steps)
            if left:
                list(send_steps([step for step in steps if step.address in left], sender))
                left = _still_there(kinds[name], placement, mesh, sessions, steps)
        except Unseen as error:
            yield from (Outcome(step, "failed", f"cannot be confirmed: {error}") for step in steps)
            continue
        for outcome in taken:
            words = "AWS took the request, but a new reading shows that it was not done"
            yield Outcome(outcome.step, "failed", words) if outcome.step.address in left else outcome


def _read_again(outcome: Outcome, mesh: Mesh, kinds: Mapping[str, AnyKind], sessions: Sessions) -> Outcome:
    """A failure, or done where AWS has what was wanted: the request was carried out, and its answer lost."""
    address, change = outcome.step.address, outcome.step.change
    kind = kinds[address.kind]
    try:
        found = {each.address: each for each in kind.observe(AwsReader(sessions), address.placement, mesh)}
    except Unseen:
        return outcome
    have = found.get(address)
    is_done = (
        have is None or kind.has_nothing_managed(have)
        if isinstance(change, Delete)
        else have is not None and have.spec == change.want.spec
    )
    return Outcome(outcome.step, "done") if is_done else outcome


def _takes(step: Step) -> bool:
    """Whether a step takes something away."""
    return isinstance(step.change, Delete) or any(call.operation.startswith("Revoke") for call in step.calls)


def _still_there(
    kind: AnyKind, placement: Placement, mesh: Mesh, sessions: Sessions, steps: Iterable[Step]
) -> frozenset[Address]:
    """Which of the deleted (or updated) addresses a fresh reading still shows (or shows otherwise)."""
    wanted = {step.address: step.change.want.spec if isinstance(step.change, Update) else None for step in steps}
    return frozenset(
        resource.address
        for resource in kind.observe(AwsReader(sessions), placement, mesh)
        if resource.address in wanted and resource.spec != wanted[resource.address]
    )
