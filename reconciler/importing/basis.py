"""Basis: what a person says before anything is read: which accounts, which roles, which names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from reconciler.model.address import Placement


@dataclass(frozen=True, slots=True)
class Basis:
    """The accounts of a mesh that nobody has written yet.

    `names` are those that people gave: `account 111111111111`, `database sales`, `principal arn:...` to a name.
    """

    name: str
    region: str
    central: str
    accounts: tuple[str, ...]
    plan_role: str
    apply_role: str
    today: date
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def others(self) -> tuple[str, ...]:
        """The accounts besides the central one, sorted."""
        return tuple(sorted(set(self.accounts) - {self.central}))

    @property
    def catalog(self) -> Placement:
        """Where the central catalog is."""
        return Placement(self.central, self.region)
