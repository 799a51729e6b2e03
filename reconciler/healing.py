"""Healing: setting back what somebody else has changed, as far as mesh.yaml lets it be done without asking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from reconciler.apply_request import ApplyRequest, ApplyResult
from reconciler.applying import apply
from reconciler.drift.causes import cause, key
from reconciler.drift.healing import gives_back, healable, quarrels, unexplained
from reconciler.errors import MeshformError, NotReviewed
from reconciler.kinds import registry
from reconciler.model.job import Job
from reconciler.plan.gates.reopens_access import REOPENS_ACCESS
from reconciler.plan.requested_access import RequestedAccess
from reconciler.plan.reviewed import Expected
from reconciler.plan.ways import reopened
from reconciler.report.drift import Drift
from reconciler.spec.mesh import Mesh
from reconciler.spec.suggest import did_you_mean
from reconciler.watching import history_of

if TYPE_CHECKING:
    from reconciler.aws.sessions import Sessions


@dataclass(frozen=True, slots=True)
class Healed:
    """How it ended (None: nothing was to be healed), and what was left alone, with why: two owners quarrel about it, or
    something of a kind that is not named would have to come with it."""

    result: ApplyResult | None
    left: tuple[str, ...] = ()

    @property
    def error(self) -> MeshformError | None:
        """Why not all of it was done. That other drift stays is none."""
        error = self.result.error if self.result is not None else None
        return None if isinstance(error, NotReviewed) else error


def heal(mesh: Mesh, found: Drift, looks: Sessions, writes: Sessions, job: Job, now: datetime) -> Healed:
    """Set back, under the lock and with a journal, what policy lets be healed; gates stop it as ever. `looks` are asked
    who changed what.

    Raises MeshformError where mesh.yaml names a kind that is none.
    """
    policy = mesh.settings.drift.heal
    for number, kind in enumerate(policy.kinds):
        if kind not in registry():
            where = mesh.settings.at("drift", "heal", "kinds", number)
            raise MeshformError(f"{where}: {kind} is no kind{did_you_mean(kind, registry())}. See `meshform kinds`.")
    chosen = [each for each in found.deviations if each.address.kind in policy.kinds]
    leaves = any(step.address.kind in policy.kinds and gives_back(step.change, mesh) for step in found.plan.steps)
    if not chosen and not leaves:
        return Healed(None)
    about, untold = history_of(chosen, mesh, looks, found.heard.calls if found.heard is not None else (), lately=True)
    fought = quarrels(about, mesh, now)
    told = tuple(
        f"{each.address} was set back and changed again {fought[key(each)]} times within 7 days: two owners keep it. "
        "It is left as it is until they agree"
        for each in chosen
        if key(each) in fought
    )
    told += tuple(f"Who changed what could not be asked in {each}" for each in untold)
    # Lake Formation's own record names the role only, which Meshform and people may share: the history names sessions.
    causes = {key(each): known for each in chosen if (known := cause(each, about[key(each)])) is not None}
    observation = found.reviewed.observation
    assert observation is not None, "drift is read from AWS"
    may = healable(found.plan, observation.found, chosen, causes, fought, mesh)
    told += tuple(
        f"{address} is left as it is: what AWS lists for it has to be given again once it is made anew, and "
        f"mesh.yaml lets no {' or '.join(sorted(kinds))} be healed (drift.heal.kinds). `meshform apply` does both"
        for address, kinds in may.left.items()
    )
    told += tuple(
        f"{each.address} is left as it is: {why}"
        for each in chosen
        if key(each) not in fought
        and str(each.address) not in may.expected
        and (why := unexplained(causes.get(key(each)), mesh))
    )
    expected, closed = _without_closed(may.expected, found, policy.accept)
    told += closed
    if not expected:
        return Healed(None, told)
    # Nothing was asked for, so that access which somebody took away comes back only if the policy accepts that by name.
    order = ApplyRequest(expected=expected, requested_access=RequestedAccess(), accepted=policy.accept, job=job)
    result = apply(mesh, writes, order, confirm=lambda _: None, read_scope=found.plan.read_scope)
    return Healed(result, told)


def _without_closed(expected: Expected, found: Drift, accept: tuple[str, ...]) -> tuple[Expected, tuple[str, ...]]:
    """The steps without those by which somebody may come to data again that a hand has closed, and words of these.

    The gate would stop them, and with them all that takes access away.
    """
    if REOPENS_ACCESS.id in accept:
        return expected, ()
    ways = [each for each in reopened(found.reviewed, RequestedAccess()) if str(each.step.address) in expected]
    gone = {str(each.step.address) for each in ways}
    return {address: digests for address, digests in expected.items() if address not in gone}, tuple(
        f"{each.step.address} is left as it is, since mesh.yaml does not accept {REOPENS_ACCESS.id} "
        f"(drift.heal.accept): {each.sentence}"
        for each in ways
    )
