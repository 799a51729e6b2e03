"""Recertification: rounds in which the owners of data are asked whether subscriptions are still needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from reconciler.spec.approval import approvers, highest_sensitivity, levels
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.in_force import has_ended
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import subscribed_products
from reconciler.spec.terms import days
from reconciler.usage import NOT_KNOWN, LastRead


@dataclass(frozen=True, slots=True)
class Round:
    """A round by its first day and the last one for answers."""

    begins: date
    answers_until: date


@dataclass(frozen=True, slots=True)
class Asked:
    """A subscription that somebody has yet to confirm: who is asked, since when (None: unknown), last use."""

    subscription: Subscription
    owners: tuple[str, ...]
    since: date | None
    used: LastRead = NOT_KNOWN


def current_round(mesh: Mesh, today: date) -> Round | None:
    """The round that began last; None where none is held, or the first is still to come."""
    said = mesh.settings.recertification
    if said is None or today < said.first:
        return None
    begins = today - timedelta(days=(today - said.first).days % days(said.every).days)
    return Round(begins, begins + days(said.answer))


def unanswered(
    mesh: Mesh,
    held: Round,
    today: date,
    written: Mapping[str, date],
    used: Mapping[str, LastRead] | None = None,
) -> Iterator[Asked]:
    """Subscriptions that nobody has approved or confirmed since the round began, and that do not end in it anyway.

    `written`: since when documents are there, by their names, as far as that is known.
    `used`: when they were last used. It is told to who is asked, and decides nothing.
    """
    for each in mesh.written.values():
        if has_ended(each, today) or (each.expires is not None and each.expires <= held.answers_until):
            continue
        since = each.approval.at if each.approval else written.get(each.name)
        answers = (since, each.confirmed.at if each.confirmed else None)
        said = [day for day in answers if day is not None and day <= today]  # a day to come is no answer
        if _is_meant(mesh, each) and (not said or max(said) < held.begins):
            yield Asked(each, _owners(mesh, each), since, (used or {}).get(each.name, NOT_KNOWN))


def _is_meant(mesh: Mesh, subscription: Subscription) -> bool:
    """Whether a subscription reaches the sensitivity from which on owners are asked. What is not known is asked."""
    said, order = mesh.settings.recertification, levels(mesh)
    if said is None or said.sensitivity is None or said.sensitivity not in order:
        return True
    reached = [highest_sensitivity(mesh, subscription, product) for product in subscribed_products(mesh, subscription)]
    lowest = order.index(said.sensitivity)
    return not reached or any(value is None or order.index(value) >= lowest for value in reached)


def _owners(mesh: Mesh, subscription: Subscription) -> tuple[str, ...]:
    """Who has to approve it; where nobody needs to, the owners of what it reads."""
    return approvers(mesh, subscription) or tuple(
        sorted({product.owner for product in subscribed_products(mesh, subscription)})
    )
