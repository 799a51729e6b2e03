"""Candidates: which tables grants may touch, and which grantees may touch a table, without evaluating them."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.access.algebra.effective_grant import NOTHING
from reconciler.access.state.access_state import AccessState
from reconciler.access.state.grant_index import Given, anchors
from reconciler.access.state.principal_directory import account_of, is_whole
from reconciler.access.state.table_view import TableId, TableView
from reconciler.model.lakeformation import ALL_TABLES, OnColumns, OnFilter, OnTable, OnTagPolicy


def tables_of(state: AccessState, grants: Iterable[Given]) -> set[TableId]:
    """The tables on which any of the grants says something."""
    found: set[TableId] = set()
    policies: set[tuple[str, object]] = set()
    for given in grants:
        target = given.spec.target
        match target:
            case OnTable(catalog=catalog, database=database, table=table) if table == ALL_TABLES:
                found.update(table_view.id for table_view in state.in_database.get((catalog, database), ()))
            case OnTable() | OnColumns() | OnFilter():
                place = TableId(target.catalog, target.database, target.table)
                if place in state.table_views:
                    found.add(place)
            case OnTagPolicy(catalog=catalog, of="TABLE", terms=terms) if terms:
                if (catalog, terms) in policies:
                    continue
                policies.add((catalog, terms))
                for key, value in anchors(terms):
                    for signature in state.by_word.get((catalog, key, value), ()):
                        matching = signature.match(terms)
                        if matching.columns or matching.table:
                            found.update(table_view.id for table_view in state.by_signature[catalog, signature])
            case _:
                continue
    return found


def reached(state: AccessState, principal: str) -> set[TableId]:
    """The tables on which a principal may have something."""
    found: set[TableId] = set()
    for name in state.principals.identities(principal):
        for grant_set in state.to.get(name, ()):
            found |= tables_of(state, grant_set.all_grants())
    return found


def is_reached(state: AccessState, principal: str, table_view: TableView) -> bool:
    """Whether a principal may have something on a table."""
    return any(
        grant_set.key.catalog == table_view.id.catalog and grant_set.on(table_view) is not NOTHING
        for name in state.principals.identities(principal)
        for grant_set in state.to.get(name, ())
    )


def candidates(
    state: AccessState, table_view: TableView, account: str | None = None, *, wholes: bool = False
) -> set[str]:
    """Whom a grant on a table reaches, members of groups included; with `wholes` accounts and organizations too.

    With an account only those who belong to it.
    """
    return {
        name
        for grant_set in state.near(table_view)
        if (account is None or account == account_of(grant_set.key.grantee)) and grant_set.on(table_view) is not NOTHING
        for name in state.principals.reached_by(grant_set.key.grantee)
        if wholes or not is_whole(name)
    }
