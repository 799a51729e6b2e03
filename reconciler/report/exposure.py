"""Exposure: what drift means to people: who can read or do what no document gives, and who cannot what one gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from reconciler.access import AccessDifference, AccessEntry
from reconciler.drift.bearing import bearing
from reconciler.drift.causes import Causes, key
from reconciler.drift.deviations import Deviation
from reconciler.kinds.iam.permissions_due import role_of, unfinished
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.model.change import Create
from reconciler.model.last_change import LastChange
from reconciler.plan.reader_roles import reader_role_changes
from reconciler.plan.requested_access import RequestedAccess
from reconciler.plan.review import Review
from reconciler.plan.ways import reopened
from reconciler.report.access_lines import gained_by, lost_by
from reconciler.report.names import Names
from reconciler.report.people import People

UNKNOWN = "since when and by whom is not known"
_BECAME = "may grant itself everything as a data lake administrator of"
_IS_NONE = "is no longer a data lake administrator of"
_CAUSES = 3
"""So many causes of one exposure are told; the rest is among the differences."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """One sentence of who is exposed, what it is about, and who made it so when (empty: not known)."""

    sentence: str
    entries: tuple[AccessEntry, ...] = ()
    of: tuple[Deviation, ...] = ()
    causes: tuple[LastChange, ...] = ()

    @property
    def since(self) -> str | None:
        """The earliest time of its causes, in UTC."""
        return min((cause.when for cause in self.causes if cause.when), default=None)

    def blame(self, names: Names) -> str:
        """Since when and by whom, in words."""
        if not self.causes:
            return UNKNOWN
        told = list(dict.fromkeys(blame(cause, names) for cause in self.causes))
        more = f"; and {len(told) - _CAUSES} more" if len(told) > _CAUSES else ""
        return "; ".join(told[:_CAUSES]) + more

    def as_json(self) -> dict[str, Any]:
        """As in JSON v1 of drift."""
        return {
            "sentence": self.sentence,
            "since": self.since,
            "by": list(dict.fromkeys(cause.by for cause in self.causes if cause.by)),
            "causes": [{"by": cause.by, "at": cause.at} for cause in self.causes],
            "addresses": [str(each.address) for each in self.of],
            "access": [entry.as_json() for entry in self.entries],
        }


@dataclass(frozen=True, slots=True)
class Exposures:
    """`reads`: can and should not; `misses`: should and cannot; `rights`: what gives more than documents do, though
    it names nobody whom it does. `machinery` counts gains and losses of Meshform's own roles."""

    reads: tuple[Exposure, ...] = ()
    misses: tuple[Exposure, ...] = ()
    rights: tuple[Exposure, ...] = ()
    machinery: int = 0

    def __bool__(self) -> bool:
        return bool(self.reads or self.misses or self.rights or self.machinery)

    def as_json(self) -> dict[str, Any]:
        """As in JSON v1 of drift."""
        parts = (("reads", self.reads), ("misses", self.misses), ("rights", self.rights))
        return {name: [each.as_json() for each in those] for name, those in parts} | {"machinery": self.machinery}


def blame(cause: LastChange, names: Names) -> str:
    """Since when something is so, and by whom."""
    when = f"since {cause.when}" if cause.when else "since when is not known"
    return f"{when}, by {names.principal(cause.by) if cause.by else 'whom is not known'}"


