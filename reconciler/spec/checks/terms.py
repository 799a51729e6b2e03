"""Terms: what carries a label is subscribed for no longer than the label allows."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.lftag import LFTag
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.in_force import has_ended
from reconciler.spec.rule import Rule
from reconciler.spec.terms import Bound, bounds
from reconciler.spec.unchecked_mesh import UncheckedMesh

EMPTY = Rule(
    "term-says-nothing",
    "error",
    "A term of a value says how long a subscription may run, or that it has an end.",
    "Write `longest: 180d`, or `end: required`.",
)
BEYOND = Rule(
    "beyond-term",
    "error",
    "A subscription runs no longer than the labels of what it reads allow.",
    "`term` of the LF-tag's value says how long; of an ordered key it holds for what is above the value, too. Give "
    "`expires` a day within it, and have it extended when it is needed longer.",
    by_day=True,
)
OVERDUE = Rule(
    "beyond-term-overdue",
    "warning",
    "Subscriptions are within a term from its first day on.",
    "Whoever reads goes on reading, and nobody else's change waits for it: nothing is taken away that nobody has "
    "decided to end. `meshform expire --propose` proposes an end; merge that. A change that brings such a subscription "
    "is stopped by `new-beyond-term`.",
)
SOON = Rule(
    "beyond-term-soon",
    "warning",
    "Subscriptions are within a term before it counts.",
    "From the day that `from` of the term names, a change that brings such a subscription is stopped. Nothing is taken "
    "away by it. "
    "`meshform expire --propose` proposes an end.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about the last days of subscriptions."""
    for tag in unchecked.all(LFTag):
        for index, value in enumerate(tag.values):
            if value.term is not None and value.term.longest is None and value.term.end is None:
                yield EMPTY.broken(tag.at("values", index, "term"), f"the term of {value.value} says nothing")
    mesh = unchecked.mesh
    if mesh is None or not any(value.term for tag in mesh.tags.values() for value in tag.values):
        return
    for subscription in mesh.subscriptions.values():
        if has_ended(subscription, unchecked.today):
            continue
        broken = [each for each in bounds(mesh, subscription, unchecked.today) if not each.allows(subscription.expires)]
        counting = [each for each in broken if each.term.from_ is None]
        overdue = [each for each in broken if each.counts_since(unchecked.today)]
        at = subscription.at("expires") if subscription.expires else subscription.origin
        for bound in counting[:1]:
            yield BEYOND.broken(at, said_of(subscription, bound))
        for bound in overdue[:1] if not counting else ():
            yield OVERDUE.broken(at, f"{said_of(subscription, bound)}; so it is since {bound.term.from_}")
        coming = [] if counting or overdue else broken
        for bound in sorted(coming, key=lambda each: each.term.from_ or unchecked.today)[:1]:
            yield SOON.broken(at, f"{said_of(subscription, bound)}; that counts from {bound.term.from_} on")


def said_of(subscription: Subscription, bound: Bound) -> str:
    """How a subscription breaks a term, in words."""
    has = f"runs until {subscription.expires}" if subscription.expires else "has no end"
    label = f"reads {bound.key} {bound.reached}"
    if bound.last is None:
        return f"{subscription.name} {has} and {label}; give it `expires`"
    return f"{subscription.name} {has} and {label} ({bound.term.longest} at most); the last day allowed is {bound.last}"
