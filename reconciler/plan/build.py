"""Build: from changes to a plan, ordered by what needs what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import chain, pairwise

from reconciler.kinds import AnyKind, before_of, needs_of
from reconciler.model.address import Address
from reconciler.model.call import Call
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.plan import Foreign, Held, Plan, Step
from reconciler.model.resource import AnyResource, Gap, Observation, Snapshot
from reconciler.plan.attribute_order import attribute_order
from reconciler.plan.diff import Difference
from reconciler.plan.tag_order import tag_order
from reconciler.spec.mesh import Mesh


def build(
    difference: Difference,
    observation: Observation,
    mesh: Mesh,
    kinds: Mapping[str, AnyKind],
    foreign: tuple[Foreign, ...] = (),
) -> Plan:
    """The plan of `difference`: what follows from it added, held what waits for something held, in waves."""
    by_address = {change.address: change for change in difference.changes}
    for kind in kinds.values():
        for change in kind.derived_changes(difference.changes, mesh, observation.found):
            # It takes the place of the same change with less (a role without its tag), and of no other one.
            if type(by_address.get(change.address, change)) is type(change):
                by_address[change.address] = change
    held = {item.address: item for item in difference.held}
    blind = {(gap.kind, gap.placement): gap.reason for gap in observation.gaps}
    for address, change in by_address.items():
        reason = blind.get((address.kind, address.placement))
        if reason is not None:
            held.setdefault(address, Held(change, f"not seen: {reason}"))
    for address, change in by_address.items():
        kind = kinds[address.kind]
        reason = (
            kind.blocked(change, foreign)
            or kind.lacks(change, by_address, observation.found)
            or kind.cuts_off(change, blind)
        )
        if reason is not None:
            held[address] = Held(change, reason)
    waits = _order(by_address, held, observation.found, mesh, kinds)
    _hold_dependents(by_address, held, waits)
    changing = [by_address[address] for address in sorted(by_address) if address not in held]
    steps = {
        change.address: Step(
            change,
            _calls(change, kinds[change.address.kind], by_address),
            tuple(sorted(waits.get(change.address, ()))),
        )
        for change in changing
    }
    return Plan(
        waves=_waves(steps),
        held=tuple(held[address] for address in sorted(held)),
        gaps=tuple(sorted(observation.gaps)),
        foreign=foreign,
        read_scope=observation.read_scope,
    )


def _calls(change: Change, kind: AnyKind, changes: Mapping[Address, Change]) -> tuple[Call, ...]:
    """The requests of one change; none where another step already does it."""
    match change:
        case Create(want):
            with_it = kind.implied_by(want)
            return () if with_it and isinstance(changes.get(with_it), Create) else kind.create(want)
        case Update(have, want):
            return kind.update(have, want)
        case Delete(have):
            together = (kind.implied_by(have), kind.goes_with(have))
            return () if any(isinstance(changes.get(each), Delete) for each in together if each) else kind.delete(have)


def _order(
    changes: Mapping[Address, Change],
    held: Mapping[Address, Held],
    found: Snapshot,
    mesh: Mesh,
    kinds: Mapping[str, AnyKind],
) -> dict[Address, set[Address]]:
    """Who waits for whom: what is needed comes first, and goes last.

    The order within a kind, and that between tags of whatever sort and grants, is a preference: where it closes a
    circle with what is needed, it gives way.
    """
    every = {**{address: item.change for address, item in held.items()}, **changes}
    waits: dict[Address, set[Address]] = {}
    gone_with = dict(_gone_with(every, kinds))

    def later(address: Address, first: Address) -> None:
        if first != address and gone_with.get(first) != address:
            waits.setdefault(address, set()).add(first)

    for address, with_it in gone_with.items():
        later(address, with_it)

    for address, change in every.items():
        for needed in _needed(change, kinds, mesh, Create, Update):
            match every.get(needed):
                case Create() | Update():
                    later(address, needed)
                case Delete() if isinstance(change, Create):
                    # The news of an end needs a bus, and is told before that goes.
                    later(needed, address)
        for needed in _needed(change, kinds, mesh, Update, Delete):
            if isinstance(every.get(needed), Delete):
                later(needed, address)
        for second in before_of(change, kinds, mesh):
            if second in every:
                later(second, address)
    per_kind: dict[str, list[Change]] = {}
    for address, change in every.items():
        per_kind.setdefault(address.kind, []).append(change)
    preferred: dict[tuple[Address, Address], bool] = {}
    of_kinds = (kinds[name].order(of_kind, mesh) for name, of_kind in per_kind.items())
    for first, second in chain(*of_kinds, tag_order(every, found), attribute_order(every)):
        if first not in waits.get(second, ()):
            # What is taken away before something of its kind is given would be refused the other way round.
            refused = first.kind == second.kind and isinstance(every[first], Delete)
            preferred[first, second] = refused and not isinstance(every[second], Delete)
            later(second, first)
    open_circles(waits, preferred)
    return waits


def _gone_with(every: Mapping[Address, Change], kinds: Mapping[str, AnyKind]) -> Iterator[tuple[Address, Address]]:
    """What is deleted, and the other thing that is deleted with which it is gone."""
    for address, change in every.items():
        if isinstance(change, Delete):
            with_it = kinds[address.kind].goes_with(change.have)
            if with_it is not None and isinstance(every.get(with_it), Delete):
                yield address, with_it


def open_circles(waits: dict[Address, set[Address]], preferred: Mapping[tuple[Address, Address], bool]) -> None:
    """Take preferences out of `waits` until nothing waits for itself; a circle without one is told by `_waves`.

    Of a circle goes first what AWS does not insist on; what it does is True in `preferred`.

    Whatever is free is taken away with what it held up. Once nothing is, from anywhere the way back ends in a circle.
    """
    left = {later: firsts & waits.keys() for later, firsts in waits.items() if firsts & waits.keys()}
    followers: dict[Address, list[Address]] = {}
    for later in left:
        for first in left[later]:
            followers.setdefault(first, []).append(later)
    free = [address for address in waits if address not in left]
    order = iter(sorted(left))
    start = next(order, None)
    while left:
        while free:
            first = free.pop()
            for later in followers.get(first, ()):
                if later in left:
                    left[later].discard(first)
                    if not left[later]:
                        del left[later]
                        free.append(later)
        while start is not None and start not in left:
            start = next(order, None)
        if start is None:
            return
        circle = _circle(start, left)
        given_up = min((pair for pair in circle if pair in preferred), key=lambda e: (preferred[e], e), default=None)
        if given_up is None:
            return
        first, later = given_up
        waits[later].discard(first)
        left[later].discard(first)
        if not left[later]:
            del left[later]
            free.append(later)


def _circle(start: Address, waits: Mapping[Address, set[Address]]) -> list[tuple[Address, Address]]:
    """Pairs (first, later) that close a circle, somewhere on the way back from `start`: all on it wait for another."""
    way, seen = [start], {start: 0}
    while True:
        first = min(waits[way[-1]])
        if first in seen:
            circle = [*way[seen[first] :], first]
            return [(before, after) for after, before in pairwise(circle)]
        seen[first] = len(way)
        way.append(first)


def _needed(
    change: Change,
    kinds: Mapping[str, AnyKind],
    mesh: Mesh,
    *sides: type[Create] | type[Update] | type[Delete],
) -> Iterable[Address]:
    """What the wanted side (Create, Update) or the found side (Update, Delete) of a change needs."""
    if not isinstance(change, sides):
        return ()
    wanted_side = Create in sides
    resource: AnyResource
    match change:
        case Create(want):
            resource = want
        case Update(have, want):
            resource = want if wanted_side else have
        case Delete(have):
            resource = have
    return needs_of(resource, kinds, mesh)


def _hold_dependents(
    changes: Mapping[Address, Change], held: dict[Address, Held], waits: Mapping[Address, set[Address]]
) -> None:
    """A change that waits for a held one is held as well, and says for which."""
    followers: dict[Address, list[Address]] = {}
    for address, firsts in waits.items():
        for first in firsts:
            followers.setdefault(first, []).append(address)
    queue: list[Address] = sorted(held)
    while queue:
        first = queue.pop()
        for address in followers.get(first, ()):
            if address not in held:
                held[address] = Held(changes[address], f"waits for {first}, which is held")
                queue.append(address)


def _waves(steps: Mapping[Address, Step]) -> tuple[tuple[Step, ...], ...]:
    """Steps in waves; a cycle is a bug of ours and is told as a chain."""
    sorter: TopologicalSorter[Address] = TopologicalSorter()
    for address, step in steps.items():
        sorter.add(address, *step.waits_for)
    try:
        sorter.prepare()
    except CycleError as error:
        raise AssertionError("steps wait for each other: " + " → ".join(map(str, error.args[1]))) from error
    waves: list[tuple[Step, ...]] = []
    while sorter.is_active():
        ready: Sequence[Address] = sorted(sorter.get_ready())
        waves.append(tuple(steps[address] for address in ready))
        sorter.done(*ready)
    return tuple(waves)


def gaps_in_words(gaps: Iterable[Gap]) -> list[str]:
    """One line for each account and reason, with the kinds that were not seen."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for gap in gaps:
        grouped.setdefault((str(gap.placement), gap.reason), []).append(gap.kind)
    return [
        f"{placement}: {', '.join(sorted(names))} not seen: {reason}"
        for (placement, reason), names in sorted(grouped.items())
    ]
