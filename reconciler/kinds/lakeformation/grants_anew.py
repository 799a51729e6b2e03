"""Grants that have to be given again because what they are on, or whom they are for, is made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from reconciler.kinds import addresses
from reconciler.kinds.iam.permissions_due import roles_made_anew
from reconciler.model.change import Change, Create, Update
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS, Grant, OnDatabase, account_of
from reconciler.model.resource import Resource, Snapshot
from reconciler.spec.mesh import Mesh


def given_anew(
    changes: Sequence[Change], mesh: Mesh, found: Snapshot, desired: Callable[[], Iterable[Resource[Grant]]]
) -> Iterable[Change]:
    """Grants of links that are made anew, but those that AWS makes itself, and of roles that are, or were and have not
    been given all of them again.

    Whether a role of the same name has the rights of the one that was deleted no page says; both are listed alike.
    """
    links = {
        (change.address.placement, OnDatabase(change.address.placement.account, change.address.name))
        for change in changes
        if change.address.kind == addresses.RESOURCE_LINK and isinstance(change, Update)
    }
    roles: set[tuple[str | None, str]] = {
        (where.placement.account, where.name) for where in roles_made_anew(changes, mesh, found)
    }
    on_links, of_roles = list[Resource[Grant]](), list[Resource[Grant]]()
    for have in found.of(Grant) if links or roles else ():
        if have.spec.principal == IAM_ALLOWED_PRINCIPALS:
            continue
        if (have.address.placement, have.spec.target) in links:
            on_links.append(have)
        elif (account_of(have.spec.principal), have.spec.principal.rpartition("/")[2]) in roles:
            of_roles.append(have)
    wanted = {each.address: each for each in desired()} if on_links or of_roles else {}
    yield from (Create(wanted.get(have.address, have)) for have in on_links)
    yield from (Create(wanted[have.address]) for have in of_roles if have.address in wanted)
