"""One query from its text to its answer."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.athena.answer import Answer
from reconciler.sandbox.services.athena.ctas import created, unloaded, viewed
from reconciler.sandbox.services.athena.failure import QueryFailed
from reconciler.sandbox.services.athena.grammar import require_trino
from reconciler.sandbox.services.athena.output import OutputPlace
from reconciler.sandbox.services.athena.select import Prepared, prepared, selected, within
from reconciler.sandbox.services.athena.statements import carried_out

_UNLOAD = re.compile(
    r"\((?P<query>.+)\)\s*TO\s*'(?P<target>[^']+)'\s*WITH\s*\((?P<settings>[^)]*)\)", re.DOTALL | re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. `kind` is DML, DDL or UTILITY, `subkind` such as SELECT, as GetQueryExecution tells them."""

    text: str
    tree: exp.Expr
    database: str | None
    #: For UNLOAD: the query, and where its rows go.
    unload: tuple[exp.Expr, str] | None = None
    #: The catalog within the account's in which names without one are looked up; empty for the account's own.
    catalog: str = ""

    @property
    def kind(self) -> str:
        if isinstance(self.tree, exp.Query) or self.unload:
            return "DML"
        return "UTILITY" if isinstance(self.tree, exp.Command | exp.Describe) else "DDL"

    @property
    def subkind(self) -> str:
        match self.tree:
            case exp.Query():
                return "SELECT"
            case exp.Create() if isinstance(self.tree.expression, exp.Query):
                return "CREATE_TABLE_AS_SELECT"
            case exp.Create():
                return f"CREATE_{self.tree.kind}"
            case exp.Alter():
                return "ALTER_TABLE"
            case exp.Drop():
                return f"DROP_{self.tree.args['kind']}"
            case exp.Command() if self.unload:
                return "UNLOAD"
            case exp.Describe():
                return "DESCRIBE_TABLE"
            case _:
                return "SHOW"


@dataclass(frozen=True, slots=True)
class Done:
    """A query that succeeded: its answer, the bytes read, and the manifest of the files it wrote, if any."""

    answer: Answer
    scanned: int = 0
    manifest: str | None = None


def query(request: Request) -> Query:
    """The query of a request. InvalidRequestException: it cannot be parsed, or is not one statement."""
    params = request.params
    context = params.get("QueryExecutionContext", {})
    catalog = within(context.get("Catalog", ""))
    if catalog is None:
        raise request.not_simulated(f"with the catalog {context['Catalog']}")
    text = params["QueryString"]
    try:
        with _quiet():
            trees = [tree for tree in sqlglot.parse(text, dialect="athena") if tree is not None]
    except SqlglotError as error:
        message = str(error).splitlines()[0]
        raise AwsError("InvalidRequestException", f"line 1:1: mismatched input. {message}") from error
    except RecursionError:
        raise AwsError("InvalidRequestException", "line 1:1: the statement is nested too deep") from None
    if len(trees) != 1:
        raise AwsError("InvalidRequestException", f"Only one sql statement is allowed. Got: {text}")
    _require_grammar(text, trees[0])
    tree = _filled(trees[0], params.get("ExecutionParameters", []))
    # Athena takes a quoted name here too, as awswrangler sends it.
    database = context.get("Database", "").strip('`"') or None
    if catalog or any(within(each.catalog) for each in _written(tree)):
        _require_select(request, tree)
    return Query(text, tree, database, _unload(request, tree), catalog)


def _written(tree: exp.Expr) -> Iterator[exp.Table]:
    """The tables that a statement names other than those that its query reads."""
    if not isinstance(tree, exp.Query):
        yield from (each for each in tree.find_all(exp.Table) if each.find_ancestor(exp.Query) is None)


def _require_select(request: Request, tree: exp.Expr) -> None:
    """Only queries go to catalogs within an account's."""
    if not isinstance(tree, exp.Query):
        raise request.not_simulated("with a statement other than SELECT in a catalog within the account's")


def finish(request: Request, parsed: Query, place: OutputPlace, cutoff: int | None) -> Done:
    """Run the query and write its results. QueryFailed; NotImplemented for what is not simulated."""
    try:
        return _finished(request, parsed, place, cutoff)
    except RecursionError:
        raise QueryFailed("SYNTAX_ERROR: the statement is nested too deep") from None


