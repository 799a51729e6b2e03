"""Affected pairs: those of principal and table that may have changed between two states. The others need no look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from reconciler.access.evaluation.candidates import candidates, members, tables_of
from reconciler.access.evaluation.evaluate import Access
from reconciler.access.state.grant_index import Given
from reconciler.access.state.principal_directory import is_account, is_organization
from reconciler.access.state.table_view import TableId
from reconciler.kinds.lakeformation.opt_in import OptIn
from reconciler.model.lakeformation import ALL_TABLES, IAM_ALLOWED_PRINCIPALS, Grant, OnDatabase, OnTable
from reconciler.model.resource import AnyResource, Resource, Snapshot

S = TypeVar("S")
Pairs = dict[str, set[TableId]]


def affected_pairs(before: Access, after: Access) -> Pairs:
    """By principal (accounts and organizations as wholes included): the tables to compare."""
    pairs: Pairs = {}
    tables = set(_changed_tables(before, after))
    for principal, grants in _changed_grants(before.state.snapshot, after.state.snapshot).items():
        reached = tables_of(before.state, grants) | tables_of(after.state, grants)
        if principal == IAM_ALLOWED_PRINCIPALS:
            tables |= reached
        for name in _affected(before, after, principal):
            pairs.setdefault(name, set()).update(reached)
    for account in _changed_accounts(before, after):
        _add_shared(pairs, before, after, account)
    for resource in _changed(before.state.snapshot, after.state.snapshot, OptIn):
        reached = _opted(before, resource) | _opted(after, resource)
        grantee = resource.spec.principal
        known = {*before.state.iam_in.get(grantee, ()), *after.state.iam_in.get(grantee, ())}
        for name in known | _affected(before, after, grantee):
            pairs.setdefault(name, set()).update(reached)
    for place in tables:
        for access in (before, after):
            table_view = access.tables.get(place)
            if table_view is not None:
                for name in candidates(access.state, table_view, wholes=True):
                    pairs.setdefault(name, set()).add(place)
    return pairs


def _changed_tables(before: Access, after: Access) -> Iterator[TableId]:
    for place, table_view in after.tables.items():
        old = before.tables.get(place)
        if old is None or not table_view.is_like(old):
            yield place
    yield from (place for place in before.tables if place not in after.tables)


def _changed_grants(before: Snapshot, after: Snapshot) -> dict[str, list[Given]]:
    """Grants that are in one state only, or differ, by grantee."""
    found: dict[str, list[Given]] = {}
    for resource in _changed(before, after, Grant):
        found.setdefault(resource.spec.principal, []).append(resource)
    return found


def _changed(before: Snapshot, after: Snapshot, spec: type[S]) -> Iterator[Resource[S]]:
    """Resources of one sort of spec that are in one state only, and both versions of those that differ."""
    old = {resource.address: resource for resource in before.of(spec)}
    for resource in after.of(spec):
        have = old.pop(resource.address, None)
        if have is None:
            yield resource
        elif have is not resource and have.spec != resource.spec:
            yield have
            yield resource
    yield from old.values()


def _affected(before: Access, after: Access, grantee: str) -> set[str]:
    """Whose access a grant to somebody touches: the members of a group, and who got it passed on from an account."""
    found: set[str] = set()
    for access in (before, after):
        found.update(members(access.state, grantee))
        accounts = access.directory.organizations if is_organization(grantee) else (grantee,)
        for account in accounts:
            found.update(_receivers(access, account))
    return found


def _receivers(access: Access, account: str) -> set[str]:
    """The principals to whom an account passed anything on."""
    if not is_account(account):
        return set()
    return {
        name
        for grant_set in access.state.by_giver.get(account, ())
        if grant_set.key.catalog != account
        for name in members(access.state, grant_set.key.grantee)
    }


def _changed_accounts(before: Access, after: Access) -> set[str]:
    """Accounts in which shares became visible or invisible."""
    pairs = before.state.acceptances.keys() | after.state.acceptances.keys()
    changed = {
        account for account, owner in pairs if before.state.waits(account, owner) != after.state.waits(account, owner)
    }
    if before.directory.organizations != after.directory.organizations:
        return {*before.state.by_giver, *after.state.by_giver}
    return changed


def _add_shared(pairs: Pairs, before: Access, after: Access, account: str) -> None:
    """Everything that an account received and passed on."""
    for access in (before, after):
        state = access.state
        received = {
            place
            for owner in {place.catalog for place in access.tables}
            for grant_set, _ in access.grant_sources.scopes(account, owner)
            for place in tables_of(state, grant_set.all_grants())
        }
        for name in _receivers(access, account):
            pairs.setdefault(name, set()).update(received)


def _opted(access: Access, resource: AnyResource) -> set[TableId]:
    match resource.spec.target:
        case OnDatabase(catalog=catalog, database=database):
            return {table_view.id for table_view in access.state.in_database.get((catalog, database), ())}
        case OnTable(catalog=catalog, database=database, table=table) if table == ALL_TABLES:
            return {table_view.id for table_view in access.state.in_database.get((catalog, database), ())}
        case OnTable(catalog=catalog, database=database, table=table):
            return {TableId(catalog, database, table)} & access.tables.keys()
        case _:
            return set()
