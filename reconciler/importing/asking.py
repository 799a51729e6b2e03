"""Asking: what subscriptions of one consumer may be made of: what is given, by whom it is held, and in which way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from reconciler.importing.living import Living
from reconciler.importing.naming import Names
from reconciler.importing.readers import Reader
from reconciler.kinds.lakeformation.data_filter import DataFilter
from reconciler.model.lakeformation import Grant, Target, account_of
from reconciler.model.resource import Resource
from reconciler.spec.mesh import Mesh

_PERMISSIONS = frozenset({"SELECT", "DESCRIBE", "INSERT", "DELETE", "ALTER", "DROP", "ALL"})
Rights = dict[Target, set[str]]


@dataclass(slots=True)
class Asking:
    """What subscriptions of one reader may be made of: what is given, by whom it is held, and in which way."""

    mesh: Mesh
    reader: Reader
    living: Living
    names: Names
    filters: Mapping[tuple[str, str, str], Resource[DataFilter]]
    today: date
    to_account: Rights = field(default_factory=dict)
    to_people: dict[str, Rights] = field(default_factory=dict)
    directly: dict[str, Rights] = field(default_factory=dict)
    is_alone: bool = True
    """Whether it is the only consumer of its account."""


def asking_of(
    mesh: Mesh,
    readers: Iterable[Reader],
    living: Living,
    names: Names,
    filters: Iterable[Resource[DataFilter]],
    today: date,
) -> dict[str, Asking]:
    """By consumer: what its account has to pass on, what its principals have of that, and what they have directly."""
    by_name = {(each.spec.database, each.spec.table, each.address.name.rpartition("/")[2]): each for each in filters}
    found = {reader.name: Asking(mesh, reader, living, names, by_name, today) for reader in readers}
    by_account: dict[str, list[Asking]] = {}
    of_people: dict[tuple[str, str], Asking] = {}
    for each in found.values():
        by_account.setdefault(each.reader.account or each.reader.organization, []).append(each)
        of_people.update({(each.reader.account, arn): each for arn in each.reader.principals})
    for those in by_account.values():
        for each in those:
            each.is_alone = len(those) == 1
    central = mesh.central.id
    for where, grant in living.found.items():
        if grant.condition or grant.target.catalog != central or grant.permission not in _PERMISSIONS:
            continue
        if where.placement.region != mesh.region:
            continue
        giver = where.placement.account
        whole = by_account.get(grant.principal, []) if giver == central and grant.grantable else []
        for each in whole:
            _add(each.to_account, grant)
        account = account_of(grant.principal) or giver
        asking = of_people.get((account, grant.principal))
        if whole or asking is None or grant.grantable:
            continue
        name = asking.reader.principals[grant.principal]
        if giver == account != central:
            _add(asking.to_people.setdefault(name, {}), grant)
        elif giver == central:
            _add(asking.directly.setdefault(name, {}), grant)
    return found


def _add(rights: Rights, grant: Grant) -> None:
    rights.setdefault(grant.target, set()).add(grant.permission)
