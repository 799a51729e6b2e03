"""Terms: until when a subscription may run at most, by the labels of what it reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from reconciler.spec.documents.lftag import LFTag, Term
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import opened_tags, table_expression


@dataclass(frozen=True, slots=True)
class Bound:
    """A term that a subscription is under: by which value that it reaches, and the last day allowed (None: any)."""

    key: str
    reached: str
    term: Term
    last: date | None

    def counts_since(self, today: date) -> bool:
        """Whether it has a first day that has come."""
        return self.term.from_ is not None and self.term.from_ <= today

    def allows(self, expires: date | None) -> bool:
        """Whether a subscription may end on that day (None: never)."""
        return expires is not None and (self.last is None or expires <= self.last)


def days(said: str) -> timedelta:
    """A number of days as the documents write it: 180d."""
    return timedelta(days=int(said.removesuffix("d")))


def bounds(mesh: Mesh, subscription: Subscription, today: date) -> tuple[Bound, ...]:
    """Every term that a subscription is under, the strictest first. Those to come are among them."""
    tags = [tag for tag in mesh.tags.values() if any(each.term for each in tag.values)]
    reached = _reached(mesh, subscription, [tag.name for tag in tags])
    found = [
        Bound(tag.name, value, term, today + days(term.longest) if term.longest else None)
        for tag in tags
        for value, term in _terms(tag, reached[tag.name])
    ]
    return tuple(sorted(found, key=lambda each: (each.last or date.max, each.key, each.reached)))


def latest_end(mesh: Mesh, subscription: Subscription, today: date) -> date | None:
    """A last day that every term allows, for a subscription that must have one; None where none must."""
    found = bounds(mesh, subscription, today)
    return (found[0].last or today + timedelta(days=365)) if found else None


def _terms(tag: LFTag, reached: frozenset[str]) -> Iterator[tuple[str, Term]]:
    """Terms with the value that is under each: one of these; where the key is ordered, the highest for all below."""
    highest = next((each.value for each in reversed(tag.values) if each.value in reached), None)
    for each in tag.values:
        under = highest if tag.ordered else each.value if each.value in reached else None
        if under is not None and each.term is not None and (each.term.longest or each.term.end):
            yield under, each.term
        if tag.ordered and each.value == highest:
            return


def _reached(mesh: Mesh, subscription: Subscription, keys: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """The values that a subscription reaches, by key. What is asked for counts, even while no column carries it."""
    asked = table_expression(mesh, subscription)
    found = {key: set(asked.get(key, ())) for key in keys}
    others = [key for key, values in found.items() if not values]
    for tags in opened_tags(mesh, subscription) if others else ():
        for key in others:
            found[key].add(tags.get(key, ""))
    return {key: frozenset(values) for key, values in found.items()}
