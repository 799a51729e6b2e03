"""Basis: what a person says before anything is read: which accounts, which roles, which names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from reconciler.kinds import registry
from reconciler.model.address import Placement
from reconciler.model.resource import Observation

_ID = re.compile(r"^[0-9]{12}$")
_NAME = re.compile(r"^[a-z0-9][a-z0-9-]{0,49}$")
_REGION = re.compile(r"^[a-z]{2}(-[a-z]+)+-[0-9]$")


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
    regions: tuple[str, ...] = ()
    """Where people query besides the region of the catalog."""
    origins: Mapping[str, str] = field(default_factory=dict)
    """Addresses in a state of Terraform, by what a file of names calls a thing."""

    @property
    def others(self) -> tuple[str, ...]:
        """The accounts besides the central one, sorted."""
        return tuple(sorted(set(self.accounts) - {self.central}))

    def said_of(self, what: str) -> tuple[str, ...]:
        """The line of a comment that says where Terraform has a thing."""
        return (f"In Terraform: {self.origins[what]}.",) if what in self.origins else ()

    @property
    def catalog(self) -> Placement:
        """Where the central catalog is."""
        return Placement(self.central, self.region)


def basis_problems(basis: Basis) -> list[str]:
    """What is wrong with what a person said, a sentence each."""
    wrong = [f"{account!r} is no account id: 12 digits." for account in basis.accounts if not _ID.match(account)]
    if not _NAME.match(basis.name):
        wrong.append(f"{basis.name!r} is no name of a mesh: lower-case letters, digits and hyphens.")
    for region in (basis.region, *basis.regions):
        if not _REGION.match(region):
            wrong.append(f"{region!r} is no region of AWS, such as eu-west-1.")
    return wrong


def basis_of(observation: Observation, central: str, given: Basis) -> Basis:
    """What a person said, with the accounts and the region that were read."""
    places = {each.address.placement for each in observation.found.values()}
    places |= {gap.placement for gap in observation.gaps}
    accounts = tuple(sorted({place.account for place in places}))
    region = min((place.region for place in _of_the_catalog(observation, central)), default=given.region)
    regions = tuple(sorted({*given.regions, *(place.region for place in places)} - {region}))
    return replace(given, central=central, accounts=accounts, region=region, regions=regions)


def _of_the_catalog(observation: Observation, central: str) -> Iterator[Placement]:
    """Where the central account was read for what is in the home region alone."""
    kinds = registry()
    seen = ((each.kind, each.placement) for each in (*observation.found, *observation.gaps))
    return (where for kind, where in seen if where.account == central and not kinds[kind].is_regional)
