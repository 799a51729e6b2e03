"""quota: what a plan makes fits into AWS's quotas, beside what is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.model.change import Delete
from reconciler.model.finding import Finding
from reconciler.model.resource import AnyResource
from reconciler.plan.quotas import Counted, counts
from reconciler.plan.review import Review
from reconciler.spec.mesh import Mesh
from reconciler.spec.quotas import QUOTAS
from reconciler.spec.rule import Rule

QUOTA = Rule(
    "quota",
    "error",
    "A plan stays within AWS's quotas.",
    "AWS would refuse what goes beyond, in the middle of the run. Ask for more at Service Quotas, and write what you "
    "got into `quotas` of the Account; `meshform doctor` tells what Service Quotas says. From 80 % on, and where the "
    "plan makes it no worse, it is a warning. What Meshform does not read, such as roles of others, only the doctor "
    "counts. "
    f"The names: {', '.join(QUOTAS)}.",
)
_NEAR = 0.8
_NAMED = 3
_Told = tuple[Counted, int, int]


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each quota that is nearly met, and one for each beyond it."""
    if reviewed.observation is None or reviewed.plan is None:
        return
    near: dict[str, list[_Told]] = {}
    beyond: dict[str, list[_Told]] = {}
    before = None
    for counted, number in counts(_afterwards(reviewed)).items():
        most = _most(reviewed.mesh, counted)
        if number < _NEAR * most:
            continue
        if number > most and before is None:
            before = counts(reviewed.observation.found.values())
        grows = number > most and before is not None and number > before.get(counted, 0)
        if not (grows and QUOTAS[counted.quota].stopped_by):
            (beyond if grows else near).setdefault(counted.quota, []).append((counted, number, most))
    for quota, told in sorted(beyond.items()):
        yield Finding(QUOTA.id, QUOTA.severity, _sentence(reviewed.mesh, quota, told), hints=(_hint(quota),))
    for quota, told in sorted(near.items()):
        yield Finding(QUOTA.id, "warning", _sentence(reviewed.mesh, quota, told))


def _afterwards(reviewed: Review) -> Iterator[AnyResource]:
    """What there is after the plan, in no order."""
    assert reviewed.observation is not None
    changes = {step.address: step.change for step in reviewed.steps}
    yield from (each for address, each in reviewed.observation.found.items() if address not in changes)
    yield from (change.resource for change in changes.values() if not isinstance(change, Delete))


def _most(mesh: Mesh, counted: Counted) -> int:
    """What the account may have: as its document says, or AWS's default."""
    account = mesh.account_by_id(counted.placement.account)
    known = account.quotas if account is not None else {}
    return known.get(counted.quota, QUOTAS[counted.quota].most)


def _sentence(mesh: Mesh, quota: str, told: list[_Told]) -> str:
    worst = sorted(told, key=lambda each: each[2] - each[1])
    parts = [f"{number} of {most} {_of(mesh, counted)}" for counted, number, most in worst[:_NAMED]]
    more = f"; and {len(worst) - _NAMED} more of this quota" if len(worst) > _NAMED else ""
    return f"There would be {'; '.join(parts)}{more} ({quota})."


def _of(mesh: Mesh, counted: Counted) -> str:
    account = mesh.account_by_id(counted.placement.account)
    where = f"{account.name if account is not None else counted.placement.account}, {counted.placement.region}"
    return f"{QUOTAS[counted.quota].what}{f' {counted.thing}' if counted.thing else ''} in {where}"


def _hint(quota: str) -> str:
    written = f"`quotas: {{{quota}: ...}}` of the Account"
    return f"ask for more at Service Quotas and write what you got as {written}: {QUOTAS[quota].page}"
