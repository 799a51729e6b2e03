"""Watching: who made what in AWS is not as the mesh says, asked for only where something is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reconciler.drift.causes import Causes, Question, cause, explains, key, known, questions
from reconciler.drift.deviations import Deviation
from reconciler.kinds import registry
from reconciler.model.api_call import ApiCall
from reconciler.spec.mesh import Mesh

if TYPE_CHECKING:
    from reconciler.aws.sessions import Sessions


def causes_of(deviations: Iterable[Deviation], mesh: Mesh, sessions: Sessions) -> tuple[Causes, tuple[str, ...]]:
    """Who made each deviation and when, as far as AWS tells; and where its history could not be read, with why."""
    from reconciler.aws.trail import Trail

    kinds, trail = registry(), Trail(sessions)
    every = tuple(deviations)
    causes = known(every)
    asking: dict[Question, list[Deviation]] = {}
    for each in every:
        for question in questions(each, mesh, kinds) if key(each) not in causes else ():
            asking.setdefault(question, []).append(each)
    about: dict[tuple[object, str], list[ApiCall]] = {}
    for (placement, name), those in asking.items():
        waiting = list(those)
        for call in trail.calls(placement, name):
            for each in those:
                if explains(call, each, kinds):
                    about.setdefault(key(each), []).append(call)
            waiting = [each for each in waiting if key(each) not in about or each.called]
            if not waiting:
                break
    for each in every:
        found = cause(each, about.get(key(each), ()))
        if found is not None:
            causes.setdefault(key(each), found)
    return causes, tuple(f"{placement}: {why}" for placement, why in sorted(trail.refused.items()))
