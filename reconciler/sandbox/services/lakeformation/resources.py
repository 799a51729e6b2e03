"""Canonical Lake Formation resources: equal values are the same resource, whatever a request looked like."""

from __future__ import annotations

from dataclasses import dataclass

ALL_TABLES = "ALL_TABLES"
ANY_VALUE = "*"

Expression = tuple[tuple[str, tuple[str, ...]], ...]
"""Keys with their values, both sorted: every key must match, one of its values suffices."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """The default Data Catalog of an account."""

    catalog: str


@dataclass(frozen=True, slots=True)
class Database:
    catalog: str
    name: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table, or with no name all tables of the database."""

    catalog: str
    database: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a table: those included, or (include None) all but those excluded."""

    catalog: str
    database: str
    table: str | None
    include: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """True for SELECT on the table as such, which AWS lists with an empty ColumnWildcard."""
        return self.include is None and not self.exclude


@dataclass(frozen=True, slots=True)
class Location:
    """An S3 location (ARN without a trailing slash); the catalog is the account that registered it."""

    catalog: str
    arn: str


@dataclass(frozen=True, slots=True)
class CellsFilter:
    catalog: str
    database: str
    table: str
    name: str


@dataclass(frozen=True, slots=True)
class Tag:
    """One value of an LF-tag, or `*` for the key with all its values."""

    catalog: str
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Policy:
    """An LF-tag policy: an inline expression, or the name of a saved one."""

    catalog: str
    kind: str
    expression: Expression | None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class SavedExpression:
    catalog: str
    name: str


Resource = Catalog | Database | Table | Columns | Location | CellsFilter | Tag | Policy | SavedExpression
Anchor = tuple[str, ...]


def anchors(resource: Resource) -> tuple[Anchor, ...]:
    """The index entries under which grants on a resource are found again: itself first, then what contains it."""
    match resource:
        case Catalog(catalog):
            return (("catalog", catalog),)
        case Database(catalog, name):
            return (("database", catalog, name),)
        case Table(catalog, database, table):
            return ("table", catalog, database, table or ALL_TABLES), ("within", catalog, database)
        case Columns(catalog, database, table):
            return ("table", catalog, database, table or ALL_TABLES), ("within", catalog, database)
        case CellsFilter(catalog, database, table):
            return ("table", catalog, database, table), ("within", catalog, database)
        case Location(catalog):
            return (("location", catalog),)
        case Tag(catalog, key):
            return ("tag", catalog, key), ("tags", catalog)
        case Policy(catalog):
            return (("policy", catalog),)
        case SavedExpression(catalog, name):
            return (("expression", catalog, name),)


def expression(pairs: list[dict]) -> Expression:
    """The canonical form of `[{TagKey, TagValues}]`: lower case, sorted, one entry a key."""
    keys: dict[str, set[str]] = {}
    for pair in pairs:
        keys.setdefault(pair["TagKey"].lower(), set()).update(v.lower() for v in pair["TagValues"])
    return tuple(sorted((key, tuple(sorted(values))) for key, values in keys.items()))
