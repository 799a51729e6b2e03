"""Observe: read every kind in every placement at once; what cannot be read becomes a gap."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from reconciler.aws.clients import THREADS
from reconciler.aws.filtered_reader import FilteredReader, filtered_reader
from reconciler.aws.reading_pool import reading_pool
from reconciler.kinds import AnyKind
from reconciler.kinds.common.tag_index import tagged_types
from reconciler.kinds.lakeformation.visibility import require_visibility
from reconciler.model.address import Address, Placement
from reconciler.model.bugs import not_understood
from reconciler.model.progress import Progress, silent
from reconciler.model.read_scope import ReadScope
from reconciler.model.reader import Reader, Unseen
from reconciler.model.reading import Reading, observation_of
from reconciler.model.resource import AnyResource, Gap, Observation
from reconciler.spec.mesh import Mesh

_TOGETHER = 32
"""How many accounts are read at a time: nobody holds the answers of many more."""


def observe(
    mesh: Mesh,
    kinds: Mapping[str, AnyKind],
    reader: Reader,
    progress: Progress = silent,
    read_scope: ReadScope | None = None,
) -> Observation:
    """What AWS has of `kinds` in the placements of `mesh` (of a read scope: only there), sorted, and the gaps."""
    seen = tuple(readings(mesh, kinds, reader, progress, read_scope))
    return observation_of(seen, read_scope)


def readings(
    mesh: Mesh,
    kinds: Mapping[str, AnyKind],
    reader: Reader,
    progress: Progress = silent,
    read_scope: ReadScope | None = None,
    accounts: Collection[str] | None = None,
) -> Iterator[Reading]:
    """What each kind shows in each of its placements, the central account first, as soon as it was read.

    `accounts` are the ids of those that are read; all where it is left out.
    """
    every = ((kind, placement) for kind in kinds.values() for placement in kind.placements(mesh))
    places = [
        (kind, placement)
        for kind, placement in every
        if (read_scope is None or (kind.name, placement) in read_scope.places)
        and (accounts is None or placement.account in accounts)
    ]
    # The central account has the most to tell, so it is told first.
    places.sort(key=lambda place: (place[1].account != mesh.central.id, str(place[1]), place[0].name))

    def eyes(kind: AnyKind, placement: Placement) -> tuple[Reader, Mesh]:
        databases = read_scope.places[kind.name, placement] if read_scope is not None else None
        return (
            (reader, mesh)
            if databases is None
            else (FilteredReader(reader, databases), filtered_reader(mesh, databases))
        )

    def look(place: tuple[AnyKind, Placement]) -> Reading:
        kind, placement = place
        try:
            if kind.governed:
                require_visibility(reader, placement, mesh)
            through, known = eyes(kind, placement)
            seen = list(kind.observe(through, placement, known)) if _may_be_there(kind, placement, mesh, reader) else []
            found = sorted(_each_once(seen), key=lambda resource: resource.address)
            return Reading(kind.name, placement, tuple(found))
        except Unseen as error:
            return _unseen(place, mesh, str(error))
        except Exception as error:
            # Whatever AWS says that we do not understand, the rest of it is read; nothing is done about what is not.
            return _unseen(place, mesh, not_understood(error))
        finally:
            progress(f"{placement}  {kind.name}", len(places))

    # Most of them wait for an answer that another one has asked for, or for their account to be entered.
    with reading_pool(4 * THREADS) as pool:
        asked = {place: pool.submit(look, place) for place in _in_turns(places, mesh)}
        for place in places:
            yield asked.pop(place).result()


def _in_turns(places: Iterable[tuple[AnyKind, Placement]], mesh: Mesh) -> list[tuple[AnyKind, Placement]]:
    """The central account first; of the others some at a time take turns, so that all of those are entered soon."""
    every = list(places)
    accounts = dict.fromkeys(placement.account for _, placement in every if placement.account != mesh.central.id)
    turn = {account: number // _TOGETHER for number, account in enumerate(accounts)}
    return sorted(every, key=lambda place: (turn.get(place[1].account, -1), place[0].name, str(place[1])))


def _unseen(place: tuple[AnyKind, Placement], mesh: Mesh, reason: str) -> Reading:
    kind, placement = place
    gaps = sorted(Gap(kind.name, unseen, reason) for unseen in kind.covers(placement, mesh))
    return Reading(kind.name, placement, gaps=tuple(gaps))


def _each_once(resources: Iterable[AnyResource]) -> list[AnyResource]:
    """The resources, a row that AWS tells twice once. Raises Unseen where two say different things of one address."""
    found: dict[Address, AnyResource] = {}
    for resource in resources:
        if found.setdefault(resource.address, resource) != resource:
            raise Unseen(f"AWS says two different things of {resource.address}")
    return list(found.values())


def _may_be_there(kind: AnyKind, placement: Placement, mesh: Mesh, reader: Reader) -> bool:
    """Whether a kind has to be read there: the mesh wants one, or the index shows one that it has made."""
    return (
        not kind.indexed_as
        or bool(kind.wanted(mesh, placement))
        or kind.indexed_as in tagged_types(reader, placement, mesh)
    )
