"""SELECT statements: from Athena's SQL to the engine's, with every relation accounted for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import sqlglot
from sqlglot import exp

from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.athena.answer import Answer, column, told
from reconciler.sandbox.services.athena.engine import Name, engine
from reconciler.sandbox.services.athena.failure import QueryFailed, column_not_found
from reconciler.sandbox.services.athena.functions import require_functions
from reconciler.sandbox.services.athena.listings import PARTITIONS, information, partitions
from reconciler.sandbox.services.athena.sources import Source, source
from reconciler.sandbox.services.athena.view_text import ViewText

#: Functions that Presto and DuckDB both have under one name and with one meaning, and that sqlglot does not know.
_SHARED = {"strpos", "cbrt", "degrees", "radians", "pi", "codepoint", "typeof", "bit_count"}
#: What may stand with a table's name; `version` (time travel) and others may not.
_OF_TABLE = {"this", "db", "catalog", "alias", "joins", "laterals"}
#: What reaches files or other relations than those named in the query.
_HIDDEN = ("$path", "$bucket", "$partition", "$file_size", "$file_modified_time", "$row_id")
_MOST_VIEWS = 16
_READERS = (exp.ReadCSV, exp.ReadParquet)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query ready for the engine: its SQL, and the relations that it reads by the engine's names."""

    sql: str
    sources: Mapping[Name, Source]
    tree: exp.Expr
    text: str


def prepared(request: Request, tree: exp.Expr, text: str, database: str | None, catalog: str = "") -> Prepared:
    """The query with each table that it names looked up with the caller's rights and renamed for the engine.

    QueryFailed: a table that is not there or not his. NotImplemented: a function or relation that is not simulated.
    """
    require_functions(sqlglot.tokenize(text, dialect="trino"), tree)
    _require_known(request, tree)
    sources: dict[Name, Source] = {}
    _resolve(request, tree, text, database, sources, catalog=catalog)
    _require_no_row_numbers(tree, sources, text)
    renamed = _named(tree.copy())
    for reference in renamed.find_all(exp.Column):
        _renamed(reference, sources)
    for group in renamed.find_all(exp.Group):
        if group.expressions:
            group.set("all", None)  # GROUP BY ALL x is GROUP BY x; the engine reads it otherwise
    return Prepared(renamed.sql(dialect="duckdb"), sources, tree, text)


def _resolve(
    request: Request,
    tree: exp.Expr,
    text: str,
    database: str | None,
    sources: dict[Name, Source],
    depth: int = 0,
    catalog: str = "",
) -> None:
    """Give the tables of a query the engine's names, put queries in the place of views, and gather what is read."""
    for node in _tables(tree):
        schema, table = _address(node, database, text, catalog)
        name = (_schema(schema), table)
        found = sources.get(name) or _source(request, schema, table, position(node.this, text))
        if found.view is not None:
            inner = _behind(request, found.view, f"{schema}.{table}", sources, depth)
            node.replace(exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier(node.alias or table))))
            continue
        if depth and (found.row_filter or {*found.columns.values()} - {None}):
            raise request.not_simulated(f"with a view over {schema}.{table}, which has a data filter")
        sources[name] = found
        node.set("catalog", None)
        node.set("db", exp.to_identifier(name[0], quoted=True))
        node.set("this", exp.to_identifier(table, quoted=True))


def _behind(request: Request, view: ViewText, name: str, sources: dict[Name, Source], depth: int) -> exp.Expr:
    """The query of a view, with what it reads looked up by the rights of who reads it (lf-athena-limitations)."""
    if depth > _MOST_VIEWS:
        raise QueryFailed(f"VIEW_IS_RECURSIVE: line 1:1: Failed analyzing stored view 'awsdatacatalog.{name}'")
    inner = sqlglot.parse_one(view.sql, dialect="athena")
    require_functions(sqlglot.tokenize(view.sql, dialect="trino"), inner)
    _require_known(request, inner)
    try:
        _resolve(request, inner, view.sql, view.schema, sources, depth + 1)
    except QueryFailed as error:
        raise QueryFailed(f"Failed analyzing stored view 'awsdatacatalog.{name}': {error.reason}") from error
    return inner


