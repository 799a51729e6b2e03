"""Who is in whose organization, as the simulated Organizations of moto knows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SHARING = "ram.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Membership:
    """An account's organization and the units above it, as principal ARNs."""

    organization: str
    units: tuple[str, ...]
    management: str
    shares: bool


def membership(account: str) -> Membership | None:
    """The organization of an account, or None. `shares`: resource sharing is enabled in it."""
    for backend in _organizations():
        member = next((a for a in backend.accounts if a.id == account), None)
        if member is not None:
            shares = any(s["ServicePrincipal"] == SHARING for s in backend.services)
            units = tuple(_units(backend, member.parent_id))
            return Membership(backend.org.arn, units, backend.org.master_account_id, shares)
    return None


def enable_sharing(management: str) -> None:
    """Let RAM share within the organization of a management account."""
    from moto.organizations.models import organizations_backends

    organizations_backends[management]["aws"].enable_aws_service_access(ServicePrincipal=SHARING)


def _organizations() -> Iterator[Any]:
    from moto.organizations.models import organizations_backends

    for partitions in list(organizations_backends.values()):
        backend = partitions.get("aws")
        if backend is not None and backend.org is not None:
            yield backend


def _units(backend: Any, parent: str) -> Iterator[str]:
    units = {unit.id: unit for unit in backend.ou if unit.id.startswith("ou-")}
    while parent in units:
        yield units[parent].arn
        parent = units[parent].parent_id
