"""ReadScope: what of AWS is read where not everything is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.model.address import Placement

Place = tuple[str, Placement]
"""A kind, and the placement in which it is listed."""


@dataclass(frozen=True, slots=True)
class ReadScope:
    """The places that a change since a commit can touch, sorted. Nothing is known of the drift of any other.

    Each place has the databases of the central catalog that are looked at there, or None for all that it lists.
    """

    since: str
    places: Mapping[Place, frozenset[str] | None] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """The change touches nothing in AWS: no account has to be asked."""
        return not self.places

    def has(self, place: Place, database: str | None = None) -> bool:
        """Whether a place is read, and in it what lies in a database."""
        if place not in self.places:
            return False
        databases = self.places[place]
        return databases is None or database in databases
