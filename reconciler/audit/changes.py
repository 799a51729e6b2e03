"""The report `changes`: what runs opened and closed, and what changed between kept snapshots by no run: by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reconciler import journal
from reconciler.access import Access, difference
from reconciler.audit.report import Part, Report, Row, report
from reconciler.history.event import Event
from reconciler.model.lakeformation import Grant
from reconciler.model.resource import Observation
from reconciler.spec.mesh import Mesh

HEADINGS = (
    "at", "how", "change", "who", "principal", "principal_type", "consumer", "domain", "product", "table", "columns",
    "label", "rows", "permission", "path", "by", "run", "commit", "accepted", "subscriptions", "outcome",
)  # fmt: skip


_BY_AWS = ("everybody", "machinery")


@dataclass(frozen=True, slots=True)
class Seen:
    """What AWS had when a kept snapshot was taken."""

    taken: datetime
    observation: Observation
    access: Access


def changes_report(
    events: Iterable[Event], by_hand: Iterable[Row], about: Iterable[str], mesh: Mesh, part: Part
) -> Report:
    """Changes by runs from a history, and those by hand, in the order of time."""
    domains = {product.name: product.domain for product in mesh.products.values()}
    rows = [*(_by_run(event, domains) for event in events if event.event in ("gained", "lost")), *by_hand]
    rows.sort(key=lambda row: (str(row["at"]), str(row["who"]), str(row["table"])))
    return report("changes", "What was opened and closed", about, HEADINGS, rows, part)


def by_hand(
    before: Seen, after: Seen, events: Sequence[Event], made: Iterable[tuple[str, str, str]], mesh: Mesh
) -> Iterator[Row]:
    """What changed between two snapshots and no run of the time between tells.

    It happened at some time between them; where AWS says who last wrote a grant, and when, that is told. What AWS
    itself gives to whoever makes a database, and to everybody, comes and goes with those that runs `made`.
    """
    start, end = before.taken.strftime("%Y-%m-%dT%H:%M:%SZ"), after.taken.strftime("%Y-%m-%dT%H:%M:%SZ")
    told = Counter(
        (each.event == "gained", each.principal, each.table, column, each.permission)
        for each in events
        if each.event in ("gained", "lost") and start <= each.at <= end
        for column in each.columns or ("",)
    )
    runs = {name: run for at, run, name in made if start <= at <= end}
    for row in journal.access_rows(difference(before.access, after.access), mesh):
        key = (row["gained"], row["principal"], row["table"])
        columns = [each for each in row["columns"] or [""] if (*key, each, row["permission"]) not in told]
        if not columns:
            continue
        # What a run took away in between and a hand gave again is in neither snapshot's difference.
        run = runs.get(row["table"].partition(".")[0], "") if row["principal_type"] in _BY_AWS else ""
        by, at = _writer(after.observation, row, before.taken) if row["gained"] else ("", "")
        yield {
            "at": at or end,
            "how": "by AWS with a run" if run else "by hand",
            "change": "gained" if row["gained"] else "lost",
            "who": row["name"],
            "principal": row["principal"],
            "principal_type": row["principal_type"],
            "consumer": row["consumer"],
            "domain": row["domain"],
            "product": row["product"],
            "table": row["table"],
            "columns": ", ".join(each for each in columns if each),
            "label": row["sensitivity"],
            "rows": row["rows"] or "",
            "permission": row["permission"],
            "path": row["path"],
            "by": by or "not known",
            "run": run,
            "commit": "",
            "accepted": "",
            "subscriptions": ", ".join(row["subscriptions"]),
            "outcome": f"seen {end}, not yet {start}",
        }


def _by_run(event: Event, domains: Mapping[str, str]) -> Row:
    return {
        "at": event.at,
        "how": "by run",
        "change": event.event,
        "who": event.who,
        "principal": event.principal,
        "principal_type": event.principal_type,
        "consumer": event.consumer,
        "domain": domains.get(event.product, ""),
        "product": event.product,
        "table": event.table,
        "columns": ", ".join(event.columns),
        "label": event.label,
        "rows": event.rows,
        "permission": event.permission,
        "path": event.detail or "lake-formation",
        "by": event.by,
        "run": event.run,
        "commit": event.commit[:12],
        "accepted": event.accepted,
        "subscriptions": ", ".join(event.subscriptions),
        "outcome": event.outcome,
    }


def _writer(observation: Observation, row: Mapping[str, Any], since: datetime) -> tuple[str, str]:
    """Who last wrote a grant to this principal in the time, and when, as AWS tells it."""
    found = [
        each.changed
        for each in observation.found.values()
        if isinstance(each.spec, Grant)
        and each.spec.principal == row["principal"]
        and each.changed is not None
        and each.changed.at is not None
        and each.changed.at >= since
    ]
    if not found:
        return "", ""
    last = max(found, key=lambda each: str(each.at))
    return last.by or "", last.at.strftime("%Y-%m-%dT%H:%M:%SZ") if last.at else ""
