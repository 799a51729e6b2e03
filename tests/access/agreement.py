"""Agreement: the evaluator against the sandbox's own enforcement, its listings and its Athena, in one world."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import cache
from typing import Any

from reconciler.access import Access, TableAccess, TableId
from reconciler.access.algebra.rows import text
from reconciler.access.evaluation.rights import RightsIndex
from reconciler.access.queries.verify import lists_in_part, verify
from reconciler.kinds.lakeformation import lf_codec
from reconciler.model.lakeformation import OnDatabase
from reconciler.sandbox.services.lakeformation.evaluation import database_permissions
from reconciler.sandbox.services.lakeformation.resources import Database
from tests.access.lake import COLUMNS, NAMES, PRINCIPALS, Lake
from tests.access.worlds import Made
from tests.estate import CENTRAL


@cache
def rows_of(condition: str | None) -> frozenset[int]:
    """Which rows of a table with every combination of small values a condition shows; None shows all."""
    base = _every_row()
    if condition is None:
        return frozenset(row for (row,) in base.execute("SELECT rowid FROM t"))
    return frozenset(row for (row,) in base.execute(f"SELECT rowid FROM t WHERE {condition}"))


@cache
def _every_row() -> sqlite3.Connection:
    base = sqlite3.connect(":memory:", check_same_thread=False)
    values = "(SELECT 0 AS v UNION SELECT 1 UNION SELECT 2)"
    every = ", ".join(f"{name}.v AS {name}" for name in COLUMNS)
    base.execute(f"CREATE TABLE t AS SELECT {every} FROM {', '.join(f'{values} {name}' for name in COLUMNS)}")
    return base


def disagreements(lake: Lake, made: Made, access: Access) -> Iterator[str]:
    """Where the evaluator and the sandbox's own enforcement differ, for every principal and table."""
    if access.gaps:
        yield f"gaps: {access.gaps}"
    for place in made.tables:
        if place not in access.tables:
            yield f"{place} was not observed"
            continue
        for principal in PRINCIPALS:
            ours = access.on(principal, place)
            theirs = lake.aws.world.lakeformation.read_access(principal, CENTRAL, place.database, place.table)
            mine = {name: rows_of(text(rows)) for name, rows in ours.columns.items()}
            other = (
                {name: rows_of(rows) for name, rows in theirs.columns.items()} if theirs.verdict == "enforced" else {}
            )
            shown = {name: text(rows) for name, rows in ours.columns.items()}
            told = f"{principal} on {place}: {ours.verdict} {shown}, sandbox {theirs.verdict} {theirs.columns}"
            if ours.verdict == "open" and not made.registered:
                # IAM on S3 decides, opt-ins or not: they are not read where nothing is hybrid.
                continue
            if ours.verdict == "open":
                # Other accounts meet IAM's decision as a refusal; for us it is IAM's business all the same.
                if theirs.verdict != ("open" if CENTRAL in principal and made.tables[place] else "denied"):
                    yield told
            elif ours.verdict == "unknown":
                # At least what is certain and at most what is possible: an invitation that waits hides all or some.
                most = {name: rows_of(text(rows)) for name, rows in ours.possible.items()}
                least = mine if ours.beyond is not None else {}
                if any(not rows <= most.get(name, frozenset()) for name, rows in other.items()) or any(
                    not rows <= other.get(name, frozenset()) for name, rows in least.items()
                ):
                    yield f"{told} ({'; '.join(ours.reasons)})"
            elif mine != other or theirs.verdict == "open":
                yield told
            elif mine and frozenset().union(*mine.values()) != rows_of(theirs.row_filter):
                yield f"{told}, rows {theirs.row_filter}"


def rights_disagreements(lake: Lake, made: Made, access: Access) -> Iterator[str]:
    """Where the evaluator and the sandbox differ about rights on databases."""
    index, lf = RightsIndex(access), lake.aws.world.lakeformation
    for name in sorted({place.database for place in made.tables}):
        for principal in PRINCIPALS:
            mine = [each for each in index.of(principal).values() if each.thing == OnDatabase(CENTRAL, name)]
            least, most = {each.permission for each in mine if not each.reasons}, {each.permission for each in mine}
            theirs = database_permissions(lf, principal, Database(CENTRAL, name), everyone=False)
            if not least <= theirs <= most:
                yield f"{principal} on database {name}: at least {least}, at most {most}, sandbox {set(theirs)}"


