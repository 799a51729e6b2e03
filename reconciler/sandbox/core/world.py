"""The simulated world: every state, one lock, one clock, one source of chance."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from reconciler.sandbox.core.beliefs import Beliefs
from reconciler.sandbox.core.calls import CallLog
from reconciler.sandbox.core.changes import Changes
from reconciler.sandbox.core.clock import Clock
from reconciler.sandbox.core.faults import Faults
from reconciler.sandbox.core.service_registry import states, wakers
from reconciler.sandbox.core.trail import Trail
from reconciler.sandbox.services.iam.sessions import Sessions
from reconciler.sandbox.shared.job_outcomes import JobOutcomes


@dataclass(slots=True)
class Settings:
    """What can be set from outside.

    latency_ms      added to every call
    propagation_ms  how long other services do not know a new role, and Lake Formation no new administrator
    """

    latency_ms: float = 0.0
    propagation_ms: float = 0.0


class World:
    """Everything that the sandbox knows of one region. `lock` is held around every call, ours and moto's.

    Regions share the lock, beliefs, chance, clock, log, faults and outcomes of jobs; the states of services are each
    region's own. `at(region)` is the world of another region; a handler's `request.world` is that of its call's region.
    """

    glue: Any
    lakeformation: Any
    ram: Any
    identitystore: Any
    athena: Any
    databrew: Any

    def __init__(
        self,
        seed: int = 0,
        start: datetime | None = None,
        latency_ms: float = 0.0,
        region: str = "eu-west-1",
        beliefs: Mapping[str, str] | None = None,
        propagation_ms: float = 0.0,
    ) -> None:
        self.region = region
        self.lock = threading.RLock()
        self.settings = Settings(latency_ms, propagation_ms)
        self.beliefs = Beliefs(beliefs)
        self.calls = CallLog()
        self.changes = Changes()
        self.trail = Trail()
        self.faults = Faults()
        self.job_outcomes = JobOutcomes()
        self.sessions = Sessions()
        self._seed = seed
        self._start = start
        #: The worlds of all regions, this one among them: from each of them the way leads to every other.
        self._regions: dict[str, World] = {}
        #: What must be emptied besides the services' states, such as moto's.
        self.on_reset: list[Callable[[], None]] = []
        self.reset()

    def reset(self) -> None:
        """Empty the world: all states, the call log, the faults; chance and a logical clock start again.

        Beliefs, latency and propagation stay as they were chosen.
        """
        with self.lock:
            self.random = Random(self._seed)
            # Apart from the rest, so that assuming a role changes no identifier.
            self.keys = Random(self._seed)
            self.clock = Clock(self._start)
            self.calls.clear()
            self.trail.clear()
            self.changes.add("*")
            self.faults.clear()
            self.job_outcomes.clear()
            self.sessions.clear()
            self._regions.clear()
            self._regions[self.region] = self
            for callback in self.on_reset:
                callback()
            self._make_states()

    def at(self, region: str) -> World:
        """The world of a region; it is made on first use."""
        with self.lock:
            if region not in self._regions:
                other = copy(self)
                other.region = region
                other._make_states()
                self._regions[region] = other
            return self._regions[region]

    def wake(self) -> None:
        """Let every region do what is due by its schedules."""
        for world in tuple(self._regions.values()):
            for wake in wakers():
                wake(world)

    def now(self) -> datetime:
        """The time in the world, UTC."""
        return self.clock.now()

    def uuid(self) -> str:
        """A new identifier, the same ones in the same order for the same seed."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def _make_states(self) -> None:
        for name, state in states().items():
            setattr(self, name, state(self))
