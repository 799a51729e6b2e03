"""Watching: who made what in AWS is not as the mesh says, asked for only where something is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from reconciler import pipeline
from reconciler.drift.causes import Causes, Question, cause, explains, key, known, questions
from reconciler.drift.deviations import Deviation
from reconciler.drift.events import Heard, heard, read_scope_of_calls
from reconciler.drift.healing import WITHIN
from reconciler.history.made_since import made_since
from reconciler.kinds import registry
from reconciler.model.api_call import ApiCall
from reconciler.model.progress import Progress, silent
from reconciler.model.resource import Observation
from reconciler.report.drift import Drift
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh

if TYPE_CHECKING:
    from reconciler.aws.sessions import Sessions


Look = Callable[[Mesh, "Sessions", Progress], Observation]


def drift(mesh: Mesh, sessions: Sessions, progress: Progress = silent, look: Look = pipeline.look) -> Drift:
    """Everything in AWS that is not as the mesh says, and who made it so; `look` reads it."""
    return _drift(mesh, sessions, look(mesh, sessions, progress))


class Watch:
    """What management events in a queue have touched: told first, and only then gone from the queue."""

    def __init__(self, mesh: Mesh, sessions: Sessions, queue: str) -> None:
        from reconciler.aws.queue import Queue

        self._mesh, self._sessions = mesh, sessions
        self._queue = Queue(sessions, placements.of_catalog(mesh), queue)

    def drift(self, progress: Progress = silent) -> Drift:
        """The drift of what the events have touched; nothing is known of the rest."""
        told = heard(self._queue.bodies(), self._mesh, registry())
        scope = read_scope_of_calls(told.calls, self._mesh, registry())
        return _drift(self._mesh, self._sessions, pipeline.look(self._mesh, self._sessions, progress, scope), told)

    def done(self) -> int:
        """Take the messages out of the queue; how many come again, since they could not be taken."""
        return self._queue.delete()


def _drift(mesh: Mesh, sessions: Sessions, observation: Observation, told: Heard | None = None) -> Drift:
    since = partial(made_since, mesh, sessions)
    found = Drift(pipeline.review(mesh, observation=observation, made_since=since), heard=told)
    calls = told.calls if told is not None else ()
    if not found.deviations:
        return found
    return Drift(found.reviewed, *causes_of(found.deviations, mesh, sessions, calls), told)


def causes_of(
    deviations: Iterable[Deviation], mesh: Mesh, sessions: Sessions, calls: Iterable[ApiCall] = ()
) -> tuple[Causes, tuple[str, ...]]:
    """Who made each deviation and when, as far as AWS tells; and where its history could not be read, with why.

    What `calls`, of which events told, or the thing itself explain is not asked for.
    """
    every, told = tuple(deviations), tuple(calls)
    causes = known(every)
    for each in every:
        found = cause(each, _about(each, told, mesh))
        if found is not None:
            causes[key(each)] = found
    about, untold = history_of((each for each in every if key(each) not in causes), mesh, sessions, told)
    for each in every:
        found = cause(each, about.get(key(each), ()))
        if found is not None:
            causes.setdefault(key(each), found)
    return causes, untold


def history_of(
    deviations: Iterable[Deviation],
    mesh: Mesh,
    sessions: Sessions,
    told: Iterable[ApiCall],
    *,
    lately: bool = False,
) -> tuple[dict[object, list[ApiCall]], tuple[str, ...]]:
    """The requests about each deviation, by `key`; and where CloudTrail could not be asked, with why.

    It is asked until each has one; `lately`: for all of the last days.
    """
    from reconciler.aws.trail import Trail

    kinds, trail, every, first = registry(), Trail(sessions), tuple(deviations), tuple(told)
    begin = datetime.now(UTC) - WITHIN
    about: dict[object, list[ApiCall]] = {key(each): list(_about(each, first, mesh)) for each in every}
    asking: dict[Question, list[Deviation]] = {}
    for each in every:
        for question in questions(each, mesh, kinds):
            asking.setdefault(question, []).append(each)
    for (placement, name), those in asking.items():
        waiting = {key(each) for each in those}
        for call in trail.calls(placement, name):
            for each in those:
                if explains(call, each, kinds):
                    about[key(each)].append(call)
                    waiting -= set() if each.called else {key(each)}
            if (call.at < begin) if lately else not waiting:
                break
    return about, tuple(f"{placement}: {why}" for placement, why in sorted(trail.refused.items()))


def _about(deviation: Deviation, calls: Iterable[ApiCall], mesh: Mesh) -> Iterator[ApiCall]:
    """The requests among these that are about a deviation."""
    kinds = registry()
    names = {name for _, name in questions(deviation, mesh, kinds)}
    return (call for call in calls if call.name in names and explains(call, deviation, kinds))
