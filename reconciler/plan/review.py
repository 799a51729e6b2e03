"""Review: everything that there is to say before anything is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.access import (
    AccessDifference,
    AccessEntry,
    AccessFact,
    ChangedFact,
    FactChange,
    TableId,
    gained_facts,
    lost_facts,
)
from reconciler.access.facts.of_entry import facts_of_entry
from reconciler.model.change import Change
from reconciler.model.finding import Finding
from reconciler.model.plan import Plan, Step
from reconciler.model.resource import Observation, Snapshot
from reconciler.plan.requested_access import RequestedAccess
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Review:
    """What is wanted, what was found, what apply would do, and what a pull request asks for.

    `before` is the mesh at the base commit and `asked` the changes from there to this mesh (None without a base);
    `observation` and `plan` are None when AWS was not asked.
    `access` is what the plan does to people, `asked_access` what a pull request asks for (None without a base), and
    `requested` the same in single facts, also where it is known from reviewed plans only.
    `standing` are those of the findings that the base has too. `unasked` are owners who must approve and whom the forge
    does not ask by itself. `head` is the last commit of the pull request on which gates can be accepted.
    `applied` is the mesh that was applied last, where apply knows it: `asked` and `requested` are from there then.
    `made_since` are tables that are known to have
    been made later than what runs before have put on them.
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
    requested: RequestedAccess | None = None
    standing: tuple[Finding, ...] = ()
    unasked: frozenset[str] = frozenset()
    head: str | None = None
    applied: Mesh | None = None
    made_since: frozenset[TableId] = frozenset()

    @property
    def known_before(self) -> Mesh | None:
        """The mesh from which this one comes: at the base, or what was applied last."""
        return self.before or self.applied

    @property
    def saw_nothing(self) -> bool:
        """Whether AWS was asked and nothing of what is wanted could be looked at."""
        if self.plan is None or not self.plan.gaps:
            return False
        unseen = {(gap.kind, gap.placement) for gap in self.plan.gaps}
        return all((each.kind, each.placement) in unseen for each in self.wanted)

    @property
    def steps(self) -> Iterator[Step]:
        """The steps of the plan; none when AWS was not asked."""
        return self.plan.steps if self.plan is not None else iter(())

    def gained_facts(
        self, change: FactChange | None = None, sensitivity: str = "", *, shifted: bool = False
    ) -> Iterator[ChangedFact]:
        """Who would come to read or do what by the plan, the worst first; with arguments only such facts."""
        if self.access is not None:
            yield from gained_facts(self.access, self.mesh, change, sensitivity, shifted=shifted)

    def passed_on_facts(self) -> Iterator[AccessFact]:
        """What somebody may newly let others read or do, fact by fact: of accounts what nobody named there has."""
        for entry in self.access.passed_on if self.access is not None else ():
            yield from facts_of_entry(entry, self.mesh)

    def lost_facts(self) -> Iterator[ChangedFact]:
        """What the plan takes away from whom."""
        if self.access is not None:
            yield from lost_facts(self.access, self.known_before or self.mesh)

    @property
    def unrequested_gains(self) -> tuple[AccessEntry, ...]:
        """What the plan gives and the change did not ask for, accounts and organizations as wholes included."""
        if self.access is None or self.requested is None:
            return ()
        gained = (entry for entry in self.access.gained if not entry.is_perhaps_no_change)
        return self.requested.beyond((*gained, *self.access.shared))

    @property
    def unrequested_losses(self) -> tuple[AccessEntry, ...]:
        """What the plan takes away and the change did not ask to."""
        if self.access is None or self.requested is None:
            return ()
        lost = (entry for entry in self.access.lost if not entry.is_perhaps_no_change)
        return self.requested.beyond((*lost, *self.access.unshared), lost=True)

    @property
    def unrequested_admins(self) -> tuple[tuple[str, str], ...]:
        """Who becomes a data lake administrator (account, ARN) though the change did not ask for it."""
        if self.access is None or self.requested is None:
            return ()
        return tuple(admin for admin in self.access.admins_gained if not self.requested.asks_for_admin(*admin))
