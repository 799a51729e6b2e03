"""Owed: notices of what was done that nobody was told yet, as plain data of the journal's entries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from reconciler.errors import MeshformError
from reconciler.journal import NOT_REACHED, results
from reconciler.kinds import AnyKind
from reconciler.kinds.events.subscription_notice import Notice, notice_id
from reconciler.model import codec
from reconciler.model.address import Address
from reconciler.model.call import digest_of
from reconciler.model.change import Change, Delete
from reconciler.model.outcome import Run
from reconciler.model.plain_json import MISSHAPEN
from reconciler.model.resource import AnyResource, Observation

Debt = Mapping[str, Any]
"""`id` of the notice, `product`, and what it `tells`: each with its address, its action, and a digest of what it is
to be (None: gone)."""

_NOT_SENT = ("skipped", NOT_REACHED)


def debts(run: Run, name: str, kinds: Mapping[str, AnyKind]) -> list[Debt]:
    """The notices that a run may come to owe: those of its plan, also those that are held in it."""
    plan = run.plan
    made = {step.address: step.change for step in plan.steps}
    changes: list[Change] = [*made.values(), *(held.change for held in plan.held)]
    found = [change.want.spec for change in changes if not isinstance(change, Delete)]
    return [
        {
            "id": notice_id(name, spec.product),
            "product": spec.product,
            "tells": [
                {"address": str(each), "action": made[each].action, "digest": _goal(made[each], kinds)}
                for each in spec.tells
                if each in made
            ],
        }
        for spec in found
        if isinstance(spec, Notice)
    ]


def debts_in(entry: Mapping[str, Any]) -> tuple[Debt, ...]:
    """The debts that an entry of the journal tells. Raises MeshformError where it tells them otherwise than we do."""
    try:
        return tuple(
            {"id": str(each["id"]), "product": str(each["product"]), "tells": [_told(one) for one in each["tells"]]}
            for each in entry.get("owed", ())
        )
    except MISSHAPEN as error:
        raise MeshformError(f"What it owes is not told as Meshform writes it: {error}.") from error


def _told(data: Mapping[str, Any]) -> Mapping[str, Any]:
    address, digest = Address.parse(data["address"]), data["digest"]
    return {"address": str(address), "action": str(data["action"]), "digest": None if digest is None else str(digest)}


def left(owed: Iterable[Debt], run: Run, begun: Collection[Address]) -> list[Debt]:
    """Those that a run owes at its end: that it has not given, of something that was done or may have been.

    `begun` are steps of which something may have been sent.
    """
    notices = (each.step.change for each in run.outcomes if each.result == "done")
    given = {
        change.want.spec.product
        for change in notices
        if not isinstance(change, Delete) and isinstance(change.want.spec, Notice)
    }
    maybe = {str(address) for address, (result, _) in results(run, begun).items() if result not in _NOT_SENT}
    return [
        debt
        for debt in owed
        if debt["product"] not in given and any(each["address"] in maybe for each in debt["tells"])
    ]


def is_due(debt: Debt, ended: Mapping[str, str], seen: Observation, kinds: Mapping[str, AnyKind]) -> bool | None:
    """Whether something of what it tells was done: the run has seen it, or AWS shows it. None: AWS does not say now.

    `ended` is what the run's entry tells of its steps, by address.
    """
    known = [True if ended.get(each["address"]) == "done" else _shows(seen, each, kinds) for each in debt["tells"]]
    return True if True in known else None if None in known else False


def _shows(seen: Observation, told: Mapping[str, Any], kinds: Mapping[str, AnyKind]) -> bool | None:
    address = Address.parse(told["address"])
    have = seen.found.get(address)
    if have is not None and address.kind in kinds:
        return told["digest"] is not None and _digest(have, kinds) == told["digest"]
    is_blind = seen.is_blind(address.kind, address.placement)
    return None if is_blind or seen.read_scope is not None else told["digest"] is None


def _goal(change: Change, kinds: Mapping[str, AnyKind]) -> str | None:
    return None if isinstance(change, Delete) else _digest(change.want, kinds)


def _digest(resource: AnyResource, kinds: Mapping[str, AnyKind]) -> str:
    return digest_of(kinds[resource.address.kind].encode(codec.compared(resource.spec)))
