"""Grants as resources of the account in which they are given, and whose what they are on is."""

from __future__ import annotations

from reconciler.kinds import addresses
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.territory import ownership_of
from reconciler.model.lakeformation import Grant
from reconciler.model.resource import Resource, Snapshot
from reconciler.spec.mesh import Mesh
from tests.estate import CENTRAL, bank, placement, specs


def atom(grant: Grant, account: str = CENTRAL) -> Resource[Grant]:
    """A grant as a resource of an account."""
    return Resource(addresses.grant(placement(account), grant), grant)


def ownership(mesh: Mesh | None = None) -> Ownership:
    """What the example's mesh, or another one, makes of its own where the example's databases and locations are."""
    wanted = Snapshot([*specs("database").values(), *specs("location").values()])
    return ownership_of(mesh or bank(), wanted, Snapshot())
