"""What of a catalog has to be shared with whom, by the permissions that are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.model.lakeformation import account_of
from reconciler.spec.mesh import Mesh

_EVERYTHING = ""
"""In place of a database: permissions by tags, and those of a kind that is not known here."""


@dataclass(slots=True)
class Needs:
    """`shares` are the ARNs that permissions name themselves; `by` the databases and tables by principal and account.

    A table is "database/table", all tables of a database "database/*". `there` are the databases of the catalog.
    """

    there: frozenset[str]
    shares: set[str] = field(default_factory=set)
    by: dict[str, set[str]] = field(default_factory=dict)

    def covers(self, principals: Iterable[str], arn: str) -> bool:
        """Whether a permission of one of the principals needs the database or table of an ARN in a share with them."""
        kind, _, name = arn.rpartition(":")[2].partition("/")
        if kind == "catalog":
            return True
        every = set[str]().union(*(self.by.get(each, set()) for who in principals for each in _names(who)))
        database, _, table = name.partition("/")
        if _EVERYTHING in every and (database == "*" or database in self.there):
            # By tags anything may be shared, but nothing that was dropped.
            return True
        if kind == "database":
            return any(need == database or need.startswith(f"{database}/") for need in every)
        # From cross-account version 5 on one table is shared as all of its database.
        return f"{database}/*" in every or (
            any(need.startswith(f"{database}/") for need in every) if table == "*" else f"{database}/{table}" in every
        )


def needs_of(rows: Iterable[Mapping[str, Any]], there: Iterable[str], owner: str, mesh: Mesh) -> Needs:
    """What the rows of ListPermissions need, and filters of subscriptions, which may not be among the rows."""
    found = Needs(frozenset(there))
    for row in rows:
        who = row["Principal"]["DataLakePrincipalIdentifier"]
        if account_of(who) == owner:
            continue
        found.shares.update(row.get("AdditionalDetails", {}).get("ResourceShare", ()))
        for name in _names(who):
            found.by.setdefault(name, set()).add(_need(row["Resource"]))
    for subscription in mesh.subscriptions.values():
        reader = mesh.reader_account(mesh.consumer(subscription))
        product = mesh.product(subscription)
        if reader is not None and product is not None:
            for table in subscription.tables:
                database = product.database_of(product.table(table.name))
                found.by.setdefault(reader.id, set()).add(f"{database}/{table.name}")
    return found


def _names(principal: str) -> set[str]:
    """A principal and its account: a share is with either."""
    return {name for name in (principal, account_of(principal)) if name}


def _need(resource: Mapping[str, Any]) -> str:
    match resource:
        case {"Database": {"Name": name}}:
            return str(name).lower()
        case {"Table": {"DatabaseName": database, "TableWildcard": _}}:
            return f"{database}/*".lower()
        case {"Table": place} | {"TableWithColumns": place} | {"DataCellsFilter": place}:
            table = place.get("Name") if "TableName" not in place else place["TableName"]
            return f"{place['DatabaseName']}/{'*' if table in (None, 'ALL_TABLES') else table}".lower()
        case _:
            return _EVERYTHING