def selected(query: Prepared, cutoff: int | None) -> tuple[Answer, int]:
    """The answer of a query and the bytes that it read. QueryFailed as Athena fails."""
    with engine(query.sources, cutoff) as duck:
        try:
            columns, rows = duck.run(query.sql)
        except duckdb.Error as error:
            raise failure(error, query) from error
        named = tuple(column(name, kind) for name, kind in columns)
        return Answer(named, tuple(tuple(map(told, row)) for row in rows)), duck.scanned


def failure(error: duckdb.Error, query: Prepared) -> QueryFailed:
    """DuckDB's error in Athena's words."""
    text = str(error)
    for pattern, table in _MISSING:
        if missing := re.search(pattern, text):
            node = next((c for c in query.tree.find_all(exp.Column) if _called(c, missing[1], table)), None)
            name = f"{missing[1]}.{node.name}" if table and node else missing[1]
            return column_not_found(position(node.this if node else None, query.text), name.lower())
    if "Division by zero" in text:
        return QueryFailed("DIVISION_BY_ZERO: Division by zero")
    if "Ambiguous reference" in text:
        return QueryFailed(f"AMBIGUOUS_NAME: {text.splitlines()[0]}")
    if "GROUP BY" in text:
        return QueryFailed(f"EXPRESSION_NOT_AGGREGATE: {text.splitlines()[0]}")
    kinds = {
        duckdb.BinderException: "TYPE_MISMATCH",
        duckdb.ConversionException: "INVALID_CAST_ARGUMENT",
        duckdb.OutOfRangeException: "NUMERIC_VALUE_OUT_OF_RANGE",
        duckdb.CatalogException: "FUNCTION_NOT_FOUND",
        duckdb.OutOfMemoryException: "EXCEEDED_LOCAL_MEMORY_LIMIT",
    }
    kind = next((word for cls, word in kinds.items() if isinstance(error, cls)), "GENERIC_USER_ERROR")
    return QueryFailed(f"{kind}: {text.splitlines()[0]}")


#: What DuckDB says of a column that is not there, and whether it names the table instead of the column.
_MISSING = (
    (r'Referenced column "([^"]+)" not found', False),
    (r'does not have a column named "([^"]+)"', False),
    (r'Column "([^"]+)" (?:does not exist on|in EXCLUDE list)', False),
    (r'Referenced table "([^"]+)" not found', True),
)


def _called(reference: exp.Column, name: str, table: bool) -> bool:
    return str(reference.table if table else reference.name).lower() == name.lower()


def position(identifier: exp.Expr | None, text: str) -> str:
    """Where in the query a name stands, as Athena tells it: `line 1:8`."""
    start = int(identifier.meta.get("start", 0)) if identifier is not None else 0
    before = text[:start]
    return f"line {before.count(chr(10)) + 1}:{start - (before.rfind(chr(10)) + 1) + 1}"


def _tables(tree: exp.Expr) -> list[exp.Table]:
    """The tables that the query names, in order; names of its own WITH left out."""
    return [node for node in tree.find_all(exp.Table, bfs=False) if not _is_of_with(node)]


def _is_of_with(node: exp.Table) -> bool:
    """Whether a name is one of a WITH that is seen from where it stands."""
    if node.db:
        return False
    child: exp.Expr = node
    while (parent := child.parent) is not None:
        seen: list[exp.Expr] = []
        if isinstance(parent, exp.With):
            # Inside a WITH only what stands before is seen, and itself if it is recursive.
            before = parent.expressions.index(child)
            seen = parent.expressions[: before + bool(parent.args.get("recursive"))]
        elif not isinstance(child, exp.With) and (found := parent.args.get("with_")):
            seen = found.expressions
        if any(cte.alias_or_name.lower() == node.name.lower() for cte in seen):
            return True
        child = parent
    return False


def _schema(database: str) -> str:
    """The engine's schema for a database; the sign before keeps it from the engine's own."""
    return f"db_{database.lower()}"


