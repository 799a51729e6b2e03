"""Contents of shares: which databases and tables have arrived in an account, and which still wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.kinds.ram.found_share import GOING
from reconciler.model.lakeformation import Grant, OnColumns, OnDatabase, OnFilter, OnTable

ANYTHING = "*"
"""In place of a database: what LF-tags share lists no single one."""

UNTOLD = ""
"""Contents of a share that lists nothing but a catalog, or nothing at all: it may be anything."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What shares carry: `db` a database, `db/t` a table, `db/*` all tables of it, `*` and `*/*` what LF-tags open.

    arrived  in shares that the account is in; `waiting` in those that it has not accepted
    """

    arrived: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()

    def has_by_name(self, database: str, table: str = "") -> bool:
        """Whether what is granted on a database or table by its name has surely arrived.

        A table is shared by itself or, from version 5 on and with all others, as all of its database.
        """
        names = _names(database, table)
        return bool(names & self.arrived) and not names & self.waiting

    def has_by_tags(self, database: str, table: str = "") -> bool:
        """Whether what is granted on it by LF-tags has surely arrived. What RAM lists for that is not documented."""
        names = _names(database, table) | _names(ANYTHING, "*" if table else "")
        return bool(names & self.arrived) and not (names | {UNTOLD}) & self.waiting


NO_CONTENTS = Contents()


def leaves(resources: Mapping[str, str]) -> frozenset[str]:
    """What is shared by a share with these ARNs (and their status): not what only stands above it.

    A table comes with its database and its catalog: https://docs.aws.amazon.com/ram/latest/userguide/shareable.html
    """
    there = [arn.rpartition(":")[2].partition("/") for arn, status in resources.items() if status not in GOING]
    tables = {name for kind, _, name in there if kind == "table"}
    above = {name.partition("/")[0] for name in tables}
    found = tables | {name for kind, _, name in there if kind == "database" and name not in above}
    return frozenset(found or {UNTOLD})


def leaves_of(grants: Iterable[Grant]) -> frozenset[str]:
    """What shares of grants carry."""
    return frozenset(leaf for grant in grants for leaf in _leaves_of(grant))


def _leaves_of(grant: Grant) -> tuple[str, ...]:
    match grant.target:
        case OnDatabase(database=database):
            return (database,)
        case OnTable() | OnColumns() | OnFilter() as target:
            return (f"{target.database}/{target.table}",)
        case _:
            return (UNTOLD, ANYTHING, f"{ANYTHING}/*")


def _names(database: str, table: str) -> frozenset[str]:
    return frozenset({f"{database}/{table}", f"{database}/*"} if table else {database})
