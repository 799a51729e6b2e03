"""Causes: which requests could have made a deviation, and which of those that CloudTrail tells it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reconciler.drift.deviations import Deviation, Way
from reconciler.kinds import AnyKind
from reconciler.model.address import Address, Placement
from reconciler.model.api_call import ApiCall
from reconciler.model.last_change import LastChange
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition

Causes = Mapping[tuple[Address, str], LastChange]
"""By address and words of a deviation: who made it and when, where that is known."""

Question = tuple[Placement, str]
"""An account with the region whose trail tells, and the name of a request (`glue:DeleteTable`)."""

_MAKES = ("Accept", "Add", "Associate", "Attach", "BatchGrant", "Create", "Grant", "Register", "Subscribe")
_TAKES = ("BatchDelete", "BatchRevoke", "Delete", "Deregister", "Detach", "Disassociate", "Reject", "Remove", "Revoke")
_NOT_BY: Mapping[Way, tuple[str, ...]] = {"came": _TAKES, "went": _MAKES, "changed": ()}
_GLOBAL = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


def key(deviation: Deviation) -> tuple[Address, str]:
    """By what its cause is kept."""
    return deviation.address, deviation.words


def known(deviations: Iterable[Deviation]) -> dict[tuple[Address, str], LastChange]:
    """The causes that AWS tells with the thing itself (Lake Formation's LastUpdatedBy): of what came by hand."""
    return {
        key(each): each.resource.changed
        for each in deviations
        if each.way == "came" and not each.words and each.resource.changed is not None and each.resource.changed.by
    }


def questions(deviation: Deviation, mesh: Mesh, kinds: Mapping[str, AnyKind]) -> Iterator[Question]:
    """What to ask CloudTrail for: all that can have changed it, since who set it back stands there, too."""
    kind, address = kinds[deviation.address.kind], deviation.address
    places = {address.placement: None}
    for listing in kind.placements(mesh):
        if address.placement in kind.covers(listing, mesh):
            places[listing] = None
    for placement in places:
        for name in kind.changed_by:
            yield Placement(placement.account, _told_in(name, placement.region, mesh)), name


def explains(call: ApiCall, deviation: Deviation, kinds: Mapping[str, AnyKind]) -> bool:
    """Whether a request is about the thing: it names all that it is called by, or what it is in."""
    wanted = frozenset(word.lower() for word in kinds[deviation.address.kind].mentions(deviation.resource))
    return any(wanted <= names or _is_around(names, wanted) for names in call.parts())


def cause(deviation: Deviation, calls: Iterable[ApiCall]) -> LastChange | None:
    """Of the requests that are about a thing, the one that made it what it is: the latest.

    A part of a document is written again by everybody who writes the document: then it is the first that had it since.
    """
    found: ApiCall | None = None
    for call in sorted(calls, key=lambda each: each.at, reverse=True):
        if call.name.partition(":")[2].startswith(_NOT_BY[deviation.way]):
            # Requests that make a thing do not explain why it is gone, and the other way round.
            continue
        if not deviation.called:
            return call.last_change
        if any(deviation.called.lower() in name for names in call.parts() for name in names):
            found = call
        elif found is not None:
            break
    return found.last_change if found is not None else None


def _is_around(names: frozenset[str], wanted: frozenset[str]) -> bool:
    """Whether all that a request names is part of the thing's name, as a database is of its tables'."""
    inside = frozenset(name for name in names if not name.isdigit())
    return bool(inside) and inside <= wanted


def _told_in(name: str, region: str, mesh: Mesh) -> str:
    """The region whose trail tells it: what has no region is told in one of them.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html
    """
    return _GLOBAL.get(partition(mesh.region), region) if name.startswith("iam:") else region
