"""Explain: a short argument why somebody reads a column, or what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.access.algebra.rows import text
from reconciler.access.evaluation.evaluate import Access, TableAccess
from reconciler.access.evaluation.grant_paths import Path, Use, links, paths
from reconciler.access.explanation.denial_reasons import denial_reasons, missing_link
from reconciler.access.explanation.tag_provenance import tagged
from reconciler.access.state.principal_directory import account_of
from reconciler.access.state.table_view import TableId, TableView
from reconciler.model.lakeformation import OnColumns, OnFilter, OnTable, OnTagPolicy, Target, expression_text


@dataclass(frozen=True, slots=True)
class Answer:
    """About columns that have one explanation in common.

    columns    which; empty for the table as a whole (no columns, or nothing readable)
    readable   whether the principal reads them
    because    what gives them, or for what is not readable what is missing; a sentence each
    """

    columns: tuple[str, ...]
    readable: bool
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a principal has on a table (or on one column of it), and why. `remarks` are what else one should know."""

    access: TableAccess
    answers: tuple[Answer, ...]
    remarks: tuple[str, ...]


def explain(access: Access, principal: str, place: TableId, column: str | None = None) -> Explanation:
    """Why a principal reads what he reads of a table, and what is missing for the rest.

    KeyError for a table that is not there; ValueError for a column that it has not.
    """
    table_view = access.tables[place]
    if column is not None and column not in table_view.columns:
        raise ValueError(f"{place} has no column {column}")
    found = access.on(principal, place)
    lines = column is not None
    grouped: dict[tuple[bool, tuple[str, ...]], list[str]] = {}
    for name in table_view.columns if column is None else (column,):
        readable = name in found.columns
        if readable:
            because = _reasons(access, principal, table_view, name, found, lines=lines)
        else:
            because = denial_reasons(access, principal, table_view, name, lines=lines)
        grouped.setdefault((readable, because), []).append(name)
    answers = tuple(Answer(tuple(names), readable, because) for (readable, because), names in grouped.items())
    return Explanation(found, answers, tuple(_remarks(access, principal, table_view, found)))


def _reasons(
    access: Access, principal: str, table_view: TableView, column: str, found: TableAccess, *, lines: bool
) -> tuple[str, ...]:
    """The argument for a column that is readable; with the lines of its own tags only where it is asked for alone."""
    sentences: list[str] = []
    bit = table_view.mask([column])
    for path in paths(access, principal, table_view, bit):
        sentences += _argument(access, principal, table_view, column, path, lines=lines)
    rows = text(found.columns[column])
    if rows is not None:
        sentences.append(f"only rows where {rows}")
    return tuple(dict.fromkeys(sentences))


def _argument(
    access: Access, principal: str, table_view: TableView, column: str, path: Path, *, lines: bool
) -> Iterator[str]:
    """One way to a column in sentences: what was granted, which tags match, what was passed on, what shows it."""
    label, opening = access.directory.label, _passed_on(path) or path.given
    for use in opening:
        grant = use.given.spec
        yield f"{label(grant.principal)} was granted {grant.permission} on {_target(grant.target)}{_line(use)}"
    for key in sorted({key for use in opening for key in _keys(use.given.spec.target)}):
        tag = tagged(access, table_view, column, key)
        if tag is not None:
            yield tag.text(lines=lines)
        elif table_view.mask([column]) & table_view.signature.keys:
            yield "partition keys cannot be held back from who reads any column"
    if path.received:
        targets = {use.given.spec.target for use in opening}
        for use in path.given:
            grant = use.given.spec
            what = "the same" if grant.target in targets else f"{grant.permission} on {_target(grant.target)}"
            yield f"{label(grant.principal)} was granted {what} in its own account{_line(use)}"
        if path.accepted:
            yield path.acceptance(access)
    if account_of(principal) not in (None, table_view.id.catalog):
        for link in links(access, principal, table_view.id):
            yield f"the link {link.name}{link.where} shows it"


def _passed_on(path: Path) -> tuple[Use, ...]:
    """Of what the account has, what the principal was given of it: the rest is there for others.

    Where he was given something else than the account, such as columns of a table, all of it.
    """
    given = {use.given.spec.target for use in path.given}
    same = tuple(use for use in path.received if use.given.spec.target in given)
    return same if given == {use.given.spec.target for use in same} else path.received


def _remarks(access: Access, principal: str, table_view: TableView, found: TableAccess) -> Iterator[str]:
    """What is true besides: who decides, uncertainties, links, raw files, administrators."""
    label = access.directory.label
    if found.verdict == "open":
        yield f"{table_view.id} is open to IAM: whoever has the IAM rights reads all of it, whatever is granted here"
    yield from found.reasons
    if found.raw_read:
        yield "INSERT or DELETE lets the files of the table be read, past columns and rows"
    if not table_view.columns:
        yield f"{table_view.id} has no columns, so there is nothing to read"
    link = missing_link(access, principal, table_view)
    if link is not None:
        yield link
    if principal in access.self_granters(table_view.id):
        owner = label(table_view.id.catalog)
        yield f"{label(principal)} is a data lake administrator of {owner} and may grant itself more"
    elif principal in access.state.admins.get(account_of(principal) or "", ()):
        yield f"{label(principal)} is a data lake administrator of its account and may grant itself what it was given"


def _target(target: Target) -> str:
    """What was granted, as people say it."""
    match target:
        case OnTagPolicy(terms=terms):
            return expression_text(terms)
        case OnTable(database=database, table=table):
            return f"all tables of {database}" if table == "*" else f"{database}.{table}"
        case OnColumns(columns=columns, excluded=excluded):
            return f"{'all columns but' if excluded else 'the columns'} {', '.join(columns)}"
        case OnFilter(name=name):
            return f"the data filter {name}"
        case _:
            return str(target)


def _keys(target: Target) -> tuple[str, ...]:
    return tuple(key for key, _ in target.terms) if isinstance(target, OnTagPolicy) else ()


def _line(use: Use) -> str:
    return f" ({use.given.origin})" if use.given.origin else ""
