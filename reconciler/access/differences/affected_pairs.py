"""Affected pairs: those of principal and table that may have changed between two states. The others need no look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from reconciler.access.evaluation.candidates import candidates, reached, tables_of
from reconciler.access.evaluation.evaluate import Access
from reconciler.access.state.access_state import AccessState
from reconciler.access.state.grant_index import Given, resolved
from reconciler.access.state.principal_directory import account_of, is_account, is_organization
from reconciler.access.state.table_view import TableId
from reconciler.kinds.lakeformation.opt_in import OptIn
from reconciler.model.lakeformation import (
    ALL_TABLES,
    IAM_ALLOWED_PRINCIPALS,
    OnDatabase,
    OnSavedExpression,
    OnTable,
)
from reconciler.model.resource import AnyResource, Resource

S = TypeVar("S")
Pairs = dict[str, set[TableId]]


def affected_pairs(before: Access, after: Access) -> Pairs:
    """By principal (accounts and organizations as wholes included): the tables to compare."""
    pairs: Pairs = {}
    tables = set(_changed_tables(before, after))
    for principal, grants in _changed_grants(before.state, after.state).items():
        places = tables_of(before.state, grants) | tables_of(after.state, grants)
        if principal == IAM_ALLOWED_PRINCIPALS:
            tables |= places
        for name in _affected(before, after, principal):
            pairs.setdefault(name, set()).update(places)
    for name in _changed_principals(before, after):
        pairs.setdefault(name, set()).update(reached(before.state, name) | reached(after.state, name))
    for account in _changed_accounts(before, after):
        _add_shared(pairs, before, after, account)
    for resource in _changed(before.state.snapshot.of(OptIn), after.state.snapshot.of(OptIn)):
        places = _opted(before, resource) | _opted(after, resource)
        grantee = resource.spec.principal
        known = {*before.state.principals.iam_in.get(grantee, ()), *after.state.principals.iam_in.get(grantee, ())}
        for name in known | _affected(before, after, grantee):
            pairs.setdefault(name, set()).update(places)
    uncertain = {
        place.catalog: _uncertain(before, place.catalog) | _uncertain(after, place.catalog) for place in tables
    }
    for place in tables:
        for access in (before, after):
            table_view = access.tables.get(place)
            if table_view is not None:
                for name in candidates(access.state, table_view, wholes=True) | uncertain[place.catalog]:
                    pairs.setdefault(name, set()).add(place)
    return pairs


def _uncertain(access: Access, catalog: str) -> set[str]:
    """Who may have more than is known on any table of a catalog."""
    return {
        name
        for grant_set in access.state.uncertain
        if grant_set.key.catalog == catalog
        for name in access.state.principals.reached_by(grant_set.key.grantee)
    }


def _changed_tables(before: Access, after: Access) -> Iterator[TableId]:
    for place, table_view in after.tables.items():
        old = before.tables.get(place)
        if old is None or not table_view.is_like(old):
            yield place
    yield from (place for place in before.tables if place not in after.tables)


def _changed_grants(before: AccessState, after: AccessState) -> dict[str, list[Given]]:
    """Grants that are in one state only, or differ, by grantee; and those by a saved expression that differs."""
    found: dict[str, list[Given]] = {}
    for resource in _changed(before.grants, after.grants):
        for state in (before, after):
            found.setdefault(resource.spec.principal, []).append(resolved(resource, state.saved))
    saved = {
        name for name in before.saved.keys() | after.saved.keys() if before.saved.get(name) != after.saved.get(name)
    }
    for state in (before, after) if saved else ():
        for resource in state.grants:
            target = resource.spec.target
            if isinstance(target, OnSavedExpression) and (target.catalog, target.name) in saved:
                found.setdefault(resource.spec.principal, []).append(resolved(resource, state.saved))
    return found


def _changed(before: Iterable[Resource[S]], after: Iterable[Resource[S]]) -> Iterator[Resource[S]]:
    """Resources that are in one state only, and both versions of those that differ."""
    old = {resource.address: resource for resource in before}
    for resource in after:
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
        found.update(access.state.principals.reached_by(grantee))
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
        for name in access.state.principals.reached_by(grant_set.key.grantee)
    }


def _changed_accounts(before: Access, after: Access) -> set[str]:
    """Accounts in which shares became visible or invisible."""
    if before.directory.organizations != after.directory.organizations:
        return {*before.state.by_giver, *after.state.by_giver, *before.directory.accounts, *after.directory.accounts}
    old, new = before.state.sharing, after.state.sharing
    changed = {
        account
        for account, owner in old.acceptances.keys() | new.acceptances.keys()
        if old.waits(account, owner) != new.waits(account, owner)
    }
    owners = {
        owner
        for now, then in ((new.versions, old.versions), (new.by_tags, old.by_tags))
        for owner in now.keys() | then.keys()
        if now.get(owner) != then.get(owner)
    }
    for owner in owners:
        for access in (before, after):
            given = (grant_set.key.grantee for grant_set in access.state.by_giver.get(owner, ()))
            changed.update(account for grantee in given if (account := account_of(grantee)) not in (None, owner))
    return changed


def _changed_principals(before: Access, after: Access) -> set[str]:
    """Principals who are in other groups, or carry other tags, which conditions ask for."""
    old, new = before.state.principals, after.state.principals
    return {
        name
        for now, then in ((new.groups_of, old.groups_of), (new.tags, old.tags))
        for name in now.keys() | then.keys()
        if now.get(name) != then.get(name)
    }


def _add_shared(pairs: Pairs, before: Access, after: Access, account: str) -> None:
    """Everything that an account received and passed on, and what its principals were given directly."""
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
        for grantee in state.to:
            if account_of(grantee) == account and grantee != account:
                for name in state.principals.reached_by(grantee):
                    pairs.setdefault(name, set()).update(reached(state, name))


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
