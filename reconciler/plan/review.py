"""Review: everything that there is to say before anything is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.access import AccessDifference
from reconciler.model.change import Change
from reconciler.model.finding import Finding
from reconciler.model.plan import Plan, Step
from reconciler.model.resource import Observation, Snapshot
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Review:
    """What is wanted, what was found, what apply would do, and what a pull request asks for.

    `before` is the mesh at the base commit and `asked` the changes from there to this mesh (None without a base);
    `observation` and `plan` are None when AWS was not asked.
    """

    mesh: Mesh
    wanted: Snapshot
    plan: Plan | None = None
    observation: Observation | None = None
    asked: tuple[Change, ...] | None = None
    findings: tuple[Finding, ...] = ()
    base: str | None = None
    access: AccessDifference | None = None
    asked_access: AccessDifference | None = None
    before: Mesh | None = None

    @property
    def steps(self) -> Iterator[Step]:
        """The steps of the plan; none when AWS was not asked."""
        return self.plan.steps if self.plan is not None else iter(())
