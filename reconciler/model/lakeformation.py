"""The words of Lake Formation permissions: who may do what on what, as canonical atoms.

Two grants are the same exactly if they are equal here. The canonical form follows what AWS lists back:
names, tag keys and tag values are lower case; SELECT on a whole table is listed as TableWithColumns with an empty
ColumnWildcard and means the table; a table wildcard is listed under the name ALL_TABLES.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from sys import intern
from typing import Literal

from reconciler.model.json_text import JsonObject
from reconciler.model.record import record

ALL_TABLES = "*"
IAM_ALLOWED_PRINCIPALS = "IAM_ALLOWED_PRINCIPALS"


def account_of(principal: str) -> str | None:
    """The account that a principal belongs to, or is; None for organizations, Identity Center and everybody."""
    if principal.isdigit():
        return principal
    if principal.endswith(":IAMPrincipals"):
        return principal.partition(":")[0]
    parts = principal.split(":", 5)
    return parts[4] if len(parts) == 6 and parts[2] != "organizations" and parts[4].isdigit() else None


Expression = tuple[tuple[str, tuple[str, ...]], ...]
"""Keys are joined by AND, the values of one key by OR; sorted by key, values sorted."""


def expression(pairs: Mapping[str, Iterable[str]]) -> Expression:
    """The canonical form of a tag expression."""
    return tuple(
        sorted((intern(key.lower()), tuple(sorted({intern(value.lower()) for value in pairs[key]}))) for key in pairs)
    )


@lru_cache(maxsize=4_096)
def expression_text(terms: Expression) -> str:
    """The expression as people read it: `product=credit-profile AND sensitivity in (confidential, internal)`."""
    return " AND ".join(
        f"{key}={values[0]}" if len(values) == 1 else f"{key} in ({', '.join(values)})" for key, values in terms
    )


@dataclass(frozen=True, slots=True, order=True)
class OnCatalog:
    """The Data Catalog of an account (nested catalogs as `account:name`)."""

    catalog: str

    def __str__(self) -> str:
        return f"catalog {self.catalog}"


@dataclass(frozen=True, slots=True, order=True)
class OnDatabase:
    """A database, or a link to one."""

    catalog: str
    database: str

    def __str__(self) -> str:
        return f"database {self.catalog}:{self.database}"


@dataclass(frozen=True, slots=True, order=True)
class OnTable:
    """A table, a view or a link to one; `*` is every table and view of the database."""

    catalog: str
    database: str
    table: str

    def __str__(self) -> str:
        return f"table {self.catalog}:{self.database}.{self.table}"


@dataclass(frozen=True, slots=True, order=True)
class OnColumns:
    """Some columns of a table: those listed, or all but those listed. SELECT only.

    `lists` are the lists by which AWS keeps them, if it keeps several: it revokes by the exact list.
    """

    catalog: str
    database: str
    table: str
    columns: tuple[str, ...]
    excluded: bool = False
    lists: tuple[tuple[str, ...], ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        return f"columns {'but ' if self.excluded else ''}of {self.catalog}:{self.database}.{self.table}"


@dataclass(frozen=True, slots=True, order=True)
class OnFilter:
    """A data cells filter of a table.

    `own`: found where the account that gives it has made a filter of this name itself, whose body is not read.
    """

    catalog: str
    database: str
    table: str
    name: str
    own: bool = field(default=False, compare=False, repr=False)

    def __str__(self) -> str:
        return f"filter {self.catalog}:{self.database}.{self.table}/{self.name}"


@dataclass(frozen=True, slots=True, order=True)
class OnLocation:
    """An S3 location, registered in `catalog`."""

    catalog: str
    arn: str

    def __str__(self) -> str:
        return f"location {self.catalog}:{self.arn}"


@dataclass(frozen=True, slots=True, order=True)
class OnTag:
    """One value of an LF-tag key; `*` is every value. A row with many values is many atoms."""

    catalog: str
    key: str
    value: str

    def __str__(self) -> str:
        return f"tag {self.catalog}:{self.key}={self.value}"


@record(order=True)
class OnTagPolicy:
    """Every database, or every table and column, whose tags match an expression.

    `saved_as`: found under this name, as the body of a saved expression.
    """

    catalog: str
    of: Literal["DATABASE", "TABLE"]
    terms: Expression
    saved_as: str = field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.of.lower()}s of {self.catalog} where {expression_text(self.terms)}"


@dataclass(frozen=True, slots=True, order=True)
class OnSavedExpression:
    """A tag policy whose expression is kept under a name."""

    catalog: str
    of: Literal["DATABASE", "TABLE"]
    name: str

    def __str__(self) -> str:
        return f"{self.of.lower()}s of {self.catalog} where expression {self.name}"


@dataclass(frozen=True, slots=True, order=True)
class OnOther:
    """A resource of a newer kind, kept as AWS listed it (JSON): shown, never guessed at."""

    catalog: str
    text: JsonObject

    def __str__(self) -> str:
        return f"other {self.text}"


Target = (
    OnCatalog
    | OnDatabase
    | OnTable
    | OnColumns
    | OnFilter
    | OnLocation
    | OnTag
    | OnTagPolicy
    | OnSavedExpression
    | OnOther
)


@record()
class Grant:
    """An atom: one permission of one principal on one target, and whether he may pass it on.

    `principal` is as AWS writes it: an ARN, an account id, an organization's or OU's ARN, `IAM_ALLOWED_PRINCIPALS`
    or `<account>:IAMPrincipals`. `condition` is the text of an attribute condition, if there is one. `own` says that
    the reconciler's own role holds it. `reach` are the databases that a grant by tags leads to, where that was asked.
    """

    principal: str
    target: Target
    permission: str
    grantable: bool = False
    condition: str | None = None
    own: bool = field(default=False, compare=False)
    reach: frozenset[str] | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        """What identifies the atom within its placement; the columns and the grant option are what may change."""
        under = f" if {self.condition}" if self.condition else ""
        return f"{self.permission} on {self.target} to {self.principal}{under}"