def _finished(request: Request, parsed: Query, place: OutputPlace, cutoff: int | None) -> Done:
    match parsed.tree:
        case exp.Query():
            answer, scanned = selected(_prepared(request, parsed, parsed.tree), cutoff)
            place.keep(request, answer.csv(), ".csv")
            return Done(answer, scanned)
        case exp.Create(kind="TABLE") if isinstance(parsed.tree.expression, exp.Query):
            inner = _prepared(request, parsed, parsed.tree.expression)
            scanned, manifest = created(request, parsed.tree, inner, parsed.database, place, cutoff)
            return Done(Answer((), (), header=False), scanned, manifest)
        case exp.Create(kind="VIEW") if isinstance(parsed.tree.expression, exp.Query) and _is_plain(parsed.tree):
            original = parsed.tree.copy()
            viewed(request, original, _prepared(request, parsed, parsed.tree.expression), parsed.database)
            place.keep(request, b"", ".txt")
            return Done(Answer((), (), header=False))
        case exp.Command() if parsed.unload is not None:
            inner, target = parsed.unload
            scanned, manifest = unloaded(request, target, _prepared(request, parsed, inner), place, cutoff)
            return Done(Answer((), (), header=False), scanned, manifest)
        case _:
            answer = carried_out(request, parsed.tree, parsed.database)
            place.keep(request, answer.text(), ".txt")
            return Done(answer)


def _is_plain(tree: exp.Create) -> bool:
    """Whether a view is made in Athena's own way, not as one of the Data Catalog in several dialects."""
    return not tree.args.get("properties") and isinstance(tree.this, exp.Table)


def _unload(request: Request, tree: exp.Expr) -> tuple[exp.Expr, str] | None:
    """The query and the target of an UNLOAD. NotImplemented: another form than Parquet."""
    if not (isinstance(tree, exp.Command) and tree.name.upper() == "UNLOAD"):
        return None
    found = _UNLOAD.fullmatch(str(tree.expression.this).strip())
    settings = re.findall(r"(\w+)\s*=\s*'([^']*)'", found["settings"]) if found else []
    heeded = {name.lower(): value.upper() for name, value in settings}
    if found is None or heeded.get("format") != "PARQUET" or set(heeded) - {"format", "compression"}:
        raise request.not_simulated("with this form of UNLOAD")
    try:
        with _quiet():
            inner = sqlglot.parse_one(found["query"], dialect="athena")
    except SqlglotError as error:
        raise AwsError("InvalidRequestException", "line 1:1: mismatched input in UNLOAD") from error
    if not isinstance(inner, exp.Query):
        raise AwsError("InvalidRequestException", "line 1:1: mismatched input in UNLOAD. Expecting a query")
    _require_grammar(found["query"], inner)
    return inner, found["target"]


def _require_grammar(text: str, tree: exp.Expr) -> None:
    """The query of a statement, if it has one, is one of Trino's grammar."""
    inner = tree.expression if isinstance(tree, exp.Create) else tree
    if isinstance(inner, exp.Query):
        require_trino(text, inner)


def _prepared(request: Request, parsed: Query, tree: exp.Expr) -> Prepared:
    return prepared(request, tree, parsed.text, parsed.database, parsed.catalog)


def _filled(tree: exp.Expr, parameters: list[str]) -> exp.Expr:
    """The query with its `?` replaced by the execution parameters, which are literals."""
    holes = list(tree.find_all(exp.Placeholder, bfs=False))
    if len(holes) != len(parameters):
        raise AwsError("InvalidRequestException", f"Incorrect number of parameters: expected {len(holes)}")
    for hole, text in zip(holes, parameters, strict=True):
        try:
            value = sqlglot.parse_one(text, dialect="athena")
        except SqlglotError as error:
            raise AwsError("InvalidRequestException", f"The parameter {text} is no literal") from error
        literals = (exp.Literal, exp.Neg, exp.Cast, exp.DataType, exp.Boolean, exp.Null)
        if not all(isinstance(node, literals) for node in value.walk()):
            raise AwsError("InvalidRequestException", f"The parameter {text} is no literal")
        hole.replace(value)
    return tree


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep sqlglot from warning of the statements that it leaves to us."""
    logger = logging.getLogger("sqlglot")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
