"""Changes: what of two states of access differs, before anybody asks for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from reconciler.access.evaluation.evaluate import Access
from reconciler.access.evaluation.rights import Thing
from reconciler.access.state.access_state import AccessState
from reconciler.access.state.grant_index import Given, resolved
from reconciler.access.state.principal_directory import account_of
from reconciler.access.state.table_view import TableId
from reconciler.model.lakeformation import OnDatabase, OnSavedExpression
from reconciler.model.resource import Resource

S = TypeVar("S")


def changed_tables(before: Access, after: Access) -> Iterator[TableId]:
    """Tables that are in one state only, or on which a grant may give something else, or whose files are elsewhere."""
    for place, table_view in after.tables.items():
        old = before.tables.get(place)
        if old is None or old.files != table_view.files or not table_view.is_like(old):
            yield place
    yield from (place for place in before.tables if place not in after.tables)


def changed_grants(before: AccessState, after: AccessState) -> dict[str, list[Given]]:
    """Grants that are in one state only, or differ, by grantee; and those by a saved expression that differs."""
    found: dict[str, list[Given]] = {}
    for resource in changed(before.grants, after.grants):
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


def changed(before: Iterable[Resource[S]], after: Iterable[Resource[S]]) -> Iterator[Resource[S]]:
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


def changed_accounts(before: Access, after: Access) -> set[str]:
    """Accounts in which shares became visible or invisible."""
    if before.directory.organizations != after.directory.organizations:
        return {*before.state.by_giver, *after.state.by_giver, *before.directory.accounts, *after.directory.accounts}
    old, new = before.state.sharing, after.state.sharing
    changed = {
        account
        for account, owner in old.acceptances.keys() | new.acceptances.keys()
        if old.waits(account, owner) != new.waits(account, owner)
        or old.contents(account, owner) != new.contents(account, owner)
    }
    owners = {
        owner
        for now, then in ((new.versions, old.versions), (new.by_tags, old.by_tags))
        for owner in now.keys() | then.keys()
        if now.get(owner) != then.get(owner)
    }
    for owner in owners:
        for access in (before, after):
            given = {grant_set.key.grantee for grant_set in access.state.by_giver.get(owner, ())}
            reached = {name for grantee in given for name in access.state.principals.reached_by(grantee)}
            changed.update(account for name in reached if (account := account_of(name)) not in (None, owner))
    return changed


def changed_principals(before: Access, after: Access) -> set[str]:
    """Principals who are in other groups, or carry other tags, which conditions ask for, or come with an opt-in."""
    old, new = before.state.principals, after.state.principals
    return {*(old.opted_in ^ new.opted_in)} | {
        name
        for now, then in ((new.groups_of, old.groups_of), (new.tags, old.tags))
        for name in now.keys() | then.keys()
        if now.get(name) != then.get(name)
    }


def changed_databases(before: AccessState, after: AccessState) -> set[Thing]:
    """Databases that are in one state only, or carry other LF-tags."""
    return {
        OnDatabase(*place)
        for place in before.databases.keys() | after.databases.keys()
        if before.databases.get(place) != after.databases.get(place)
    }
