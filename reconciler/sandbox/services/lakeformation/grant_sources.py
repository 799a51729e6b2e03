"""Where a principal's grants on a catalog come from: direct ones, what was shared, and what was passed on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.sandbox.services.iam.roles import role_id
from reconciler.sandbox.services.lakeformation.conditions import holds
from reconciler.sandbox.services.lakeformation.grants import Row
from reconciler.sandbox.services.lakeformation.holdings import Subject
from reconciler.sandbox.services.lakeformation.permissions import expanded
from reconciler.sandbox.services.lakeformation.principals import EVERYONE, identities, parsed
from reconciler.sandbox.services.lakeformation.resources import ALL_TABLES, Anchor, Database, Policy

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.store import Store


@dataclass(frozen=True, slots=True)
class GrantSources:
    """Where a principal's rows on a catalog come from, as functions of the place that is looked at.

    direct  grants that count as they stand
    scope   what the owner shared with the principal's account (None in the owner's own account)
    local   what that account passed on
    """

    direct: Callable[[Anchor], Iterator[Row]]
    scope: Callable[[Anchor], Iterator[Row]] | None = None
    local: Callable[[Anchor], Iterator[Row]] | None = None


def sources(lf: Store, principal: str, catalog: str, *, everyone: bool) -> GrantSources:
    """The rows that speak for a principal. `everyone`: count grants to IAM_ALLOWED_PRINCIPALS too."""
    names = identities(principal)
    account = parsed(principal)[1] or catalog
    if account == catalog:
        names = (*names, EVERYONE) if everyone else names
        return GrantSources(lambda anchor: _held(lf, catalog, principal, names, anchor))
    return GrantSources(
        lambda anchor: _active(lf, account, _held(lf, catalog, principal, names, anchor)),
        lambda anchor: scope(lf, account, catalog, anchor),
        lambda anchor: _held(lf, account, principal, names, anchor),
    )


def _held(lf: Store, grantor: str, principal: str, names: Iterable[str], anchor: Anchor) -> Iterator[Row]:
    """What was granted under any name of a principal, where its condition holds for him."""
    return (row for row in granted_by(lf, grantor, names, anchor) if holds(row, principal))


def scope(lf: Store, account: str, catalog: str, anchor: Anchor) -> Iterator[Row]:
    """What a catalog's owner shares with another account as a whole, as far as RAM carries it."""
    return _active(lf, account, granted_by(lf, catalog, lf.receivers(account), anchor))


def granted_by(lf: Store, grantor: str, names: Iterable[str], anchor: Anchor) -> Iterator[Row]:
    return (row for row in lf.grants.held(names, anchor) if row.grantor == grantor and _in_force(lf, row))


def _in_force(lf: Store, row: Row) -> bool:
    """Whether the role of a row is still the one that it was granted to (`roles-made-anew`)."""
    if row.holder is None or lf.world.beliefs["roles-made-anew"] == "return":
        return True
    return row.holder == role_id(row.principal)


def _active(lf: Store, account: str, rows: Iterator[Row]) -> Iterator[Row]:
    return (row for row in rows if lf.carried(row, account))


def at_table(rows: Callable[[Anchor], Iterator[Row]], table: Subject) -> Iterator[Row]:
    """The rows that may say something on a table: on itself, on all tables of the database, by tags."""
    yield from rows(("table", table.catalog, table.database, table.name))
    yield from rows(("table", table.catalog, table.database, ALL_TABLES))
    yield from rows(("policy", table.catalog))


def on_database(
    lf: Store, database: Database, rows: Callable[[Anchor], Iterator[Row]], *, grantable: bool = False
) -> frozenset[str]:
    """The union of what rows give on a database, by name and by tags."""
    held: set[str] = set()
    for row in rows(("database", database.catalog, database.name)):
        held |= row.grantable if grantable else row.permissions
    for row in rows(("policy", database.catalog)):
        match row.resource:
            case Policy(kind="DATABASE") as policy:
                body = lf.body(policy)
                if body is not None and lf.lake(database.catalog).matches(body, database.name):
                    held |= row.grantable if grantable else row.permissions
            case _:
                pass
    if grantable and "ALL" not in held:
        return frozenset(held)
    return expanded(frozenset(held), database)
