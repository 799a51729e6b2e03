"""Events: management events from a queue, and what of AWS has to be read because of them.

A message may come from anybody who may send one. At worst it makes us read something; it is never believed.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.kinds import AnyKind
from reconciler.model.address import Placement
from reconciler.model.api_call import ApiCall, api_call
from reconciler.model.plain_json import NotJson, plain_json
from reconciler.model.read_scope import Place, ReadScope
from reconciler.spec import placements
from reconciler.spec.extents import product_databases
from reconciler.spec.mesh import Mesh

SINCE = "the last events"
"""What a read scope from events calls their time."""
_TOLD = "AWS API Call via CloudTrail"
_OF_DATABASES = frozenset(
    f"glue:{verb}{sort}" for verb in ("Create", "Update", "Delete", "BatchDelete") for sort in ("Table", "Database")
)
"""Requests that name the database that they are about."""
_LONGEST = 300_000
"""Signs; events of EventBridge have at most 256 KiB."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What messages said: requests about this mesh's accounts, each once; how many said something else, and what."""

    calls: tuple[ApiCall, ...]
    others: Mapping[str, int]
    messages: int = 0


def heard(bodies: Iterable[str], mesh: Mesh, kinds: Mapping[str, AnyKind]) -> Heard:
    """The requests in messages, the earliest first, whatever their order and however often each came."""
    accounts = {account.id for account in mesh.accounts.values()}
    watched = frozenset(name for kind in kinds.values() for name in kind.changed_by)
    calls: dict[str, ApiCall] = {}
    others: dict[str, int] = {}
    messages = 0
    for body in bodies:
        messages += 1
        found = _call(body)
        why = found if isinstance(found, str) else _not_ours(found, accounts, watched)
        if why or isinstance(found, str):
            others[why] = others.get(why, 0) + 1
        else:
            calls.setdefault(found.id, found)
    return Heard(tuple(sorted(calls.values(), key=lambda each: (each.at, each.id))), others, messages)


def read_scope_of_calls(calls: Iterable[ApiCall], mesh: Mesh, kinds: Mapping[str, AnyKind]) -> ReadScope:
    """Where to look because of requests: what they may have changed, of tables and tags only in the databases named."""
    places: dict[Place, frozenset[str] | None] = {}
    listings = _listings(mesh, kinds)
    for call in calls:
        inside = _databases(call, mesh)
        if inside is not None and not inside and call.placement == placements.of_catalog(mesh):
            continue
        for kind in kinds.values():
            if call.name not in kind.changed_by:
                continue
            databases = inside if kind.is_listed_by_database else None
            shown = Placement(call.placement.account, mesh.region) if kind.is_global else call.placement
            for listing in listings.get((kind.name, shown), ()):
                place = (kind.name, listing)
                known = places.get(place, frozenset())
                places[place] = None if known is None or databases is None else known | databases
    return ReadScope(SINCE, {place: places[place] for place in sorted(places)})


def _call(body: str) -> ApiCall | str:
    """The request that a message tells, or what it is instead."""
    if len(body) > _LONGEST:
        return "no event: too long"
    try:
        event = plain_json(body)
    except NotJson:
        return "no event: not JSON"
    if not isinstance(event, Mapping) or event.get("detail-type") != _TOLD:
        return "no management event of CloudTrail"
    detail = event.get("detail")
    if not str(event.get("source", "")).startswith("aws.") or not isinstance(detail, Mapping):
        return "not sent by AWS"
    if detail.get("errorCode"):
        return "refused or failed: nothing happened"
    found = api_call(detail)
    if found is None or not found.id or str(event.get("account")) != found.placement.account:
        return "no whole record of CloudTrail"
    return found


def _not_ours(call: ApiCall, accounts: set[str], watched: frozenset[str]) -> str:
    if call.placement.account not in accounts:
        return "of an account that is not the mesh's"
    return "" if call.name in watched else "about nothing that the mesh has"


def _databases(call: ApiCall, mesh: Mesh) -> frozenset[str] | None:
    """The mesh's databases of which a request speaks: none where it is about others, None where it may be any."""
    named = frozenset[str]().union(*call.parts())
    found = named & product_databases(mesh)
    return found if found or call.name in _OF_DATABASES else None


def _listings(mesh: Mesh, kinds: Mapping[str, AnyKind]) -> Mapping[Place, list[Placement]]:
    """For each kind and placement, the placements whose reading shows it: its own first."""
    found: dict[Place, list[Placement]] = {}
    for kind in kinds.values():
        for listing in kind.placements(mesh):
            for shown in dict.fromkeys((listing, *kind.covers(listing, mesh))):
                found.setdefault((kind.name, shown), []).append(listing)
    return found