def queried(lake: Lake, made: Made, state: Access, principal: str, place: TableId) -> list[str] | None:
    """Where a real query answers something else than the evaluator says; None where none was made.

    Partitions and views have no files, and are left out, as is what Lake Formation does not decide.
    """
    access = state.on(principal, place)
    if "day" in made.tables[place] or place in made.views or access.verdict != "enforced":
        return None
    return list(_differences(lake, made, access, hidden=_hides_database(state, principal, place)))


def _hides_database(state: Access, principal: str, place: TableId) -> bool:
    """Whether all that somebody has on the tables of a database is under conditions: it does not show him the database,
    so Athena may not find the table.

    https://docs.aws.amazon.com/lake-formation/latest/dg/abac-considerations.html
    """
    given = (
        grants
        for view in state.tables.values()
        if view.id[:2] == place[:2]
        for source in state.grant_sources.of(principal, view)
        for grants in source.given
    )
    return all(grants.key.condition is not None for grants in given)


def _differences(lake: Lake, made: Made, access: TableAccess, *, hidden: bool) -> Iterator[str]:
    principal, place = access.principal, access.table_view.id
    home = principal.split(":")[4]
    first = principal.rpartition("/")[2] == NAMES[home][0]
    name = place.database if home == CENTRAL else f"rl_{place.database}"
    ended, rows = asked(lake.athena(principal), f'SELECT * FROM "{name}"."{place.table}"')
    shown = home == CENTRAL or (home in made.linked and first)
    if not access.column_rows or not shown:
        if ended != "FAILED":
            yield f"{principal} on {place}: nothing was expected, and the query {ended}: {rows[:3]}"
        return
    if hidden and ended == "FAILED":
        return
    columns = access.columns
    names = [each for each in made.tables[place] if each in columns]
    width = len(made.tables[place])
    visible = {each: rows_of(text(columns[each])) for each in names}
    expected = []
    for row in range(3 ** len(COLUMNS)):
        cells = _values_of(row)
        # Narrower tables have each of their rows once.
        if any(cells[width:]) or not any(row + 1 in shown for shown in visible.values()):
            continue
        expected.append([str(cells[COLUMNS.index(each)]) if row + 1 in visible[each] else None for each in names])
    if (ended, rows[:1], sorted(map(str, rows[1:]))) != ("SUCCEEDED", [names], sorted(map(str, expected))):
        found = f"the query {ended}: {len(rows)} {rows[:3]}"
        yield f"{principal} on {place}: {len(expected)} rows of {names} expected, {found}"


def _values_of(row: int) -> tuple[int, ...]:
    """The values of a row of `rows_of`, whose numbers count from 1."""
    (found,) = _every_row().execute("SELECT a, b, c, d FROM t WHERE rowid = ?", (row + 1,)).fetchall()
    return tuple(found)


def asked(athena: Any, sql: str) -> tuple[str, list[list[str | None]]]:
    """How a query ended, and its rows with the names first."""
    where = {"OutputLocation": "s3://answers/here/"}
    started = athena.start_query_execution(QueryString=sql, ResultConfiguration=where)["QueryExecutionId"]
    status = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]["Status"]
    if status["State"] != "SUCCEEDED":
        return str(status["State"]), [[status["StateChangeReason"]]]
    found = athena.get_query_results(QueryExecutionId=started)["ResultSet"]["Rows"]
    return "SUCCEEDED", [[placement.get("VarCharValue") for placement in row["Data"]] for row in found]


def listed(lake: Lake, state: Access, principal: str, place: TableId) -> Iterator[str]:
    """Where ListPermissions with principal and resource says something else: permissions and columns."""
    found = state.on(principal, place)
    home = principal.split(":")[4]
    table = {"CatalogId": CENTRAL, "DatabaseName": place.database, "Name": place.table}
    try:
        answer = lake.client("lakeformation", home).list_permissions(
            CatalogId=home,
            Principal={"DataLakePrincipalIdentifier": principal},
            Resource={"Table": table},
            MaxResults=1000,
        )
    except lake.client("lakeformation", home).exceptions.ClientError as error:
        if found.permissions and found.verdict == "enforced":
            yield f"{principal} on {place}: {found.permissions}, and the listing is refused: {error}"
        return
    rows = [grant for row in answer["PrincipalResourcePermissions"] for grant in lf_codec.decode(row, home)]
    if found.verdict == "enforced":
        in_part = lists_in_part(state, principal, place)
        yield from (each.message for each in verify(found, rows, in_part=in_part))
