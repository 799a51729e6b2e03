"""Others: what a mesh has besides products: domains, LF-tags and their values, consumers, subscriptions, teams.

None of them says by itself that it goes. A domain goes when the last of its products does, and a consumer reads nothing
when the last of its subscriptions has ended. A team goes at once: nothing tells it before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from reconciler.spec.mesh import Mesh

OtherKind = Literal["domain", "tag", "value", "consumer", "subscription", "team"]
NO_LONGER_USED = "not to be used any more; it goes when nothing carries it"


@dataclass(frozen=True, slots=True)
class Other:
    """One of them. `name` of a value is key=value; `until` its last day, `going` in words how it goes; neither for what
    stays. `within`: the consumer of a subscription, the key of a value."""

    kind: OtherKind
    name: str
    description: str
    until: date | None = None
    going: str = ""
    within: str = ""

    @property
    def is_public(self) -> bool:
        """Whether it says nothing about who reads."""
        return self.kind in ("domain", "tag", "value")

    @property
    def value(self) -> str:
        """A value without its key."""
        return self.name.removeprefix(f"{self.within}=")


def others(mesh: Mesh) -> Iterator[Other]:
    """All of them, kind by kind."""
    of_domain: dict[str, list[date | None]] = {}
    for product in mesh.products.values():
        day = product.retires.until if product.retires else None
        of_domain.setdefault(product.domain, []).append(day)
    of_consumer: dict[str, list[date | None]] = {}
    for each in mesh.subscriptions.values():
        of_consumer.setdefault(each.consumer, []).append(each.expires)
    for domain in mesh.domains.values():
        day = _last(of_domain.get(domain.name, ()))
        yield Other("domain", domain.name, domain.description, day, f"goes after {day}" if day else "")
    for tag in mesh.tags.values():
        yield Other("tag", tag.name, tag.description, going=NO_LONGER_USED if tag.retired else "")
        for value in tag.values:
            going = NO_LONGER_USED if value.retired else ""
            yield Other("value", f"{tag.name}={value.value}", value.description, going=going, within=tag.name)
    for consumer in mesh.consumers.values():
        day = _last(of_consumer.get(consumer.name, ()))
        going = f"reads nothing after {day}" if day else ""
        yield Other("consumer", consumer.name, consumer.description or "", day, going)
    for each in mesh.subscriptions.values():
        going = f"ends after {each.expires}" if each.expires else ""
        yield Other("subscription", each.name, each.purpose, each.expires, going, each.consumer)
    for team in mesh.teams.values():
        yield Other("team", team.name, team.description)


def _last(days: Iterable[date | None]) -> date | None:
    """The last of the days; None where something has none, or nothing is there."""
    known = [*days]
    ended = [each for each in known if each is not None]
    return max(ended) if ended and len(ended) == len(known) else None
