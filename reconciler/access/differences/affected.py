"""Affected: what may have changed between two states, for whom. Everything else needs no look."""

from __future__ import annotations

from typing import NamedTuple

from reconciler.access.differences.changes import (
    changed,
    changed_accounts,
    changed_databases,
    changed_grants,
    changed_principals,
    changed_tables,
)
from reconciler.access.evaluation.candidates import candidates, reached, tables_of
from reconciler.access.evaluation.enforcement import is_open, is_opted_in
from reconciler.access.evaluation.evaluate import Access
from reconciler.access.evaluation.rights import Thing, things_of
from reconciler.access.state.grant_index import Given
from reconciler.access.state.principal_directory import account_of, is_account, is_organization
from reconciler.access.state.table_view import TableId
from reconciler.kinds.lakeformation.opt_in import OptIn
from reconciler.model.lakeformation import (
    ALL_TABLES,
    OnDatabase,
    OnTable,
    OnTagPolicy,
)
from reconciler.model.resource import AnyResource

Pairs = dict[str, set[TableId]]
Things = dict[str, set[Thing] | None]


class Affected(NamedTuple):
    """By principal (accounts and organizations as wholes included): tables, and other things that rights are about.

    None as the things of somebody: everything.
    """

    pairs: Pairs
    things: Things


def affected(before: Access, after: Access) -> Affected:
    """What to compare."""
    grants = changed_grants(before.state, after.state)
    reach = {grantee: _affected(before, after, grantee) for grantee in grants}
    names, accounts = changed_principals(before, after), changed_accounts(before, after)
    pairs = _pairs(before, after, grants, reach)
    for access in (before, after):
        left_to_iam = [view for view in access.tables.values() if is_open(access.state, view)] if names else []
        for name in names:
            closed = {view.id for view in left_to_iam if is_opted_in(access.state, name, view)}
            pairs.setdefault(name, set()).update(reached(access.state, name) | closed)
    for access in (before, after) if accounts else ():
        _add_shared(pairs, access, accounts)
    return Affected(
        pairs, _things(before, after, grants, reach) | dict.fromkeys(names | _inside(before, after, accounts))
    )


def _pairs(before: Access, after: Access, changes: dict[str, list[Given]], reach: dict[str, set[str]]) -> Pairs:
    pairs: Pairs = {}
    tables = set(changed_tables(before, after))
    for principal, grants in changes.items():
        places = tables_of(before.state, grants) | tables_of(after.state, grants)
        for name in reach[principal] if places else ():
            pairs.setdefault(name, set()).update(places)
    for resource in changed(before.state.snapshot.of(OptIn), after.state.snapshot.of(OptIn)):
        places = _opted(before, resource) | _opted(after, resource)
        grantee = resource.spec.principal
        known = {*before.state.principals.iam_in.get(grantee, ()), *after.state.principals.iam_in.get(grantee, ())}
        for name in known | _affected(before, after, grantee):
            pairs.setdefault(name, set()).update(places)
    # A doubt that was not there before is told of the whole catalog, not of each table.
    uncertain = {place.catalog: _uncertain(after, place.catalog) for place in tables}
    for place in tables:
        for access in (before, after):
            table_view = access.tables.get(place)
            if table_view is not None:
                for name in candidates(access.state, table_view, wholes=True) | uncertain[place.catalog]:
                    pairs.setdefault(name, set()).add(place)
    return pairs


def _things(before: Access, after: Access, changes: dict[str, list[Given]], reach: dict[str, set[str]]) -> Things:
    """The things about which grants changed; databases with other tags for whoever has rights by tags."""
    found: Things = {}
    for grantee, grants in changes.items():
        about = {thing for access in (before, after) for given in grants for thing in things_of(access, given)}
        for name in reach[grantee] if about else ():
            _add(found, name, about)
    databases = changed_databases(before.state, after.state)
    for access in (before, after) if databases else ():
        for grantee, grant_sets in access.state.to.items():
            if any(isinstance(given.spec.target, OnTagPolicy) for each in grant_sets for given in each.rights):
                for name in _affected(before, after, grantee):
                    _add(found, name, databases)
    return found


def _add(things: Things, name: str, about: set[Thing]) -> None:
    known = things.setdefault(name, set())
    if known is not None:
        known |= about


def _inside(before: Access, after: Access, accounts: set[str]) -> set[str]:
    """Everybody of accounts, and to whom they passed anything on."""
    found = {name for access in (before, after) for name in access.state.to if account_of(name) in accounts}
    return found.union(*(_receivers(access, account) for access in (before, after) for account in accounts))


def _uncertain(access: Access, catalog: str) -> set[str]:
    """Who may have more than is known on any table of a catalog."""
    return {
        name
        for grant_set in access.state.uncertain
        if grant_set.key.catalog == catalog
        for name in access.state.principals.reached_by(grant_set.key.grantee)
    }


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


def _add_shared(pairs: Pairs, access: Access, accounts: set[str]) -> None:
    """Everything that accounts received and passed on, and what their principals were given directly or by a group."""
    state, owners = access.state, {place.catalog for place in access.tables}
    for account in accounts:
        received = {
            place
            for owner in owners
            for grant_set, _ in access.grant_sources.scopes(account, owner)
            for place in tables_of(state, grant_set.all_grants())
        }
        for name in _receivers(access, account):
            pairs.setdefault(name, set()).update(received)
    for name in {name for grantee in state.to for name in state.principals.reached_by(grantee)}:
        if account_of(name) in accounts and not is_account(name):
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
