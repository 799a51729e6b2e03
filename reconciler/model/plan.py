"""Plan: every change with its calls, in waves; and the type that says a plan was approved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from reconciler.model.address import Address
from reconciler.model.call import Call, digest_of
from reconciler.model.change import Change
from reconciler.model.finding import Finding
from reconciler.model.read_scope import ReadScope
from reconciler.model.resource import AnyResource, Gap


@dataclass(frozen=True, slots=True)
class Step:
    """A change, the calls that make it, and the addresses whose steps come first."""

    change: Change
    calls: tuple[Call, ...]
    waits_for: tuple[Address, ...] = ()

    @property
    def address(self) -> Address:
        return self.change.address

    @property
    def digest(self) -> str:
        """What was reviewed: the address, the action and the literal requests."""
        return digest_of([str(self.address), self.change.action, [call.as_json() for call in self.calls]])


@dataclass(frozen=True, slots=True)
class Held:
    """A change that is not made now, and why. `is_unmet`: what the mesh does not make is not as it needs it."""

    change: Change
    reason: str
    is_unmet: bool = False

    @property
    def address(self) -> Address:
        return self.change.address


@dataclass(frozen=True, slots=True)
class Foreign:
    """Something found inside or beside the territory that is not ours: shown, never touched.

    `is_drift`: it gives rights on something of ours that no document gives; `called` is how requests speak of them.
    """

    resource: AnyResource
    reason: str
    is_drift: bool = False
    called: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps in waves (steps of one wave do not wait for each other), and what is left out and why.

    `read_scope`: only that was read (None: everything).
    """

    waves: tuple[tuple[Step, ...], ...]
    held: tuple[Held, ...] = ()
    gaps: tuple[Gap, ...] = ()
    foreign: tuple[Foreign, ...] = field(default=())
    read_scope: ReadScope | None = None

    @property
    def steps(self) -> Iterator[Step]:
        for wave in self.waves:
            yield from wave

    @property
    def is_empty(self) -> bool:
        """Nothing to do."""
        return not self.waves

    @property
    def added_rights(self) -> tuple[Foreign, ...]:
        """What gives rights on something of ours that no document gives."""
        return tuple(other for other in self.foreign if other.is_drift)

    @property
    def unmet(self) -> tuple[Held, ...]:
        """What the mesh uses and does not make, and is not there or not as it needs."""
        return tuple(item for item in self.held if item.is_unmet)

    @property
    def is_complete(self) -> bool:
        """Everything was seen, nothing is held back."""
        return not self.gaps and not self.held and self.read_scope is None

    @property
    def digest(self) -> str:
        """One digest for the whole plan; the order of steps within a wave does not matter."""
        return digest_of([sorted(step.digest for step in wave) for wave in self.waves])


@dataclass(frozen=True, slots=True)
class ApprovedPlan:
    """A plan that may be carried out. Only `plan.gates.approve` makes one, only `aws.apply` takes one."""

    plan: Plan
    findings: tuple[Finding, ...]
