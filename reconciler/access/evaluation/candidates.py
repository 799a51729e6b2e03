"""Reach: which tables grants may touch, and which grantees may touch a table, without evaluating them."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.access.algebra.effective_grant import NOTHING
from reconciler.access.evaluation.grant_sources import identities
from reconciler.access.state.access_state import Estate
from reconciler.access.state.grant_index import Given, anchors
from reconciler.access.state.principal_directory import account_of, is_account, is_organization
from reconciler.access.state.table_view import Subject, TableId
from reconciler.model.lakeformation import ALL_TABLES, OnColumns, OnFilter, OnTable, OnTagPolicy


def tables_of(estate: Estate, grants: Iterable[Given]) -> set[TableId]:
    """The tables on which any of the grants says something."""
    found: set[TableId] = set()
    policies: set[tuple[str, object]] = set()
    for given in grants:
        target = given.spec.target
        match target:
            case OnTable(catalog=catalog, database=database, table=table) if table == ALL_TABLES:
                found.update(subject.id for subject in estate.in_database.get((catalog, database), ()))
            case OnTable() | OnColumns() | OnFilter():
                place = TableId(target.catalog, target.database, target.table)
                if place in estate.subjects:
                    found.add(place)
            case OnTagPolicy(catalog=catalog, of="TABLE", terms=terms) if terms:
                if (catalog, terms) in policies:
                    continue
                policies.add((catalog, terms))
                for key, value in anchors(terms):
                    for shape in estate.by_word.get((catalog, key, value), ()):
                        matching = shape.match(terms)
                        if matching.columns or matching.table:
                            found.update(subject.id for subject in estate.by_shape[catalog, shape])
            case _:
                continue
    return found


def reached(estate: Estate, principal: str) -> set[TableId]:
    """The tables on which a principal may have something."""
    found: set[TableId] = set()
    for name in identities(principal):
        for purse in estate.to.get(name, ()):
            found |= tables_of(estate, purse.all_grants())
    return found


def candidates(estate: Estate, subject: Subject, account: str | None = None, *, wholes: bool = False) -> set[str]:
    """Whom a grant on a table reaches, members of groups included; with `wholes` accounts and organizations too.

    With an account only those who belong to it.
    """
    return {
        name
        for purse in estate.near(subject)
        if (account is None or account == account_of(purse.key.grantee)) and purse.on(subject) is not NOTHING
        for name in members(estate, purse.key.grantee)
        if wholes or not (is_account(name) or is_organization(name))
    }


def members(estate: Estate, grantee: str) -> Iterable[str]:
    """A grantee itself, and for the IAM principals of an account each of them that we know."""
    if grantee.endswith(":IAMPrincipals"):
        return (grantee, *estate.iam_in.get(grantee.partition(":")[0], ()))
    return (grantee,)
