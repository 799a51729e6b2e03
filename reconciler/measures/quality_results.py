"""Quality results: the latest result of every ruleset of an account, by few requests for all of its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from reconciler.kinds.common.concurrent_map import concurrent_map
from reconciler.measures.measure import QualityResult
from reconciler.model.address import Placement
from reconciler.model.reader import Reader

Row = Mapping[str, Any]
Table = tuple[str, str]
"""Database and table as the run names them: the link where the producer is not the central account."""
PAGES = 10
"""Pages of a thousand results that are looked at for one account."""
BACK = timedelta(days=90)
"""Results that are older are not asked for."""
_EACH = 3
"""So many of a table's last results are read at most: others may run rulesets of their own over it."""
_GONE = ("EntityNotFoundException",)


@dataclass(frozen=True, slots=True)
class Results:
    """The latest result by ruleset. `whole`: there are none but those that were looked at."""

    by_ruleset: Mapping[str, QualityResult]
    whole: bool


def quality_results(aws: Reader, placement: Placement, asked: Mapping[Table, str], now: datetime) -> Results:
    """The latest results of a ruleset a table, by at most PAGES requests and, for each table that has any, three.

    https://docs.aws.amazon.com/glue/latest/webapi/API_ListDataQualityResults.html
    https://docs.aws.amazon.com/glue/latest/webapi/API_GetDataQualityResult.html
    The request for many at once has no action of its own in the Service Authorization Reference.
    """
    if not asked:
        return Results({}, whole=True)
    # By the day, so that a run that takes long asks the same.
    begin = (now - BACK).replace(hour=0, minute=0, second=0, microsecond=0)
    request: dict[str, Any] = {"Filter": {"StartedAfter": begin}, "MaxResults": 1000}
    rows: list[Row] = []
    whole = False
    for _ in range(PAGES):
        answer = aws.read(placement, "glue", "ListDataQualityResults", request) or {}
        rows += [row for row in answer.get("Results", ()) if _table(row) in asked and "StartedOn" in row]
        token = answer.get("NextToken")
        if not token:
            whole = True
            break
        request = {**request, "NextToken": token}
    by_table: dict[Table, list[Row]] = {}
    for row in rows:
        by_table.setdefault(_table(row), []).append(row)

    def latest(table: Table) -> QualityResult | None:
        newest = sorted(by_table[table], key=lambda row: row["StartedOn"], reverse=True)
        for row in newest[:_EACH]:
            whole_row = aws.read(placement, "glue", "GetDataQualityResult", {"ResultId": row["ResultId"]}, _GONE)
            if whole_row is not None and whole_row.get("RulesetName") == asked[table]:
                return _result(whole_row)
        return None

    found = zip(by_table, concurrent_map(latest, by_table), strict=True)
    return Results({asked[table]: result for table, result in found if result is not None}, whole)


def _table(row: Row) -> Table:
    source = row.get("DataSource", {}).get("GlueTable", {})
    return str(source.get("DatabaseName", "")).lower(), str(source.get("TableName", "")).lower()


def _result(row: Row) -> QualityResult:
    """What is kept of a result: which rules hold, and none of the values that messages quote."""
    rules = [(str(each.get("Description") or each.get("Name", "")), each.get("Result")) for each in row["RuleResults"]]
    return QualityResult(
        int(row.get("StartedOn", datetime.fromtimestamp(0, UTC)).timestamp()),
        float(row.get("Score", 0.0)),
        len(rules),
        tuple(name for name, result in rules if result == "FAIL"),
        tuple(name for name, result in rules if result not in ("PASS", "FAIL")),
    )
