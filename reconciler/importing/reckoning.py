"""The reckoning: of everything that was read, what documents explain, what is adopted, what is other people's and why.

Nothing is silent: each thing that was read has one fate, and what was not seen is told with the call that failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from reconciler.kinds import registry
from reconciler.kinds.common.owner import Owner
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.kinds.territory import ownership_of
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS, Grant
from reconciler.model.plan import Plan
from reconciler.model.resource import AnyResource, Gap, Observation, Snapshot
from reconciler.spec.mesh import Mesh

Fate = Literal["explained", "adopted", "foreign"]
FATES: tuple[Fate, ...] = ("explained", "adopted", "foreign")
ADMIN = "admin"
_ADOPTED = "/adopted/"
_NOBODYS = "the mesh has nothing to say of it"
_LEFT_OVER = "made by the mesh, and no document asks for it any more: the next plan takes it away"


@dataclass(frozen=True, slots=True)
class Atom:
    """One thing that was read, and what became of it; `why` of what is foreign."""

    kind: str
    place: str
    name: str
    fate: Fate
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Everything that was read, in its order; what was not seen; and the steps that a plan would still have."""

    atoms: tuple[Atom, ...]
    unseen: tuple[Gap, ...]
    steps: tuple[str, ...]
    held: tuple[str, ...] = ()
    """What documents name and is not there, or not so, and what nobody would do about it: a sentence each."""

    @property
    def counts(self) -> Mapping[str, Mapping[Fate, int]]:
        """How many of each kind have which fate. Their sum is what was read."""
        found: dict[str, dict[Fate, int]] = {}
        for atom in self.atoms:
            of_kind = found.setdefault(atom.kind, dict.fromkeys(FATES, 0))
            of_kind[atom.fate] += 1
        return dict(sorted(found.items()))

    @property
    def foreign(self) -> tuple[Atom, ...]:
        """What is other people's."""
        return tuple(atom for atom in self.atoms if atom.fate == "foreign")


def reckoning(observation: Observation, mesh: Mesh, wanted: Snapshot, plan: Plan) -> Reckoning:
    """The fate of everything that was found, by what the mesh wants and what its plan would do."""
    ownership = ownership_of(mesh, wanted, observation.found)
    atoms = tuple(
        atom for each in observation.found.values() for atom in (_atom(each, wanted, ownership), *_admins(each, wanted))
    )
    steps = tuple(
        f"{step.change.action} {step.address.kind} {step.address.name} in {step.address.placement}"
        for step in plan.steps
    )
    held = tuple(f"{each.change.address.kind} {each.change.address.name}: {each.reason}" for each in plan.held)
    return Reckoning(atoms, observation.gaps, steps, held)


def reckoning_json(reckoned: Reckoning) -> dict[str, Any]:
    """The reckoning as plain data."""
    return {
        "format": "meshform/reckoning/v1",
        "read": len(reckoned.atoms),
        "counts": {kind: dict(fates) for kind, fates in reckoned.counts.items()},
        "foreign": [
            {"kind": atom.kind, "place": atom.place, "name": atom.name, "why": atom.why} for atom in reckoned.foreign
        ],
        "unseen": [{"kind": gap.kind, "place": str(gap.placement), "why": gap.reason} for gap in reckoned.unseen],
        "steps": list(reckoned.steps),
        "held": list(reckoned.held),
    }


def reckoning_text(reckoned: Reckoning, *, all_of_it: bool) -> Iterator[str]:
    """The reckoning for people: a line a kind, then what is other people's and why, then what was not seen."""
    width = max([len(kind) for kind in reckoned.counts], default=0)
    for kind, fates in reckoned.counts.items():
        counted = ", ".join(f"{fates[fate]:,} {fate}" for fate in FATES if fates[fate])
        yield f"  {kind:<{width}}  {counted}"
    yield f"  {len(reckoned.atoms):,} read."
    for (kind, why), names in _by_reason(reckoned.foreign).items():
        shown = names if all_of_it else names[:2]
        more = f" and {len(names) - len(shown):,} more" if len(names) > len(shown) else ""
        yield f"  Other people's {kind}: {', '.join(shown)}{more}: {why}."
    unseen: dict[tuple[str, str], list[str]] = {}
    for gap in reckoned.unseen:
        unseen.setdefault((str(gap.placement), gap.reason), []).append(gap.kind)
    for (place, reason), kinds in unseen.items():
        yield f"! Not seen in {place}: {', '.join(kinds)}: {reason}"


def _by_reason(atoms: Iterable[Atom]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for atom in atoms:
        found.setdefault((atom.kind, atom.why), []).append(atom.name)
    return found


def _atom(each: AnyResource, wanted: Snapshot, ownership: Ownership) -> Atom:
    kind, place, name = each.address.kind, str(each.address.placement), each.address.name
    want = wanted.get(each.address)
    if want is not None:
        adopted = want.origin is not None and _ADOPTED in want.origin.file
        return Atom(kind, place, name, "adopted" if adopted else "explained")
    owner = registry()[kind].owner(each, ownership)
    return Atom(kind, place, name, "foreign", _why(each, owner, ownership))


def _why(each: AnyResource, owner: Owner, ownership: Ownership) -> str:
    if owner.note:
        return owner.note
    if isinstance(each.spec, Grant):
        if each.spec.own or ownership.is_own_role(each.spec.principal):
            return "Meshform's own role has it by what it has made"
        if each.spec.principal == IAM_ALLOWED_PRINCIPALS:
            return "open to whoever IAM allows, on nothing of the mesh"
        return "on nothing of the mesh"
    if owner.is_ours:
        return _LEFT_OVER
    return owner.words if owner.is_somebodys else _NOBODYS


def _admins(each: AnyResource, wanted: Snapshot) -> Iterator[Atom]:
    """The administrators of an account, each for himself."""
    if not isinstance(each.spec, LakeSettings):
        return
    want = wanted.get(each.address)
    known = want.spec.admins | want.spec.read_only_admins if want is not None else frozenset()
    for arn in sorted(each.spec.admins | each.spec.read_only_admins):
        fate: Fate = "explained" if arn in known else "foreign"
        why = "" if arn in known else "an administrator that no document names"
        yield Atom(ADMIN, str(each.address.placement), arn, fate, why)
