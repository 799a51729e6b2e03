"""new-beyond-term: once a term counts, a change brings no subscription that breaks it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.checks.terms import said_of
from reconciler.spec.documents.lftag import Term
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.mesh import Mesh
from reconciler.spec.rule import Rule
from reconciler.spec.tags import readable_columns, subscribed_products
from reconciler.spec.terms import Bound, bounds
from reconciler.spec.today import today

NEW_BEYOND_TERM = Rule(
    "new-beyond-term",
    "error",
    "No change brings a subscription that breaks a term which counts already, or lets one run longer or read more.",
    "What was there on the first day of a term is told (`beyond-term-overdue`), and an end is proposed for it; it "
    "holds up nobody else's change. What is new has `expires` within the term.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each subscription that breaks a term anew. Without a base nothing says what is new."""
    before, day = reviewed.known_before, today()
    if before is None:
        return
    for subscription in reviewed.mesh.subscriptions.values():
        broken = [*_broken(reviewed.mesh, subscription, day)]
        if not broken:
            continue
        was = before.subscriptions.get(subscription.name)
        if was is None or _is_more(reviewed.mesh, subscription, before, was):
            known = set[tuple[str, Term]]()
        else:
            known = {(each.key, each.term) for each in _broken(before, was, day)}
        for bound in [each for each in broken if (each.key, each.term) not in known][:1]:
            yield NEW_BEYOND_TERM.broken(subscription.origin, f"{said_of(subscription, bound)}.")


def _is_more(mesh: Mesh, subscription: Subscription, before: Mesh, was: Subscription) -> bool:
    """Whether a subscription runs longer than it did, or somebody reads more by it."""
    longer = (was.expires or date.max) < (subscription.expires or date.max)
    return longer or not _reads(mesh, subscription) <= _reads(before, was)


def _reads(mesh: Mesh, subscription: Subscription) -> set[tuple[str, ...]]:
    """Who reads which columns by it."""
    return {
        (subscription.consumer, who, product.name, table.name, column)
        for product in subscribed_products(mesh, subscription)
        for table in product.tables
        for column in readable_columns(mesh, subscription, product, table)
        for who in subscription.principals or ("",)
    }


def _broken(mesh: Mesh, subscription: Subscription, day: date) -> Iterator[Bound]:
    """The terms that count since a day of their own and that a subscription breaks."""
    for each in bounds(mesh, subscription, day):
        if each.counts_since(day) and not each.allows(subscription.expires):
            yield each
