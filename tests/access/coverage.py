"""Coverage: what there is in a random world, and what is asked in it, so that agreement is about something."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.access import Access, TableAccess
from reconciler.access.evaluation.grant_paths import paths
from reconciler.kinds import addresses
from reconciler.model.lakeformation import (
    ALL_TABLES,
    IAM_ALLOWED_PRINCIPALS,
    Grant,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnSavedExpression,
    OnTable,
    OnTagPolicy,
)
from tests.access.lake import CONSUMERS, NAMES
from tests.access.worlds import Made
from tests.estate import CENTRAL

MAKERS = tuple(f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole" for account in NAMES)

WORLD = (
    "table that is a view",
    "table with partition keys",
    "table without columns",
    "place that is not registered",
    "tag on a database",
    "tag on a table",
    "tag on a column",
    "tag that overrides an inherited one",
    "grant on a table",
    "grant on all tables",
    "grant on columns",
    "grant on all columns but some",
    "grant on a data filter",
    "grant by one tag",
    "grant by two tags",
    "grant by any value of a tag",
    "grant by a saved expression",
    "grant on a database",
    "grant on databases by tags",
    "cross-account version 1",
    "cross-account version 2",
    "cross-account version 3",
    "cross-account version 4",
    "cross-account version 5",
    "catalog opened by its policy",
    "grant to all IAM principals of an account",
    "grant under a condition",
    "grant to an account",
    "grant to an organization",
    "grant straight to a principal abroad",
    "grant passed on",
    "grant passed on by a filter that the account was not given",
    "grant refused by AWS",
    "share accepted",
    "share that waits",
    "share that waits beside one that has arrived",
    "share that nobody accepted",
    "share within an organization",
    "account with links",
    "account without links",
    "table open to IAM",
    "opt-in at home",
    "opt-in abroad",
)
"""What worlds must have, counted in worlds."""

PAIR = (
    "enforced, nothing readable",
    "enforced, some columns",
    "enforced, all columns",
    "enforced, some rows",
    "open",
    "unknown",
    "given by several grants",
    "by what the account passed on",
    "straight from abroad",
    "readable view",
    "rights on a database",
    "by a condition that holds",
    "unknown for a condition",
)
"""What pairs of principal and table must show, counted in pairs."""


def in_world(made: Made, access: Access) -> set[str]:
    """What a world has of `WORLD`."""
    return {*_tables(made), *_tags(access), *_grants(access), *_shares(made, access)} | (
        {"grant refused by AWS"} if made.refused else set()
    )


def in_pair(made: Made, access: Access, found: TableAccess) -> Iterator[str]:
    """What a pair shows of `PAIR`."""
    width, columns = len(made.tables[found.table_view.id]), found.columns
    if found.verdict != "enforced":
        yield found.verdict
    elif not columns:
        yield "enforced, nothing readable"
    else:
        yield f"enforced, {'all' if len(columns) == width else 'some'} columns"
        if any(rows != {frozenset()} for rows in columns.values()):
            yield "enforced, some rows"
        if found.table_view.id in made.views:
            yield "readable view"
    ways = list(paths(access, found.principal, found.table_view, 0))
    if any(len(way.given) > 1 or len(way.received) > 1 for way in ways) or len(ways) > 1:
        yield "given by several grants"
    if any("only under a condition" in reason for reason in found.reasons):
        yield "unknown for a condition"
    elif any(use.given.spec.condition for way in ways for use in way.given):
        yield "by a condition that holds"
    names = {"shared": "by what the account passed on", "direct": "straight from abroad"}
    yield from {names[way.type] for way in ways if way.type in names}


def _tables(made: Made) -> Iterator[str]:
    if made.views:
        yield "table that is a view"
    for columns in made.tables.values():
        if "day" in columns:
            yield "table with partition keys"
        if not columns:
            yield "table without columns"
    if not made.registered:
        yield "place that is not registered"


def _tags(access: Access) -> Iterator[str]:
    levels: dict[tuple[str, str], set[str]] = {}
    for each in access.state.snapshot.of_kind(addresses.TAG_ASSIGNMENT):
        place = each.spec.place
        level = "column" if place.column else "table" if place.table else "database"
        yield f"tag on a {level}"
        levels.setdefault((place.database, each.spec.key), set()).add(level)
    if any(len(found) > 1 for found in levels.values()):
        yield "tag that overrides an inherited one"


def _grants(access: Access) -> Iterator[str]:
    # What the maker of a table holds as its maker is no grant that anybody gave.
    every = [each for each in access.state.snapshot.of_kind(addresses.GRANT) if each.spec.principal not in MAKERS]
    given = {(each.spec.principal, each.spec.target) for each in every if each.address.placement.account == CENTRAL}
    for each in every:
        spec, giver = each.spec, each.address.placement.account
        if spec.target.catalog != CENTRAL:
            continue
        yield from _target(spec)
        if spec.condition is not None:
            yield "grant under a condition"
        if giver != CENTRAL:
            yield "grant passed on"
            if isinstance(spec.target, OnFilter) and (giver, spec.target) not in given:
                yield "grant passed on by a filter that the account was not given"
        elif spec.principal in CONSUMERS:
            yield "grant to an account"
        elif ":organizations:" in spec.principal:
            yield "grant to an organization"
        elif any(f":{account}:" in spec.principal for account in CONSUMERS):
            yield "grant straight to a principal abroad"
        if spec.principal == IAM_ALLOWED_PRINCIPALS and isinstance(spec.target, OnTable):
            yield "table open to IAM"
        if spec.principal.endswith(":IAMPrincipals"):
            yield "grant to all IAM principals of an account"


def _target(spec: Grant) -> Iterator[str]:
    match spec.target:
        case OnTable(table=table):
            yield "grant on all tables" if table == ALL_TABLES else "grant on a table"
        case OnColumns(excluded=excluded):
            yield "grant on all columns but some" if excluded else "grant on columns"
        case OnFilter():
            yield "grant on a data filter"
        case OnSavedExpression():
            yield "grant by a saved expression"
        case OnDatabase():
            yield "grant on a database"
        case OnTagPolicy(of="DATABASE"):
            yield "grant on databases by tags"
        case OnTagPolicy(of="TABLE", terms=terms):
            yield "grant by two tags" if len(terms) > 1 else "grant by one tag"
            if any("*" in values for _, values in terms):
                yield "grant by any value of a tag"


def _shares(made: Made, access: Access) -> Iterator[str]:
    yield f"cross-account version {access.state.sharing.versions[CENTRAL]}"
    if access.state.sharing.by_tags.get(CENTRAL):
        yield "catalog opened by its policy"
    for account in CONSUMERS:
        yield "account with links" if account in made.linked else "account without links"
        waits = access.state.sharing.waits(account, CENTRAL)
        if {account, CENTRAL} <= made.members:
            yield "share within an organization"
        else:
            yield {None: "share that nobody accepted", True: "share that waits", False: "share accepted"}[waits]
        if waits and access.state.sharing.contents(account, CENTRAL).arrived:
            yield "share that waits beside one that has arrived"
    for each in access.state.snapshot.of_kind(addresses.OPT_IN):
        yield "opt-in at home" if f":{CENTRAL}:" in each.spec.principal else "opt-in abroad"
