"""Expiry: which documents are past their last day, which end soon, and which have to be given an end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from reconciler.spec.documents.base import Document
from reconciler.spec.documents.exception import PolicyException
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.documents.suspension import Suspension
from reconciler.spec.in_force import has_ended
from reconciler.spec.mesh import Mesh
from reconciler.spec.terms import bounds, days


@dataclass(frozen=True, slots=True)
class Expiry:
    """Documents past their last day, and those whose last day is near; by date, kind and name."""

    ended: tuple[Document, ...]
    soon: tuple[Document, ...]


def expiry(mesh: Mesh, today: date, within: int) -> Expiry:
    """What has ended before `today`, and what ends within so many days from it. The last day itself still counts."""
    every = (*mesh.written.values(), *mesh.exceptions.values(), *mesh.suspensions.values())
    dated = sorted((day, each.kind, each.name, each) for each in every if (day := last_day(each)) is not None)
    last = today + timedelta(days=within)
    return Expiry(
        tuple(each for day, _, _, each in dated if day < today),
        tuple(each for day, _, _, each in dated if today <= day <= last),
    )


def last_day(document: Document) -> date | None:
    """The last day on which a document counts; None for one without an end."""
    match document:
        case Subscription():
            return document.expires
        case PolicyException() | Suspension():
            return document.until
        case _:
            return None


def to_be_ended(mesh: Mesh, today: date, within: int) -> Iterator[tuple[Subscription, date]]:
    """Subscriptions beyond a term that begins to count within so many days, or has begun, and an end that it allows.

    That is counted from the first day of the term, so that it is the same one every day. Where nobody has answered for
    so long that it is over, the proposal ends it when somebody merges it.
    """
    for each in mesh.written.values():
        if has_ended(each, today):
            continue
        found = [bound for bound in bounds(mesh, each, today) if not bound.allows(each.expires)]
        begun = [bound.term for bound in found if (bound.term.from_ or today) <= today + timedelta(days=within)]
        ends = [(term.from_ or today) + days(term.longest or "365d") for term in begun]
        if any(term.from_ for term in begun):
            yield each, min(ends)


def without(mesh: Mesh, gone: Iterable[Document]) -> Mesh:
    """The mesh without those of these documents that are subscriptions: whom a folder asks hangs on no others."""
    names = {document.name for document in gone if isinstance(document, Subscription)}
    written = {name: each for name, each in mesh.written.items() if name not in names}
    return replace(
        mesh,
        subscriptions={name: each for name, each in mesh.subscriptions.items() if name in written},
        written=written,
    )