def exposures(reviewed: Review, deviations: tuple[Deviation, ...], causes: Causes) -> Exposures:
    """What the deviations mean: the difference of access that apply would take back, the other way round."""
    names = Names.of(reviewed.mesh)
    rights = tuple(_right(each, causes, names) for each in deviations if each.called)
    if reviewed.access is None:
        return Exposures(rights=rights)
    people, back = People.of(reviewed), _reversed(reviewed.access)
    lost = _of(back.lost, people)
    doubted = {(entry.principal, entry.place) for entry in lost if entry.change == "unknown"}
    # That something is not certain any more is told once, with what may be lost by it.
    told = replace(
        back,
        gained=tuple(
            entry
            for entry in _of(back.gained, people)
            if entry.change != "unknown" or (entry.principal, entry.place) not in doubted
        ),
        lost=lost,
    )
    # Nobody was promised a way past Lake Formation.
    missed = replace(told, lost=tuple(entry for entry in told.lost if entry.change != "path"))
    reads = (_exposure(said, group, bearing(group, deviations, gained=True), causes) for said, group in gained_by(told))
    misses = (
        _exposure(said, group, bearing(group, deviations, gained=False), causes) for said, group in lost_by(missed)
    )
    come, gone = (
        tuple(_administrators(admins, said, deviations, causes, names))
        for admins, said in ((back.admins_gained, _BECAME), (back.admins_lost, _IS_NONE))
    )
    return Exposures(
        (*reads, *come),
        (*misses, *_closed(reviewed, deviations, causes), *_roles(reviewed, deviations, causes), *gone),
        rights,
        len(back.gained) + len(back.lost) - len(_of(back.gained, people)) - len(lost),
    )


def _exposure(sentence: str, group: Iterable[AccessEntry], of: Iterable[Deviation], causes: Causes) -> Exposure:
    every = tuple(of)
    known = {cause for each in every if (cause := causes.get(key(each))) is not None}
    return Exposure(sentence, tuple(group), every, tuple(sorted(known, key=_in_time)))


def _in_time(cause: LastChange) -> tuple[str, str]:
    return cause.when or "", cause.by or ""


def _right(each: Deviation, causes: Causes, names: Names) -> Exposure:
    where = f"{each.address.kind} {each.address.name} in {names.placement(each.address.placement)}"
    return _exposure(f"{where}: {each.words}", (), (each,), causes)


def _closed(reviewed: Review, deviations: tuple[Deviation, ...], causes: Causes) -> Iterator[Exposure]:
    """Links of ways to data that are closed: whoever needs them may read less than his permissions say."""
    for each in reopened(reviewed, reviewed.requested or RequestedAccess()):
        of = (other for other in deviations if other.address == each.step.address)
        words = each.sentence.replace(" may get back ", " may not come to ")
        yield _exposure(f"{words}: {each.closed}", (), of, causes)


def _roles(reviewed: Review, deviations: tuple[Deviation, ...], causes: Causes) -> Iterator[Exposure]:
    """Roles as which somebody reads, that are gone, or that others may assume than documents say; and roles that were
    made anew and have not been given their permissions again."""
    for change in reader_role_changes(reviewed):
        gone = isinstance(change.change, Create)
        said = "is gone: nobody reads as it" if gone else "may be assumed by others than documents say"
        of = (each for each in deviations if each.address == change.change.address)
        yield _exposure(f"The role {change.name} {said}", (), of, causes)
    for step in unfinished(reviewed.steps):
        name, of = role_of(step.address).name, (each for each in deviations if each.address == step.address)
        yield _exposure(
            f"The role {name} was made anew: it may not have the permissions that are listed", (), of, causes
        )


def _administrators(
    admins: Iterable[tuple[str, str]], said: str, deviations: tuple[Deviation, ...], causes: Causes, names: Names
) -> Iterator[Exposure]:
    for account, arn in admins:
        of = (
            each
            for each in deviations
            if isinstance(each.resource.spec, LakeSettings) and each.address.placement.account == account
        )
        yield _exposure(f"{names.principal(arn)} {said} {names.account(account)}", (), of, causes)


def _reversed(access: AccessDifference) -> AccessDifference:
    """From what is wanted to what was found, since a plan goes from what was found to what is wanted."""
    return replace(
        access,
        gained=access.lost,
        lost=access.gained,
        shared=access.unshared,
        unshared=access.shared,
        admins_gained=access.admins_lost,
        admins_lost=access.admins_gained,
        before=access.after,
        after=access.before,
    )


def _of(entries: Iterable[AccessEntry], people: People) -> tuple[AccessEntry, ...]:
    return tuple(entry for entry in entries if people.concerns(entry))
