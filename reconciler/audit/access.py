"""The report `access`: principal × table × column, by which way and which subscription, and who answers for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.access import AccessFact
from reconciler.audit.report import NOWHERE, PROVENANCE, LastUsed, Part, Provenance, Report, Row, report
from reconciler.report.usage import when

HEADINGS = (
    "state", "domain", "product", "owner", "table", "column", "label", "who", "principal", "consumer", "account",
    "permission", "rows", "path", "certain", "subscription", "purpose", "ends", "approved_by", *PROVENANCE, "last_used",
)  # fmt: skip


def access_report(
    facts: Iterable[tuple[str, AccessFact]],
    about: Iterable[str],
    part: Part,
    known: Provenance = NOWHERE,
    last_used: LastUsed | None = None,
) -> Report:
    """`facts` come with the state that they are of: asked, had (by AWS) or both.

    `last_used` where somebody has looked when that was.
    """
    rows = sorted(_rows(facts, known, last_used), key=lambda row: tuple(str(row[name]) for name in HEADINGS[1:13]))
    return report("access", "Who may read what", about, HEADINGS, rows, part)


def _rows(facts: Iterable[tuple[str, AccessFact]], known: Provenance, last_used: LastUsed | None) -> Iterator[Row]:
    for state, fact in facts:
        table = f"{fact.database}.{fact.table}" if fact.table else fact.database
        came = known.of("Subscription", fact.terms.subscription) if fact.terms.subscription else known.of("", "")
        yield {
            "state": state,
            "domain": fact.domain,
            "product": fact.product,
            "owner": fact.owner,
            "table": table or fact.thing or fact.catalog,
            "column": fact.column,
            "label": fact.sensitivity,
            "who": fact.name,
            "principal": fact.principal,
            "consumer": fact.consumer,
            "account": fact.account_name or fact.account,
            "permission": f"{fact.permission}{' with grant option' if fact.grantable else ''}",
            "rows": fact.rows or "",
            "path": fact.path,
            "certain": "yes" if fact.certain else "perhaps",
            "subscription": ", ".join(fact.subscriptions),
            "purpose": fact.terms.purpose,
            "ends": fact.terms.expires or ("no end" if fact.terms.subscription else ""),
            "approved_by": " ".join(each for each in (fact.terms.approved_by, fact.terms.approved_at) if each),
            **came,
            "last_used": when(last_used(fact.principal, fact.database, fact.table)) if last_used else "",
        }
