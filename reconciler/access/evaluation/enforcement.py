"""Enforcement: whether Lake Formation decides on a table, IAM does, or it cannot be said."""

from __future__ import annotations

from typing import Literal

from reconciler.access.algebra.effective_grant import NOTHING
from reconciler.access.state.access_state import AccessState
from reconciler.access.state.principal_directory import account_of
from reconciler.access.state.table_view import TableView
from reconciler.model.lakeformation import ALL_TABLES, IAM_ALLOWED_PRINCIPALS, OnDatabase, OnTable

Verdict = Literal["enforced", "open", "unknown"]


def is_open(state: AccessState, table_view: TableView) -> bool:
    """Whether IAM_ALLOWED_PRINCIPALS has anything on the table: then IAM decides for whoever was not opted in.

    https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-workflow.html
    """
    catalog = table_view.id.catalog
    everybody = state.grant_sets.get((catalog, IAM_ALLOWED_PRINCIPALS, catalog), ())
    return any(grant_set.on(table_view) is not NOTHING for grant_set in everybody)


def is_opted_in(state: AccessState, principal: str, table_view: TableView) -> bool:
    """Whether Lake Formation decides for a principal although the table is open to IAM.

    A principal of another account by the owner, or by his own account after the owner opted that account in.
    https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-setup.html
    """
    owner = table_view.id.catalog
    if principal in state.principals.opted_in:
        return True
    if any(_opted(state, owner, name, table_view) for name in state.principals.identities(principal)):
        return True
    return all(_steps(state, principal, table_view))


def is_half_opted_in(state: AccessState, principal: str, table_view: TableView) -> bool:
    """Whether of the two steps that opt in a principal of another account only one was made.

    What that comes to is not documented.
    https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-mode-cross-account.html
    """
    return any(_steps(state, principal, table_view)) and not is_opted_in(state, principal, table_view)


def _steps(state: AccessState, principal: str, table_view: TableView) -> tuple[bool, ...]:
    """Whether the owner opted in the account of a principal, and that account opted in the principal."""
    owner, home = table_view.id.catalog, account_of(principal)
    if home is None or home == owner:
        return (False,)
    return (
        _opted(state, owner, home, table_view),
        any(_opted(state, home, name, table_view) for name in state.principals.identities(principal)),
    )


def _opted(state: AccessState, giver: str, name: str, table_view: TableView) -> bool:
    """Whether an account opted somebody in: for the table, for its database, or for all tables of it.

    Across accounts all tables count only beside the database, which is enough by itself.
    https://docs.aws.amazon.com/lake-formation/latest/dg/notes-hybrid.html
    """
    place = table_view.id
    targets = state.opted_in.get((giver, name), frozenset())
    near = {OnTable(place.catalog, place.database, place.table), OnDatabase(place.catalog, place.database)}
    if giver == place.catalog == (account_of(name) or giver):
        near.add(OnTable(place.catalog, place.database, ALL_TABLES))
    return not near.isdisjoint(targets)


def table_uncertainties(table_view: TableView) -> tuple[str, ...]:
    """Why the rows or the files of a table may be open in a way that we cannot judge."""
    reasons = []
    if table_view.has_row_policy:
        # How row-level-security policies meet data filters and SELECT is not documented.
        reasons.append(f"{table_view.id} has a row-level-security policy, so which rows are shown is not known")
    if not table_view.registered:
        # https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-workflow.html
        reasons.append(
            f"the files of {table_view.id} are at a place that is not registered with Lake Formation, "
            "so IAM on S3 decides who reads them"
        )
    return tuple(reasons)
