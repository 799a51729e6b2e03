"""WantedGrant: an atom, where it is given, and the line that asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from reconciler.model.address import Placement
from reconciler.model.lakeformation import Grant, Target
from reconciler.model.resource import Origin


class WantedGrant(NamedTuple):
    """A permission that the account of `placement` gives."""

    placement: Placement
    grant: Grant
    origin: Origin


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
        yield WantedGrant(placement, Grant(principal, target, permission, grantable), origin)
