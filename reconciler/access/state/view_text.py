"""What the text of a view names: tables and columns, and with whose rights they are read.

| view          | its text                                               | tables are read with the rights of |
|---------------|--------------------------------------------------------|------------------------------------|
| of Athena     | JSON in base64 in a comment (`/* Presto View: ... */`) | whoever reads the view             |
| of Glue       | SQL in each dialect, and the tables as ARNs            | its definer                        |
| anything else |                                                        | somebody: it is not known          |

SQL is parsed by sqlglot, which comes with the sandbox; without it, and where it fails, what is shown is not known.
https://docs.aws.amazon.com/athena/latest/ug/lf-athena-limitations.html
https://docs.aws.amazon.com/lake-formation/latest/dg/working-with-views.html
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

_ATHENA = re.compile(r"/\* Presto View: (?P<text>[A-Za-z0-9+/=\s]+) \*/")
_TABLE_ARN = re.compile(r"arn:[a-z-]+:glue:[^:]*:\d{12}:table/(?P<database>[^/]+)/(?P<table>.+)")


@dataclass(frozen=True, slots=True)
class ViewText:
    """What a view says: `rights` of the reader, of the `definer`, or not known.

    tables   the tables that it reads, by database and name
    columns  every name that stands in it, so that what it shows of a table is among these; None where that is unknown
    """

    rights: Literal["reader", "definer", "unknown"]
    tables: tuple[tuple[str, str], ...] = ()
    columns: frozenset[str] | None = None
    definer: str = ""

    def shown(self, of: Iterable[str]) -> tuple[str, ...]:
        """What it shows at most of a table with these columns."""
        return tuple(name for name in of if self.columns is None or name in self.columns)


def view_text(record: Mapping[str, Any], database: str) -> ViewText:
    """The text of a view as Glue has it, in a database that its text may leave out."""
    definition = record.get("ViewDefinition") or {}
    if definition or record.get("IsMultiDialectView"):
        arns = (_TABLE_ARN.fullmatch(each) for each in definition.get("SubObjects", ()))
        known = tuple((found["database"].lower(), found["table"].lower()) for found in arns if found)
        said = {each.get("Dialect"): each.get("ViewOriginalText", "") for each in definition.get("Representations", ())}
        tables, columns = _named(said.get("ATHENA", ""), database)
        if columns is None or set(said) - {"ATHENA"}:
            # Another dialect may say something else.
            return ViewText("definer", tuple(dict.fromkeys((*known, *tables))), None, definition.get("Definer", ""))
        return ViewText("definer", tables, columns, definition.get("Definer", ""))
    found = _ATHENA.fullmatch(record.get("ViewOriginalText", "").strip())
    if found is None:
        return ViewText("unknown")
    try:
        said = json.loads(base64.b64decode(found["text"], validate=False))
        sql, schema = str(said["originalSql"]), str(said.get("schema") or database)
    except (binascii.Error, ValueError, KeyError, TypeError):
        return ViewText("reader")
    return ViewText("reader", *_named(sql, schema.lower()))


@lru_cache(maxsize=1024)
def _named(sql: str, database: str) -> tuple[tuple[tuple[str, str], ...], frozenset[str] | None]:
    """The tables and the names in a query; no names where it cannot be read, or shows all columns of a table."""
    try:
        import sqlglot
        from sqlglot import exp
    except ImportError:
        return (), None
    try:
        tree = sqlglot.parse_one(sql, dialect="athena")
    except (sqlglot.errors.SqlglotError, RecursionError):
        return (), None
    if not isinstance(tree, exp.Query):
        return (), None
    own = {each.alias_or_name.lower() for each in tree.find_all(exp.CTE)}
    tables = dict.fromkeys(
        ((each.db or database).lower(), each.name.lower())
        for each in tree.find_all(exp.Table)
        if each.db or each.name.lower() not in own
    )
    every = any(not isinstance(each.parent, exp.Count) for each in tree.find_all(exp.Star)) or any(
        each.args.get("method") for each in tree.find_all(exp.Join)
    )
    names = frozenset(each.name.lower() for each in tree.find_all(exp.Identifier))
    return tuple(tables), None if every else names
