"""Names that people know, for what AWS knows by number: accounts, principals, places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.model.address import Placement
from reconciler.model.lakeformation import (
    ALL_TABLES,
    IAM_ALLOWED_PRINCIPALS,
    OnCatalog,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnLocation,
    OnSavedExpression,
    OnTable,
    OnTag,
    OnTagPolicy,
    Target,
    expression_text,
)
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arn

_OF_CENTER = re.compile(r"arn:[a-z-]+:identitystore:::(?:group|user)/[0-9a-fA-F-]+")
NAMED = 6
"""So many columns or principals are named; of more the first, and how many there are."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the mesh calls accounts (by id) and principals (by ARN)."""

    accounts: dict[str, str]
    principals: dict[str, str]

    @classmethod
    def of(cls, mesh: Mesh) -> Names:
        """The names of a mesh."""
        principals = {
            principal_arn(mesh, consumer, principal): f"{consumer.name}/{principal.name}"
            for consumer in mesh.consumers.values()
            if consumer.account
            for principal in consumer.principals
        }
        return cls({account.id: account.name for account in mesh.accounts.values()}, principals)

    def placement(self, placement: Placement) -> str:
        """A placement: `central (111111111111, eu-west-1)`."""
        name = self.accounts.get(placement.account)
        return f"{name} ({placement.account}, {placement.region})" if name else str(placement)

    def account(self, account: str) -> str:
        """An account by its name, where the mesh has one."""
        return self.accounts.get(account, account)

    def principal(self, identifier: str) -> str:
        """Who that is: `analytics-coe/data-scientist`, `account analytics`, `role steward of banking-data`."""
        if identifier in self.principals:
            return self.principals[identifier]
        if identifier.isdigit():
            return f"account {self.account(identifier)}"
        if identifier == IAM_ALLOWED_PRINCIPALS:
            return "everybody whom IAM lets (IAM_ALLOWED_PRINCIPALS)"
        parts = identifier.split(":", 5)
        if len(parts) == 6 and parts[2] == "sts" and parts[5].count("/") == 2:
            _, role, session = parts[5].split("/")
            return f"{session} as role {role} of {self.account(parts[4])}"
        if len(parts) == 6 and parts[2] == "iam" and "/" in parts[5]:
            sort, _, path = parts[5].partition("/")
            return f"{sort} {path.rpartition('/')[2]} of {self.account(parts[4])}"
        return identifier

    def named(self, text: str) -> str:
        """A text in which groups and users of IAM Identity Center bear their names: an id tells a person nothing."""
        return _OF_CENTER.sub(lambda found: self.principal(found[0]), text)

    def target(self, target: Target) -> str:
        """What a permission is on, without the number of the catalog where the mesh has a name for it."""
        match target:
            case OnCatalog(catalog):
                return f"the catalog of {self.account(catalog)}"
            case OnDatabase(_, database):
                return f"database {database}"
            case OnTable(_, database, table):
                return f"every table of {database}" if table == ALL_TABLES else f"table {database}.{table}"
            case OnColumns(_, database, table, columns, excluded):
                listed = ", ".join(columns)
                return f"{'all columns but ' if excluded else 'columns '}{listed} of {database}.{table}"
            case OnFilter(_, database, table, name):
                return f"the rows and columns of filter {name} on {database}.{table}"
            case OnLocation(_, arn):
                return f"location {arn.rpartition(':::')[2]}"
            case OnTag(_, key, value):
                return f"LF-tag {key}={value}"
            case OnTagPolicy(_, of, terms):
                return f"{of.lower()}s where {expression_text(terms)}"
            case OnSavedExpression(_, of, name):
                return f"{of.lower()}s where the saved expression {name} holds"
            case _:
                return str(target)


def listed(names: Iterable[str]) -> str:
    """Some names in a sentence: `a, b and c`, or the first of them and how many more."""
    every = list(names)
    if len(every) > NAMED:
        return f"{', '.join(every[: NAMED - 1])} and {len(every) - NAMED + 1} more"
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} and {every[-1]}"
