"""Understood: what can be judged of an observation; what cannot is a gap, and never the end of the plan."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import TypeVar

from reconciler.access import Access, evaluate, principal_directory
from reconciler.errors import MeshformError
from reconciler.model.address import Placement
from reconciler.model.bugs import not_understood
from reconciler.model.resource import Gap, Observation, Snapshot
from reconciler.spec.mesh import Mesh

T = TypeVar("T")
_Reading = tuple[str, Placement]
"""A kind in a placement: what is read as one, and is a gap as a whole."""


def understood(judge: Callable[[Observation], T], seen: Observation) -> T:
    """What `judge` makes of what was seen, less the readings over which it fails: gaps, where nothing is done.

    Raises what `judge` raises where it fails over nothing that was seen, and MeshformError always.
    """
    try:
        return judge(seen)
    except MeshformError:
        raise
    except Exception:
        # What AWS says may break any line that reads it: whichever did, the rest of the plan is made.
        culprit = _culprit(judge, seen)
        if culprit is None:
            raise
        return understood(judge, _without(seen, {culprit[0]}, culprit[1]))


def live_access(mesh: Mesh, seen: Observation) -> Access:
    """Who has what, by what was seen."""
    return understood(partial(evaluate, directory=principal_directory(mesh)), seen)


def _culprit(judge: Callable[[Observation], object], seen: Observation) -> tuple[_Reading, str] | None:
    """The last of the fewest readings with which it fails, and how; by halves. None: it fails without any of them."""
    readings = sorted({(each.address.kind, each.address.placement) for each in seen.found.values()})
    good, bad, why = 0, len(readings), ""

    def failure(count: int) -> str:
        try:
            judge(_without(seen, readings[count:], "left out"))
        except MeshformError:
            return ""
        except Exception as error:  # as above
            return not_understood(error)
        return ""

    if failure(0) or not (why := failure(bad)):
        return None
    while bad - good > 1:
        middle = (good + bad) // 2
        if failed := failure(middle):
            bad, why = middle, failed
        else:
            good = middle
    return readings[bad - 1], why


def _without(seen: Observation, readings: Collection[_Reading], why: str) -> Observation:
    """The same, with gaps instead of these readings."""
    out = frozenset(readings)
    kept = [each for each in seen.found.values() if (each.address.kind, each.address.placement) not in out]
    gaps = {*seen.gaps, *(Gap(kind, placement, why) for kind, placement in out)}
    return Observation(Snapshot(kept), tuple(sorted(gaps)), seen.read_scope)
