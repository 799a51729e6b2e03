"""A history for people and for programs: lines, and one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from reconciler.report.table import Table

MARKS = {"asked": "?", "applied": "=", "gained": "+", "lost": "-"}


def history_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """For programs: a row for each event with every field."""
    headings = tuple(rows[0]) if rows else ()
    return Table(headings, tuple(tuple(_cell(each) for each in row.values()) for row in rows))


def history_text(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """For people: a paragraph for each event, marked ? for asked, = for applied, + for gained and - for lost."""
    for row in rows:
        yield f"{row['at'].replace('T', ' ').removesuffix('Z')} {MARKS[row['event']]} {_sentence(row)}"


def _sentence(row: Mapping[str, Any]) -> str:
    match row["event"]:
        case "asked":
            by = f"pull request #{row['pull_request']}" if row["pull_request"] else "no pull request"
            approved = ", ".join(row["approved_by"]) or "nobody that is known of"
            parts = [
                f"{row['document']} {row['change']} ({row['file']}) by {row['author']}",
                f"{by}, commit {row['commit'][:12]}, approved by {approved}",
                _applied(row),
            ]
            return "; ".join(parts)
        case "applied":
            return f"run {row['run']} by {row['by']}: {row['outcome']}{_accepted(row)}; {row['detail']}"
        case _:
            columns = f" ({', '.join(row['columns'])})" if row["columns"] else ""
            said = [f"{row['who']} {row['event']} {row['permission']} on {row['table'] or row['detail']}{columns}"]
            said += [row["label"]] if row["label"] else []
            said += [f"rows where {row['rows']}"] if row["rows"] else []
            said += [f"by {', '.join(row['subscriptions'])}"] if row["subscriptions"] else []
            said += [f"run {row['run']}"]
            said += [row["outcome"]] if row["outcome"] != "done" else []
            return "; ".join(said)


def _applied(row: Mapping[str, Any]) -> str:
    if not row["applied"]:
        return "not applied"
    return f"applied {row['applied'][:16].replace('T', ' ')} by {row['by']}: {row['outcome']}{_accepted(row)}"


def _accepted(row: Mapping[str, Any]) -> str:
    return f", accepting {row['accepted']}" if row["accepted"] else ""


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case list():
            return ", ".join(map(str, value))
        case _:
            return str(value)
