"""The statements that are no SELECT: SHOW, DESCRIBE, CREATE, ALTER and DROP, carried out in the caller's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlglot import exp

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.athena.alter import altered
from reconciler.sandbox.services.athena.answer import Answer, Column
from reconciler.sandbox.services.athena.failure import QueryFailed, insufficient
from reconciler.sandbox.services.athena.listed import asked, every

_SHOW = re.compile(
    r"(?:(?P<what>DATABASES|SCHEMAS|TABLES)(?:\s+(?:IN|FROM)\s+(?P<in>[^\s']+))?(?:\s+(?:LIKE\s+)?'(?P<like>[^']*)')?"
    r"|PARTITIONS\s+(?P<partitions>\S+)"
    r"|COLUMNS\s+(?:IN|FROM)\s+(?P<of>\S+)(?:\s+(?:IN|FROM)\s+(?P<of_in>\S+))?)\s*",
    re.IGNORECASE,
)


def carried_out(request: Request, tree: exp.Expr, database: str | None) -> Answer:
    """What a statement tells. QueryFailed; NotImplemented: a statement that is not simulated."""
    match tree:
        case exp.Command() if tree.name.upper() == "SHOW":
            found = _SHOW.fullmatch(str(tree.expression.this))
            if found and found["of"]:
                schema, table = _address(found["of"], _bare(found["of_in"]) or database)
                return _lines(("field",), ([c["Name"]] for c in _columns(_table(request, schema, table))))
            if found and found["partitions"]:
                return _partitions(request, found["partitions"], database)
            if found:
                return _shown(request, found, database)
        case exp.Describe() if isinstance(tree.this, exp.Table):
            schema, table = _need(_bare(tree.this.db) or database), _bare(tree.this.name) or ""
            columns = _columns(_table(request, schema, table))
            rows = ([f"{c['Name']:<20}\t{c['Type']:<20}\t{c.get('Comment', ''):<20}"] for c in columns)
            return _lines(("col_name",), rows)
        case exp.Create(kind="DATABASE" | "SCHEMA") if not tree.args.get("properties"):
            return _done(request, "CreateDatabase", {"DatabaseInput": {"Name": tree.this.name}}, tree, "AlreadyExists")
        case exp.Drop(kind="DATABASE" | "SCHEMA") if not tree.args.get("cascade"):
            name = tree.args["tables"][0].name
            if asked(request, "GetTables", {"DatabaseName": name})["TableList"]:
                raise QueryFailed(f"Database {name} is not empty. One or more tables exist.")
            return _done(request, "DeleteDatabase", {"Name": name}, tree, "EntityNotFound")
        case exp.Alter():
            try:
                altered(request, tree, _need(tree.this.db or database))
            except AwsError as error:
                raise (error if error.code == "NotImplemented" else _told(error)) from error
            return Answer((), (), header=False)
        case exp.Drop(kind="TABLE" | "VIEW"):
            node = tree.args["tables"][0]
            params = {"DatabaseName": _need(node.db or database), "Name": node.name}
            return _done(request, "DeleteTable", params, tree, "EntityNotFound")
    raise request.not_simulated(f"with {tree.sql(dialect='athena')[:80]}")


def _done(request: Request, operation: str, params: Params, tree: exp.Expr, forgiven: str) -> Answer:
    """Do it; with IF (NOT) EXISTS the error that it forgives is none."""
    try:
        asked(request, operation, params)
    except AwsError as error:
        if not (tree.args.get("exists") and error.code.startswith(forgiven)):
            raise _hive(request, error) from error
    return Answer((), (), header=False)


def _shown(request: Request, found: re.Match[str], database: str | None) -> Answer:
    pattern = _pattern(found["like"] or "*")
    if found["what"].upper() != "TABLES":
        names = [each["Name"] for each in every(request, "GetDatabases", {}, "DatabaseList")]
        return _lines(("database_name",), ([n] for n in names if re.fullmatch(pattern, n)))
    schema = _need(_bare(found["in"]) or database)
    names = [each["Name"] for each in every(request, "GetTables", {"DatabaseName": schema}, "TableList")]
    return _lines(("tab_name",), ([n] for n in names if re.fullmatch(pattern, n)))


def _pattern(text: str) -> str:
    """What SHOW takes as a regular expression: `*` (and `%`) is any text, `|` either; nothing else (show-tables)."""
    return "|".join(".*".join(map(re.escape, re.split(r"[*%]+", part))) for part in text.split("|"))


def _partitions(request: Request, name: str, database: str | None) -> Answer:
    """The partitions as Hive writes their places: `year=2025/day=1`."""
    schema, table = _address(name, database)
    keys = [key["Name"] for key in _table(request, schema, table).get("PartitionKeys", [])]
    if not keys:
        raise QueryFailed(f"FAILED: SemanticException [Error 10001]: Table {table} is not a partitioned table")
    found = every(request, "GetPartitions", {"DatabaseName": schema, "TableName": table}, "Partitions")
    return _lines(
        ("partition",),
        (["/".join(f"{key}={value}" for key, value in zip(keys, each["Values"], strict=True))] for each in found),
    )


def _table(request: Request, schema: str, table: str) -> Params:
    try:
        found: Params = asked(request, "GetTable", {"DatabaseName": schema, "Name": table})["Table"]
    except AwsError as error:
        raise _told(error) from error
    return found


def _columns(table: Params) -> list[dict[str, Any]]:
    return [*table.get("StorageDescriptor", {}).get("Columns", []), *table.get("PartitionKeys", [])]


def _hive(request: Request, error: AwsError) -> QueryFailed:
    """What a statement that changes the catalog fails with: the catalog's words in Hive's (recorded)."""
    told = (
        f"{error.message} (Service: AmazonDataCatalog; Status Code: {error.status}; Error Code: {error.code}; "
        f"Request ID: {request.world.uuid()}; Proxy: null)"
    )
    task = "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask"
    return QueryFailed(f"{task}. MetaException(message:{told})")


def _told(error: AwsError) -> QueryFailed:
    if error.code == "AccessDeniedException":
        return insufficient(error.message)
    return QueryFailed(f"FAILED: Execution Error: {error.message}")


def _address(name: str, database: str | None) -> tuple[str, str]:
    schema, _, table = name.rpartition(".")
    return _need(_bare(schema) or database), _bare(table) or ""


def _bare(name: str | None) -> str | None:
    return name.strip('`"').lower() if name else None


def _need(schema: str | None) -> str:
    if not schema:
        raise QueryFailed("FAILED: SemanticException: Schema must be specified")
    return schema.lower()


def _lines(names: tuple[str, ...], rows: Iterable[list[str]]) -> Answer:
    columns = tuple(Column(name, "string", 0) for name in names)
    return Answer(columns, tuple(tuple(row) for row in rows), header=False)
