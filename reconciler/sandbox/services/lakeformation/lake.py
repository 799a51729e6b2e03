"""What one account keeps in Lake Formation besides grants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.services.lakeformation.nested import Fields, is_nested, shown
from reconciler.sandbox.services.lakeformation.resources import Expression, Resource

Place = tuple[str, ...]
"""Where an LF-tag can be: (database,), (database, table) or (database, table, column)."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved LF-tag expression."""

    body: Expression
    description: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """A data cells filter. `predicate` None is all rows; `include` None is all columns but `exclude`."""

    catalog: str
    database: str
    table: str
    name: str
    predicate: str | None
    include: tuple[str, ...] | None
    exclude: tuple[str, ...]
    version: str

    def chosen(self, columns: list[str]) -> list[str]:
        """Those of a table's columns that the filter shows, as a whole or some fields of them."""
        if self.include is not None:
            named = {*self.include, *(name.split('"')[1] for name in self.include if is_nested(name))}
            return [c for c in columns if c in named]
        return [c for c in columns if c not in self.exclude]

    def fields(self, types: Mapping[str, str]) -> dict[str, Fields]:
        """Of columns of which it shows some fields: these."""
        found = shown(self.include or self.exclude, types, excluded=self.include is None)
        return {column: fields for column, fields in found.items() if column not in (self.include or ())}


@dataclass(slots=True)
class Registration:
    """A registered location; `info` is its ResourceInfo."""

    info: dict[str, Any]

    @property
    def reader(self) -> Caller:
        """The role that Lake Formation reads the location with, in a session of its own (recorded), as a caller."""
        arn: str = self.info["RoleArn"]
        account, name = arn.split(":")[4], arn.rpartition("/")[2]
        session = f"AWSLF-00-AT-{account}-{'sandbox':0<10}"
        return Caller(account, f"arn:aws:sts::{account}:assumed-role/{name}/{session}", arn, session=session)


@dataclass(frozen=True, slots=True)
class OptIn:
    """A principal for whom Lake Formation decides, although the resource is open to IAM."""

    principal: str
    resource: Resource
    modified: datetime
    by: str


@dataclass(slots=True)
class Lake:
    """The state of one account. Tags and their values are in lower case."""

    account: str
    settings: dict[str, Any]
    #: When somebody was made an administrator, by the monotonic clock.
    promoted: dict[str, float] = field(default_factory=dict)
    tags: dict[str, list[str]] = field(default_factory=dict)
    assigned: dict[Place, dict[str, str]] = field(default_factory=dict)
    expressions: dict[str, Saved] = field(default_factory=dict)
    filters: dict[tuple[str, str, str], dict[str, Filter]] = field(default_factory=dict)
    locations: dict[str, Registration] = field(default_factory=dict)
    opt_ins: dict[tuple[str, Resource], OptIn] = field(default_factory=dict)

    def tags_of(self, *place: str) -> dict[str, str]:
        """The effective LF-tags of a place: inherited from above, overridden key by key."""
        found: dict[str, str] = {}
        for depth in range(1, len(place) + 1):
            found |= self.assigned.get(place[:depth], {})
        return found

    def matches(self, body: Expression, *place: str) -> bool:
        """Whether a place's effective LF-tags satisfy an expression: every key, one of its values or `*`."""
        return satisfies(self.tags_of(*place), body)

    def admins(self) -> list[str]:
        return [a["DataLakePrincipalIdentifier"] for a in self.settings["DataLakeAdmins"]]

    def read_only_admins(self) -> list[str]:
        return [a["DataLakePrincipalIdentifier"] for a in self.settings["ReadOnlyAdmins"]]

    def registration(self, arn: str) -> Registration | None:
        """The registration of a location or of the nearest one above it."""
        while arn not in self.locations:
            arn, slash, _ = arn.rpartition("/")
            if not slash:
                return None
        return self.locations[arn]

    def version(self) -> int:
        """CROSS_ACCOUNT_VERSION."""
        return int(self.settings["Parameters"]["CROSS_ACCOUNT_VERSION"])


def satisfies(tags: dict[str, str], body: Expression) -> bool:
    """Keys AND, values OR; a resource that lacks a key does not match."""
    return all(key in tags and (tags[key] in values or "*" in values) for key, values in body)
