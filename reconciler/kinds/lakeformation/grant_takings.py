"""Columns that an account loses: taken in a step of its own, after it has taken back what it passed on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reconciler.kinds import addresses
from reconciler.kinds.lakeformation.grant_lists import lists, within
from reconciler.model.address import Address, Placement
from reconciler.model.change import Change, Update
from reconciler.model.lakeformation import Grant, OnColumns
from reconciler.model.resource import Resource

_TAKING = " (columns that go)"


def is_taking(address: Address) -> bool:
    """Whether it is the address of such a step."""
    return address.name.endswith(_TAKING)


def taking(placement: Placement, grant: Grant) -> Address:
    """The step in which columns are taken from an account."""
    return addresses.grant(placement, grant)._replace(name=f"{grant.name}{_TAKING}")


def takings(changes: Sequence[Change]) -> Iterable[Change]:
    """For every account that loses columns a second step: until it comes, the account can still take them back."""
    for change in changes:
        if (
            isinstance(change, Update)
            and change.address.kind == addresses.GRANT
            and takes_from_account(change.have, change.want)
        ):
            where = taking(change.address.placement, change.want.spec)
            yield Update(replace(change.have, address=where), replace(change.want, address=where))


def takes_from_account(have: Resource[Grant], want: Resource[Grant]) -> bool:
    """Whether an account, which may have passed them on, loses some of its columns by a change."""
    old, new = have.spec, want.spec
    if not isinstance(old.target, OnColumns) or is_taking(want.address) or not new.principal.isdigit():
        return False
    return any(not within(each.target, new.target) for each in lists(old))