def _renamed(reference: exp.Column, sources: Mapping[Name, Source]) -> None:
    """Give a column's `database.table` the engine's name. What names no table that is read is a field of a struct:
    `address.geo.lat` looks like `database.table.column`.
    """
    for place, schema, table in (("db", reference.db, reference.table), ("catalog", reference.catalog, reference.db)):
        if schema and (meant := _meant(schema, table, sources)):
            if place == "db":
                reference.set("catalog", None)
            reference.set(place, exp.to_identifier(meant, quoted=True))
            return


def _meant(schema: str, table: str, sources: Mapping[Name, Source]) -> str:
    """The engine's schema that a `database.table` means among those that are read; empty for none."""
    own, name = _schema(schema), table.lower()
    nested = (each for each, known in sources if known == name and each.endswith(f"/{schema.lower()}"))
    return own if (own, name) in sources else next(nested, "")


def within(catalog: str) -> str | None:
    """The catalog within the account's that a query names by its full path, as `s3tablescatalog/bucket`.

    Empty for the account's own, None for one that nobody has registered.
    https://docs.aws.amazon.com/athena/latest/ug/gdc-register-query-the-data-source.html
    """
    name = catalog.lower()
    return "" if name in ("", "awsdatacatalog") else name if "/" in name else None


def _address(node: exp.Table, database: str | None, text: str, catalog: str) -> tuple[str, str]:
    """The database and the table that a name means; a database within another catalog has its path before it."""
    named = within(node.catalog) if node.catalog else catalog
    if named is None:
        raise QueryFailed(f"CATALOG_NOT_FOUND: {position(node.this, text)}: Catalog '{node.catalog}' not found")
    schema = (node.db or database or "").lower()
    if not schema:
        raise QueryFailed(f"MISSING_SCHEMA_NAME: {position(node.this, text)}: Schema must be specified")
    return f"{named}/{schema}" if named else schema, node.name.lower()


def _source(request: Request, schema: str, table: str, place: str) -> Source:
    if schema == "information_schema":
        return information(request, table, place)
    if table.endswith(PARTITIONS):
        return partitions(request, schema, table, place)
    if "$" in table:
        raise request.not_simulated(f"with the relation {schema}.{table}")
    return source(request, schema, table, place)


def _require_known(request: Request, tree: exp.Expr) -> None:
    """Refuse what could reach beyond the query's own tables, or is unknown."""
    for node in tree.walk():
        if isinstance(node, exp.Anonymous) and node.name.lower() not in _SHARED:
            raise request.not_simulated(f"with the function {node.name}")
        if isinstance(node, _READERS) or (isinstance(node, exp.Table) and not isinstance(node.this, exp.Identifier)):
            raise request.not_simulated(f"with the relation {node.sql()}")
        if isinstance(node, exp.Table) and (beside := {k for k, v in node.args.items() if v} - _OF_TABLE):
            raise request.not_simulated(f"with {sorted(beside)[0]} of a table in {node.sql()}")
        if isinstance(node, exp.Column) and node.name.lower() in _HIDDEN:
            raise request.not_simulated(f"with the hidden column {node.name}")
        if isinstance(node, exp.Command | exp.Into):
            raise request.not_simulated(f"with {node.sql()}")


def _require_no_row_numbers(tree: exp.Expr, sources: Mapping[Name, Source], text: str) -> None:
    """Refuse `rowid`, a column that the engine adds to every table and that Athena does not know."""
    named = {alias.lower() for node in tree.walk() if (alias := node.alias)}
    if "rowid" in named or any("rowid" in each.columns for each in sources.values()):
        return
    for node in tree.find_all(exp.Column):
        if node.name.lower() == "rowid":
            raise column_not_found(position(node.this, text), "rowid")


def _named(tree: exp.Expr) -> exp.Expr:
    """The query with the names that Athena gives to expressions without one: `_col0`, `_col1`, ..."""
    first = tree
    while isinstance(first, exp.SetOperation):
        first = first.this
    if isinstance(first, exp.Select):
        for number, item in enumerate(first.expressions):
            if not isinstance(item, exp.Alias | exp.Column | exp.Star) and not item.is_star:
                item.replace(exp.alias_(item.copy(), f"_col{number}"))
    return tree
