"""Reading: what one kind shows in one placement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.model.address import Placement
from reconciler.model.read_scope import ReadScope
from reconciler.model.resource import AnyResource, Gap, Observation, Snapshot


@dataclass(frozen=True, slots=True)
class Reading:
    """The resources that one kind shows in one placement, by address, and what of them was not seen."""

    kind: str
    placement: Placement
    found: tuple[AnyResource, ...] = ()
    gaps: tuple[Gap, ...] = ()


def observation_of(readings: Iterable[Reading], read_scope: ReadScope | None = None) -> Observation:
    """All that was read as one, sorted by address."""
    found: list[AnyResource] = []
    gaps: set[Gap] = set()
    for reading in readings:
        found += reading.found
        gaps.update(reading.gaps)
    found.sort(key=lambda resource: resource.address)
    return Observation(Snapshot(found), tuple(sorted(gaps)), read_scope)
