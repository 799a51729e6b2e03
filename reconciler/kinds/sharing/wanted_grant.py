"""A wanted grant: an atom, where it is given, and the line that asks for it."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds import addresses
from reconciler.model.address import Placement
from reconciler.model.lakeformation import Grant, Target
from reconciler.model.origin import Origin
from reconciler.model.resource import Resource

WantedGrant = Resource[Grant]


def wanted_grant(placement: Placement, grant: Grant, origin: Origin) -> WantedGrant:
    """A permission that the account of `placement` gives."""
    return Resource(addresses.grant(placement, grant), grant, origin)


def each(
    placement: Placement,
    principal: str,
    target: Target,
    permissions: Iterable[str],
    origin: Origin,
    *,
    grantable: bool = False,
) -> Iterable[WantedGrant]:
    """One wanted grant for each permission."""
    for permission in permissions:
        yield wanted_grant(placement, Grant(principal, target, permission, grantable), origin)
